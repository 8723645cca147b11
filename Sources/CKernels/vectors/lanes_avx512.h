// AVX-512 under the names that the float32 kernel bodies use. lanes_*_first touch `n` <= LANES values and no byte behind them.
#ifndef CKERNELS_LANES_AVX512_H
#define CKERNELS_LANES_AVX512_H

#include "../internal.h"

#include <immintrin.h>

#define LANES 16
#define LANES_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define LANES_INLINE SK_INLINE LANES_TARGET
/// Before a loop over registers: an array of lanes stays in registers only where every index is a constant.
#define LANES_UNROLL _Pragma("clang loop unroll(full)")

typedef __m512 lanes;

LANES_INLINE __mmask16 lanes_mask(int32_t n) { return (__mmask16)((1u << n) - 1); }

LANES_INLINE lanes lanes_set(float x) { return _mm512_set1_ps(x); }
LANES_INLINE lanes lanes_load(const float *p) { return _mm512_loadu_ps(p); }
LANES_INLINE void lanes_store(float *p, lanes x) { _mm512_storeu_ps(p, x); }
LANES_INLINE void lanes_store_first(float *p, int32_t n, lanes x) { _mm512_mask_storeu_ps(p, lanes_mask(n), x); }

LANES_INLINE lanes lanes_add(lanes a, lanes b) { return _mm512_add_ps(a, b); }
LANES_INLINE lanes lanes_mul(lanes a, lanes b) { return _mm512_mul_ps(a, b); }
/// a * b + c, rounded once.
LANES_INLINE lanes lanes_fma(lanes a, lanes b, lanes c) { return _mm512_fmadd_ps(a, b, c); }
/// a > b ? a : b
LANES_INLINE lanes lanes_max(lanes a, lanes b) { return _mm512_max_ps(a, b); }
/// a < b ? a : b
LANES_INLINE lanes lanes_min(lanes a, lanes b) { return _mm512_min_ps(a, b); }
/// x between -bound and bound, which is positive.
LANES_INLINE lanes lanes_limit(lanes x, lanes bound) { return _mm512_range_ps(x, bound, 0b0010); }

#endif
