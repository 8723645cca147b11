// CONV_S8 by vpmaddwd on 256-bit vectors: two exact products of 16 bits a lane (vpmaddubsw would saturate). Positions are widened to int16
// in scratch, weights as they are loaded, so that these take no more memory than with VNNI.
#include "../internal.h"

#if SK_ON_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma")))
#define K_GROUP 2

INLINE __m256i load256(const void *panel) { return _mm256_cvtepi8_epi16(_mm_load_si128(panel)); }
INLINE __m256i dot256(__m256i acc, __m256i a, __m256i b) { return _mm256_add_epi32(acc, _mm256_madd_epi16(a, b)); }

#include "tile256.h"

TARGET static void widen(const sk_act *values, int16_t *wide, int32_t count) {
    for (int32_t i = 0; i < count; i += 16)
        _mm256_storeu_si256((__m256i *)(wide + i), _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(values + i))));
}

static const conv_method method = {
    .lanes = 8, .k_group = K_GROUP, .rows = MAX_ROWS, .width = MAX_WIDTH, .a_bytes = 2, .multiply = multiply, .widen = widen};

CONV_S8_KERNEL(conv_s8_6x16__avx2, method);
#endif
