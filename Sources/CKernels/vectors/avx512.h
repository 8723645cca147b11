// AVX-512 (F, BW, DQ, VL): vectors of 64 bytes.
//
// The primitives that quads.h and the bodies of kernels are written in. The including file may define TARGET for a larger instruction set.
#ifndef CKERNELS_VECTOR_H
#define CKERNELS_VECTOR_H

#include "lanes_avx512.h"

#define VEC_BYTES 64

typedef __m512i vec;

INLINE vec vec_load(const void *p) { return _mm512_loadu_si512(p); }
INLINE void vec_store(void *p, vec x) { _mm512_storeu_si512(p, x); }
INLINE vec vec_zero(void) { return _mm512_setzero_si512(); }

// Zips and packs work inside 128-bit lanes.
INLINE vec vec_zip_lo8(vec a, vec b) { return _mm512_unpacklo_epi8(a, b); }
INLINE vec vec_zip_hi8(vec a, vec b) { return _mm512_unpackhi_epi8(a, b); }
INLINE vec vec_zip_lo16(vec a, vec b) { return _mm512_unpacklo_epi16(a, b); }
INLINE vec vec_zip_hi16(vec a, vec b) { return _mm512_unpackhi_epi16(a, b); }
INLINE vec vec_packs32(vec a, vec b) { return _mm512_packs_epi32(a, b); }

// Activations are unsigned in memory.
enum { VEC_MAX_SUMMED = 257 }; // activations whose sum fits 16 bits
INLINE vec vec_widen_act_lo(vec x) { return vec_zip_lo8(x, vec_zero()); }
INLINE vec vec_widen_act_hi(vec x) { return vec_zip_hi8(x, vec_zero()); }
INLINE vec vec_widen_sum_lo(vec x) { return vec_zip_lo16(x, vec_zero()); }
INLINE vec vec_widen_sum_hi(vec x) { return vec_zip_hi16(x, vec_zero()); }
INLINE vec vec_pack_act(vec a, vec b) { return _mm512_packus_epi16(a, b); }
INLINE vec vec_lowest_act(void) { return vec_zero(); }
INLINE vec vec_max_act(vec a, vec b) { return _mm512_max_epu8(a, b); }

INLINE vec vec_add32(vec a, vec b) { return _mm512_add_epi32(a, b); }
INLINE vec vec_broadcast16(int16_t x) { return _mm512_set1_epi16(x); }
INLINE vec vec_adds16(vec a, vec b) { return _mm512_adds_epi16(a, b); }
/// `sum`, 16 bits each, and the lower or the upper half of the activations.
INLINE vec vec_add_act_lo(vec sum, vec x) { return _mm512_add_epi16(sum, vec_widen_act_lo(x)); }
INLINE vec vec_add_act_hi(vec sum, vec x) { return _mm512_add_epi16(sum, vec_widen_act_hi(x)); }
/// Products of 16-bit pairs, summed: 32 bits, exact.
INLINE vec vec_madd16(vec a, vec b) { return _mm512_madd_epi16(a, b); }
/// Whole lanes shifted by a count that is the same for all.
INLINE vec vec_shift_left32(vec a, int bits) { return _mm512_sll_epi32(a, _mm_cvtsi32_si128(bits)); }
INLINE vec vec_shift_right32(vec a, int bits) { return _mm512_srl_epi32(a, _mm_cvtsi32_si128(bits)); }
INLINE vec vec_or(vec a, vec b) { return _mm512_or_si512(a, b); }
INLINE vec vec_sub32(vec a, vec b) { return _mm512_sub_epi32(a, b); }
/// Products of 16-bit values, 32 bits each, of the lower and the upper half of each 128-bit lane.
INLINE vec vec_mul_widen_lo(vec a, vec b) { return vec_zip_lo16(_mm512_mullo_epi16(a, b), _mm512_mulhi_epi16(a, b)); }
INLINE vec vec_mul_widen_hi(vec a, vec b) { return vec_zip_hi16(_mm512_mullo_epi16(a, b), _mm512_mulhi_epi16(a, b)); }

INLINE lanes vec_to_float(vec a) { return _mm512_cvtepi32_ps(a); }
/// To the nearest integer, ties to even.
INLINE vec vec_round(lanes a) { return _mm512_cvtps_epi32(a); }

/// VEC_BYTES / 4 bytes at p, each in a 32-bit lane, in order.
INLINE vec vec_widen8(const uint8_t *p) { return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p)); }

/// What packing inside 128-bit lanes leaves of four vectors that hold consecutive values, put in order.
INLINE vec vec_order_packed(vec x) {
    return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), x);
}

/// 16 bytes from each pointer, or 32 from each of two (units == 2), or 64 from the first (units == 4).
INLINE vec vec_gather_units(const uint8_t *const p[], int units) {
    if (units == 4) return vec_load(p[0]);
    if (units == 2) {
        __m512i lo = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)p[0]));
        return _mm512_inserti64x4(lo, _mm256_loadu_si256((const __m256i *)p[1]), 1);
    }
    __m512i x = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)p[0]));
    x = _mm512_inserti32x4(x, _mm_loadu_si128((const __m128i *)p[1]), 1);
    x = _mm512_inserti32x4(x, _mm_loadu_si128((const __m128i *)p[2]), 2);
    return _mm512_inserti32x4(x, _mm_loadu_si128((const __m128i *)p[3]), 3);
}

/// The reverse, for the first `count` pointers p, p + step, ...
INLINE void vec_scatter_units(uint8_t *p, ptrdiff_t step, int units, int count, vec x) {
    if (units == 4) {
        vec_store(p, x);
    } else if (units == 2) {
        _mm256_storeu_si256((__m256i *)p, _mm512_castsi512_si256(x));
        if (count > 1) _mm256_storeu_si256((__m256i *)(p + step), _mm512_extracti64x4_epi64(x, 1));
    } else {
        _mm_storeu_si128((__m128i *)p, _mm512_castsi512_si128(x));
        if (count > 1) _mm_storeu_si128((__m128i *)(p + step), _mm512_extracti32x4_epi32(x, 1));
        if (count > 2) _mm_storeu_si128((__m128i *)(p + 2 * step), _mm512_extracti32x4_epi32(x, 2));
        if (count > 3) _mm_storeu_si128((__m128i *)(p + 3 * step), _mm512_extracti32x4_epi32(x, 3));
    }
}

#endif
