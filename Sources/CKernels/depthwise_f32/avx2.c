// DEPTHWISE_F32, AVX2 and FMA.
#if defined(__x86_64__)
#include "../activation_f32/lanes_avx2.h"

#pragma STDC FP_CONTRACT OFF

#define TOO_NARROW 0

#include "body.h"

const sk_kernel sk_depthwise_f32__avx2 = {
    .name = "depthwise_f32__avx2",
    .op = SK_DEPTHWISE_F32,
    .isa = SK_AVX2,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .run = run,
};

#endif
