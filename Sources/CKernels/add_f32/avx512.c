// ADD_F32, AVX-512.
#if defined(__x86_64__)
#include "../activation_f32/lanes_avx512.h"

#pragma STDC FP_CONTRACT OFF

#include "body.h"

const sk_kernel sk_add_f32__avx512 = {
    .name = "add_f32__avx512",
    .op = SK_ADD_F32,
    .isa = SK_AVX512,
    .supports = supports,
    .run = run,
};

#endif
