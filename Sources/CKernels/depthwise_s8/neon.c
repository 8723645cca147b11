// DEPTHWISE_S8, NEON: two vertical taps an instruction.
#if defined(__aarch64__) || (defined(__arm__) && defined(__ARM_NEON))
#include "../vectors/neon.h"

#pragma STDC FP_CONTRACT OFF

#define DOT_TAPS 2
static VEC_INLINE vec dot(vec acc, vec columns, vec weights) { return vec_add32(acc, vec_madd16(columns, weights)); }

#include "body.h"

const sk_kernel sk_depthwise_s8__neon = {
    .name = "depthwise_s8__neon",
    .op = SK_DEPTHWISE_S8,
    .isa = SK_NEON,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .scratch_bytes = scratch_bytes,
    .run = run,
};

#endif
