// ACTIVATION_F32, NEON.
#if defined(__aarch64__)
#include "lanes_neon.h"

#pragma STDC FP_CONTRACT OFF

#include "body.h"

const sk_kernel sk_activation_f32__neon = {
    .name = "activation_f32__neon",
    .op = SK_ACTIVATION_F32,
    .isa = SK_NEON,
    .supports = supports,
    .run = run,
};

#endif
