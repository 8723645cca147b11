// MUL_F32, AVX2.
#if defined(__x86_64__)
#include "../activation_f32/lanes_avx2.h"

#pragma STDC FP_CONTRACT OFF

#define TOO_NARROW 0

#include "body.h"

const sk_kernel sk_mul_f32__avx2 = {
    .name = "mul_f32__avx2",
    .op = SK_MUL_F32,
    .isa = SK_AVX2,
    .supports = supports,
    .run = run,
};

#endif
