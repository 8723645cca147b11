// CONV_S8 by AVX-VNNI's vpdpbusd on 256-bit vectors: four products of u8 x s8 a lane.
#include "../internal.h"

#if SK_ON_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma,avxvnni")))
#define K_GROUP 4

INLINE __m256i load256(const void *panel) { return _mm256_load_si256(panel); }
INLINE __m256i dot256(__m256i acc, __m256i a, __m256i b) { return _mm256_dpbusd_avx_epi32(acc, a, b); }

#include "tile256.h"

static const conv_method method = {
    .lanes = 8, .k_group = K_GROUP, .rows = MAX_ROWS, .width = MAX_WIDTH, .a_bytes = 1, .multiply = multiply};

CONV_S8_KERNEL(conv_s8_6x16__avxvnni, method);
#endif
