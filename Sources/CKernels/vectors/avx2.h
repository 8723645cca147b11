// AVX2: vectors of 32 bytes.
//
// The primitives that quads.h and the bodies of kernels are written in. The including file may define TARGET for a larger instruction set.
#ifndef CKERNELS_VECTOR_H
#define CKERNELS_VECTOR_H

#include "lanes_avx2.h"

#define VEC_BYTES 32

typedef __m256i vec;

INLINE vec vec_load(const void *p) { return _mm256_loadu_si256(p); }
INLINE void vec_store(void *p, vec x) { _mm256_storeu_si256(p, x); }
INLINE vec vec_zero(void) { return _mm256_setzero_si256(); }

// Zips and packs work inside 128-bit lanes.
INLINE vec vec_zip_lo8(vec a, vec b) { return _mm256_unpacklo_epi8(a, b); }
INLINE vec vec_zip_hi8(vec a, vec b) { return _mm256_unpackhi_epi8(a, b); }
INLINE vec vec_zip_lo16(vec a, vec b) { return _mm256_unpacklo_epi16(a, b); }
INLINE vec vec_zip_hi16(vec a, vec b) { return _mm256_unpackhi_epi16(a, b); }
INLINE vec vec_packs32(vec a, vec b) { return _mm256_packs_epi32(a, b); }

// Activations are unsigned in memory.
enum { VEC_MAX_SUMMED = 257 }; // activations whose sum fits 16 bits
INLINE vec vec_widen_act_lo(vec x) { return vec_zip_lo8(x, vec_zero()); }
INLINE vec vec_widen_act_hi(vec x) { return vec_zip_hi8(x, vec_zero()); }
INLINE vec vec_widen_sum_lo(vec x) { return vec_zip_lo16(x, vec_zero()); }
INLINE vec vec_widen_sum_hi(vec x) { return vec_zip_hi16(x, vec_zero()); }
INLINE vec vec_pack_act(vec a, vec b) { return _mm256_packus_epi16(a, b); }
INLINE vec vec_lowest_act(void) { return vec_zero(); }
INLINE vec vec_max_act(vec a, vec b) { return _mm256_max_epu8(a, b); }

INLINE vec vec_add32(vec a, vec b) { return _mm256_add_epi32(a, b); }
INLINE vec vec_broadcast16(int16_t x) { return _mm256_set1_epi16(x); }
INLINE vec vec_adds16(vec a, vec b) { return _mm256_adds_epi16(a, b); }
/// `sum`, 16 bits each, and the lower or the upper half of the activations.
INLINE vec vec_add_act_lo(vec sum, vec x) { return _mm256_add_epi16(sum, vec_widen_act_lo(x)); }
INLINE vec vec_add_act_hi(vec sum, vec x) { return _mm256_add_epi16(sum, vec_widen_act_hi(x)); }
/// Products of 16-bit pairs, summed: 32 bits, exact.
INLINE vec vec_madd16(vec a, vec b) { return _mm256_madd_epi16(a, b); }
/// Whole lanes shifted by a count that is the same for all.
INLINE vec vec_shift_left32(vec a, int bits) { return _mm256_sll_epi32(a, _mm_cvtsi32_si128(bits)); }
INLINE vec vec_shift_right32(vec a, int bits) { return _mm256_srl_epi32(a, _mm_cvtsi32_si128(bits)); }
INLINE vec vec_or(vec a, vec b) { return _mm256_or_si256(a, b); }
INLINE vec vec_sub32(vec a, vec b) { return _mm256_sub_epi32(a, b); }
/// Products of 16-bit values, 32 bits each, of the lower and the upper half of each 128-bit lane.
INLINE vec vec_mul_widen_lo(vec a, vec b) { return vec_zip_lo16(_mm256_mullo_epi16(a, b), _mm256_mulhi_epi16(a, b)); }
INLINE vec vec_mul_widen_hi(vec a, vec b) { return vec_zip_hi16(_mm256_mullo_epi16(a, b), _mm256_mulhi_epi16(a, b)); }

INLINE lanes vec_to_float(vec a) { return _mm256_cvtepi32_ps(a); }
/// To the nearest integer, ties to even.
INLINE vec vec_round(lanes a) { return _mm256_cvtps_epi32(a); }

/// VEC_BYTES / 4 bytes at p, each in a 32-bit lane, in order.
INLINE vec vec_widen8(const uint8_t *p) { return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p)); }

/// What packing inside 128-bit lanes leaves of four vectors that hold consecutive values, put in order.
INLINE vec vec_order_packed(vec x) { return _mm256_permutevar8x32_epi32(x, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7)); }

/// 16 bytes from each pointer, or (units == 2) 32 from the first.
INLINE vec vec_gather_units(const uint8_t *const p[], int units) {
    if (units == 2) return vec_load(p[0]);
    __m256i lo = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)p[0]));
    return _mm256_inserti128_si256(lo, _mm_loadu_si128((const __m128i *)p[1]), 1);
}

/// The reverse, for the first `count` pointers p, p + step, ...
INLINE void vec_scatter_units(uint8_t *p, ptrdiff_t step, int units, int count, vec x) {
    if (units == 2) {
        vec_store(p, x);
        return;
    }
    _mm_storeu_si128((__m128i *)p, _mm256_castsi256_si128(x));
    if (count > 1) _mm_storeu_si128((__m128i *)(p + step), _mm256_extracti128_si256(x, 1));
}

#endif
