// DEPTHWISE_S8, AVX-VNNI: four vertical taps an instruction.
#if defined(__x86_64__)
#define VEC_TARGET "avx2,fma,avxvnni"
#include "../vectors/avx2.h"

#pragma STDC FP_CONTRACT OFF

#define DOT_TAPS 4
static VEC_INLINE vec dot(vec acc, vec columns, vec weights) { return _mm256_dpbusd_avx_epi32(acc, columns, weights); }

#include "body.h"

const sk_kernel sk_depthwise_s8__avxvnni = {
    .name = "depthwise_s8__avxvnni",
    .op = SK_DEPTHWISE_S8,
    .isa = SK_AVXVNNI,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .scratch_bytes = scratch_bytes,
    .run = run,
};

#endif
