// MUL_F32, NEON.
#if defined(__aarch64__)
#include "../activation_f32/lanes_neon.h"

#pragma STDC FP_CONTRACT OFF

#define TOO_NARROW 0

#include "body.h"

const sk_kernel sk_mul_f32__neon = {
    .name = "mul_f32__neon",
    .op = SK_MUL_F32,
    .isa = SK_NEON,
    .supports = supports,
    .run = run,
};

#endif
