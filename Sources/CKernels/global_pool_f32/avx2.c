// GLOBAL_POOL_F32, AVX2.
#if defined(__x86_64__)
#include "../activation_f32/lanes_avx2.h"

#pragma STDC FP_CONTRACT OFF

#include "body.h"

const sk_kernel sk_global_pool_f32__avx2 = {
    .name = "global_pool_f32__avx2",
    .op = SK_GLOBAL_POOL_F32,
    .isa = SK_AVX2,
    .supports = supports,
    .run = run,
};

#endif
