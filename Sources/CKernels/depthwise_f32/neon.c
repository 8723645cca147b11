// DEPTHWISE_F32, NEON and FMA.
#if defined(__aarch64__)
#include "../activation_f32/lanes_neon.h"

#pragma STDC FP_CONTRACT OFF

#define TOO_NARROW 0

#include "body.h"

const sk_kernel sk_depthwise_f32__neon = {
    .name = "depthwise_f32__neon",
    .op = SK_DEPTHWISE_F32,
    .isa = SK_NEON,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .run = run,
};

#endif
