// ADD_F32, NEON.
#if defined(__aarch64__)
#include "../activation_f32/lanes_neon.h"

#pragma STDC FP_CONTRACT OFF

#include "body.h"

const sk_kernel sk_add_f32__neon = {
    .name = "add_f32__neon",
    .op = SK_ADD_F32,
    .isa = SK_NEON,
    .supports = supports,
    .run = run,
};

#endif
