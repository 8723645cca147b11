// QUANTIZE, NEON.
#if defined(__aarch64__) || (defined(__arm__) && defined(__ARM_NEON))
#include "../vectors/neon.h"

#pragma STDC FP_CONTRACT OFF

#include "quantize_body.h"

const sk_kernel sk_quantize__neon = {
    .name = "quantize__neon",
    .op = SK_QUANTIZE,
    .isa = SK_NEON,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .run = run,
};

#endif
