// DEPTHWISE_F32, AVX-512.
#if defined(__x86_64__)
#include "../activation_f32/lanes_avx512.h"

#pragma STDC FP_CONTRACT OFF

#define TOO_NARROW LANES / 2 // with up to 8 channels half of each vector would idle, and 256-bit vectors are faster

#include "body.h"

const sk_kernel sk_depthwise_f32__avx512 = {
    .name = "depthwise_f32__avx512",
    .op = SK_DEPTHWISE_F32,
    .isa = SK_AVX512,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .run = run,
};

#endif
