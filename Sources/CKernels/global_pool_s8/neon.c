// GLOBAL_POOL_S8, NEON.
#if defined(__aarch64__) || (defined(__arm__) && defined(__ARM_NEON))
#include "../vectors/neon.h"

#pragma STDC FP_CONTRACT OFF

#define TOO_NARROW 0

#include "body.h"

const sk_kernel sk_global_pool_s8__neon = {
    .name = "global_pool_s8__neon",
    .op = SK_GLOBAL_POOL_S8,
    .isa = SK_NEON,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .run = run,
};

#endif
