// The epilogue on 256-bit vectors, shared by all of x86. Included by the tiles' files, after TARGET is defined.
#ifndef CKERNELS_CONV_S8_EPILOGUE256_H
#define CKERNELS_CONV_S8_EPILOGUE256_H

#include "driver.h"

#include <immintrin.h>

/// 8 sums -> 8 rounded values, the zero point not yet added.
INLINE __m256i finish256(__m256i acc, const conv_constants *c, const sk_act *in2, conv_form form) {
    __m256 x = _mm256_mul_ps(_mm256_cvtepi32_ps(acc), _mm256_load_ps(c->multiplier));
    if (form == CONV_RESIDUAL) {
        __m256i other = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)in2));
        other = _mm256_sub_epi32(other, _mm256_load_si256((const __m256i *)c->in2_zero));
        x = _mm256_add_ps(x, _mm256_mul_ps(_mm256_cvtepi32_ps(other), _mm256_load_ps(c->second)));
    } else if (form == CONV_HARD_SWISH) {
        __m256 gate = _mm256_add_ps(x, _mm256_set1_ps(3.0f));
        gate = _mm256_min_ps(_mm256_max_ps(gate, _mm256_setzero_ps()), _mm256_set1_ps(6.0f));
        x = _mm256_mul_ps(_mm256_mul_ps(x, gate), _mm256_load_ps(c->second));
    }
    return _mm256_cvtps_epi32(x);
}

/// Four vectors of values -> bytes in memory's form, one vector after the other.
///
/// Packs work inside 128-bit lanes, so one permutation at the end restores the order. Zero points (two vectors', packed alike) are added to
/// 16-bit values; saturating to those first changes nothing, as no zero point brings a value beyond them back.
INLINE __m256i narrow256(const __m256i v[4], __m256i zero) {
    __m256i lo = _mm256_adds_epi16(_mm256_packs_epi32(v[0], v[1]), zero);
    __m256i hi = _mm256_adds_epi16(_mm256_packs_epi32(v[2], v[3]), zero);
    __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(lo, hi), _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    __asm__("" : "+x"(bytes)); // one permutation: the compiler would make one for each part that is extracted
    return bytes;
}

#endif
