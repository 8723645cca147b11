// AVX-512's vectors of floats under the names that bodies of kernels use. lanes_store_first touches `n` <= LANES values and no byte after
// them.
#ifndef CKERNELS_LANES_AVX512_H
#define CKERNELS_LANES_AVX512_H

#include "../internal.h"

#include <immintrin.h>

#define LANES 16
#ifndef TARGET
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#endif

typedef __m512 lanes;

INLINE __mmask16 lanes_mask(int32_t n) { return (__mmask16)((1u << n) - 1); }

INLINE lanes lanes_set(float x) { return _mm512_set1_ps(x); }
INLINE lanes lanes_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE void lanes_store(float *p, lanes x) { _mm512_storeu_ps(p, x); }
INLINE void lanes_store_first(float *p, int32_t n, lanes x) { _mm512_mask_storeu_ps(p, lanes_mask(n), x); }

INLINE lanes lanes_add(lanes a, lanes b) { return _mm512_add_ps(a, b); }
INLINE lanes lanes_sub(lanes a, lanes b) { return _mm512_sub_ps(a, b); }
INLINE lanes lanes_mul(lanes a, lanes b) { return _mm512_mul_ps(a, b); }
/// a * b + c, rounded once.
INLINE lanes lanes_fma(lanes a, lanes b, lanes c) { return _mm512_fmadd_ps(a, b, c); }
/// a > b ? a : b
INLINE lanes lanes_max(lanes a, lanes b) { return _mm512_max_ps(a, b); }
/// a < b ? a : b
INLINE lanes lanes_min(lanes a, lanes b) { return _mm512_min_ps(a, b); }
/// x between -bound and bound, which is positive: the lesser magnitude of the two, with the sign of x.
INLINE lanes lanes_limit(lanes x, lanes bound) { return _mm512_range_ps(x, bound, 0b0010); }

#endif
