// MUL_F32, AVX-512.
#if defined(__x86_64__)
#include "../activation_f32/lanes_avx512.h"

#pragma STDC FP_CONTRACT OFF

#define TOO_NARROW LANES / 2 // with a gate of up to 8 channels half of each vector would idle, and 256-bit vectors are faster

#include "body.h"

const sk_kernel sk_mul_f32__avx512 = {
    .name = "mul_f32__avx512",
    .op = SK_MUL_F32,
    .isa = SK_AVX512,
    .supports = supports,
    .run = run,
};

#endif
