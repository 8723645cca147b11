// MUL_S8, NEON.
#if defined(__aarch64__) || (defined(__arm__) && defined(__ARM_NEON))
#include "../vectors/neon.h"

#pragma STDC FP_CONTRACT OFF

#include "body.h"

const sk_kernel sk_mul_s8__neon = {
    .name = "mul_s8__neon",
    .op = SK_MUL_S8,
    .isa = SK_NEON,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .scratch_bytes = scratch_bytes,
    .run = run,
};

#endif
