// DEQUANTIZE, NEON.
#if defined(__aarch64__) || (defined(__arm__) && defined(__ARM_NEON))
#include "../vectors/neon.h"

#pragma STDC FP_CONTRACT OFF

#include "dequantize_body.h"

const sk_kernel sk_dequantize__neon = {
    .name = "dequantize__neon",
    .op = SK_DEQUANTIZE,
    .isa = SK_NEON,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .run = run,
};

#endif
