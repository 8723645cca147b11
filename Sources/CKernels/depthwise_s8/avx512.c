// DEPTHWISE_S8, AVX-512 without VNNI: two vertical taps an instruction.
#if defined(__x86_64__)
#include "../vectors/avx512.h"

#pragma STDC FP_CONTRACT OFF

#define DOT_TAPS 2
static VEC_INLINE vec dot(vec acc, vec columns, vec weights) { return vec_add32(acc, vec_madd16(columns, weights)); }

#include "body.h"

const sk_kernel sk_depthwise_s8__avx512 = {
    .name = "depthwise_s8__avx512",
    .op = SK_DEPTHWISE_S8,
    .isa = SK_AVX512,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .scratch_bytes = scratch_bytes,
    .run = run,
};

#endif
