// GLOBAL_POOL_F32, AVX-512.
#if defined(__x86_64__)
#include "../activation_f32/lanes_avx512.h"

#pragma STDC FP_CONTRACT OFF

#include "body.h"

const sk_kernel sk_global_pool_f32__avx512 = {
    .name = "global_pool_f32__avx512",
    .op = SK_GLOBAL_POOL_F32,
    .isa = SK_AVX512,
    .supports = supports,
    .run = run,
};

#endif
