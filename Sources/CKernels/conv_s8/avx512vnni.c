// CONV_S8 by vpdpbusd on 512-bit vectors: four products of u8 x s8 a lane.
#include "../internal.h"

#if SK_ON_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define K_GROUP 4

INLINE __m512i load512(const void *panel) { return _mm512_load_si512(panel); }
INLINE __m256i load256(const void *panel) { return _mm256_load_si256(panel); }
INLINE __m512i dot512(__m512i acc, __m512i a, __m512i b) { return _mm512_dpbusd_epi32(acc, a, b); }
INLINE __m256i dot256(__m256i acc, __m256i a, __m256i b) { return _mm256_dpbusd_epi32(acc, a, b); }

#include "tile512.h"

static const conv_method method = {
    .lanes = 16, .k_group = K_GROUP, .half_panel = true, .rows = MAX_ROWS, .width = 3, .a_bytes = 1, .multiply = multiply};

CONV_S8_KERNEL(conv_s8_14x32__avx512vnni, method);
#endif
