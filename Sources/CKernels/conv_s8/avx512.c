// CONV_S8 by vpmaddwd on 512-bit vectors, for CPUs without VNNI: two exact products of 16 bits a lane. Positions are widened to int16 in
// scratch, weights as they are loaded.
#include "../internal.h"

#if SK_ON_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define K_GROUP 2

INLINE __m512i load512(const void *panel) { return _mm512_cvtepi8_epi16(_mm256_load_si256(panel)); }
INLINE __m256i load256(const void *panel) { return _mm256_cvtepi8_epi16(_mm_load_si128(panel)); }
INLINE __m512i dot512(__m512i acc, __m512i a, __m512i b) { return _mm512_add_epi32(acc, _mm512_madd_epi16(a, b)); }
INLINE __m256i dot256(__m256i acc, __m256i a, __m256i b) { return _mm256_add_epi32(acc, _mm256_madd_epi16(a, b)); }

#include "tile512.h"

TARGET static void widen(const sk_act *values, int16_t *wide, int32_t count) {
    for (int32_t i = 0; i < count; i += 32)
        _mm512_storeu_si512(wide + i, _mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)(values + i))));
}

static const conv_method method = {
    .lanes = 16, .k_group = K_GROUP, .half_panel = true, .rows = MAX_ROWS, .width = 3, .a_bytes = 2, .multiply = multiply, .widen = widen};

CONV_S8_KERNEL(conv_s8_14x32__avx512, method);
#endif
