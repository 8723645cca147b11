// DEPTHWISE_S8, NEON with dot products: four vertical taps an instruction.
#if defined(__aarch64__)
#define VEC_TARGET "dotprod"
#include "../vectors/neon.h"

#pragma STDC FP_CONTRACT OFF

#define DOT_TAPS 4
static VEC_INLINE vec dot(vec acc, vec columns, vec weights) {
    return vreinterpretq_s8_s32(vdotq_s32(vreinterpretq_s32_s8(acc), columns, weights));
}

#include "body.h"

const sk_kernel sk_depthwise_s8__neon_dotprod = {
    .name = "depthwise_s8__neon_dotprod",
    .op = SK_DEPTHWISE_S8,
    .isa = SK_NEON_DOTPROD,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .scratch_bytes = scratch_bytes,
    .run = run,
};

#endif
