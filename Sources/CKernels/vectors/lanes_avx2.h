// AVX2's vectors of floats, and FMA, under the names that bodies of kernels use. lanes_store_first touches `n` <= LANES values and no byte
// after them.
#ifndef CKERNELS_LANES_AVX2_H
#define CKERNELS_LANES_AVX2_H

#include "../internal.h"

#include <immintrin.h>

#define LANES 8
#ifndef TARGET
#define TARGET __attribute__((target("avx2,fma")))
#endif

typedef __m256 lanes;

INLINE __m256i lanes_mask(int32_t n) { return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)); }

INLINE lanes lanes_set(float x) { return _mm256_set1_ps(x); }
INLINE lanes lanes_load(const float *p) { return _mm256_loadu_ps(p); }
INLINE void lanes_store(float *p, lanes x) { _mm256_storeu_ps(p, x); }
INLINE void lanes_store_first(float *p, int32_t n, lanes x) { _mm256_maskstore_ps(p, lanes_mask(n), x); }

INLINE lanes lanes_add(lanes a, lanes b) { return _mm256_add_ps(a, b); }
INLINE lanes lanes_sub(lanes a, lanes b) { return _mm256_sub_ps(a, b); }
INLINE lanes lanes_mul(lanes a, lanes b) { return _mm256_mul_ps(a, b); }
/// a * b + c, rounded once.
INLINE lanes lanes_fma(lanes a, lanes b, lanes c) { return _mm256_fmadd_ps(a, b, c); }
/// a > b ? a : b
INLINE lanes lanes_max(lanes a, lanes b) { return _mm256_max_ps(a, b); }
/// a < b ? a : b
INLINE lanes lanes_min(lanes a, lanes b) { return _mm256_min_ps(a, b); }
/// x between -bound and bound, which is positive.
INLINE lanes lanes_limit(lanes x, lanes bound) { return _mm256_min_ps(bound, _mm256_max_ps(_mm256_sub_ps(_mm256_setzero_ps(), bound), x)); }

#endif
