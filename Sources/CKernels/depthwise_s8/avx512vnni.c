// DEPTHWISE_S8, AVX-512 VNNI: four vertical taps an instruction.
#if defined(__x86_64__)
#define VEC_TARGET "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"
#include "../vectors/avx512.h"

#pragma STDC FP_CONTRACT OFF

#define DOT_TAPS 4
static VEC_INLINE vec dot(vec acc, vec columns, vec weights) { return _mm512_dpbusd_epi32(acc, columns, weights); }

#include "body.h"

const sk_kernel sk_depthwise_s8__avx512vnni = {
    .name = "depthwise_s8__avx512vnni",
    .op = SK_DEPTHWISE_S8,
    .isa = SK_AVX512VNNI,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .scratch_bytes = scratch_bytes,
    .run = run,
};

#endif
