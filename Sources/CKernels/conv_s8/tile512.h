// CONV_S8 on 512-bit vectors: tiles of 14 positions x 32 channels or 7 x 48. Position counts of this family's networks are multiples of 49,
// and 14 x 2 or 7 x 3 sums leave registers for the panels and a broadcast. 256-bit vectors take 8 channels at the end.
//
// Included by an instruction set's file, which defines TARGET, INLINE, K_GROUP and how a group is loaded and multiplied: load512, dot512 and,
// for half panels, load256, dot256.
#include "driver.h"

#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF

#define UNROLL _Pragma("clang loop unroll(full)")
#define MAX_ROWS 14

// MARK: - Epilogues: 16 or 8 sums -> as many bytes

typedef struct constants512 {
    __m512 multiplier, second;
    __m512i out_zero, in2_zero;
} constants512;

INLINE __m128i finish512(__m512i acc, const constants512 *c, const sk_act *in2, conv_form form) {
    __m512 x = _mm512_mul_ps(_mm512_cvtepi32_ps(acc), c->multiplier);
    if (form == CONV_RESIDUAL) {
        __m512i other = _mm512_sub_epi32(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)in2)), c->in2_zero);
        x = _mm512_add_ps(x, _mm512_mul_ps(_mm512_cvtepi32_ps(other), c->second));
    } else if (form == CONV_HARD_SWISH) {
        __m512 gate = _mm512_add_ps(x, _mm512_set1_ps(3.0f));
        gate = _mm512_min_ps(_mm512_max_ps(gate, _mm512_setzero_ps()), _mm512_set1_ps(6.0f));
        x = _mm512_mul_ps(_mm512_mul_ps(x, gate), c->second);
    }
    __m512i q = _mm512_add_epi32(_mm512_cvtps_epi32(x), c->out_zero);
    return _mm_xor_si128(_mm512_cvtsepi32_epi8(q), _mm_set1_epi8((char)0x80)); // saturated to int8, then + 128
}

INLINE __m128i finish256(__m256i acc, const conv_constants *c, const sk_act *in2, conv_form form) {
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
    __m256i q = _mm256_add_epi32(_mm256_cvtps_epi32(x), _mm256_load_si256((const __m256i *)c->out_zero));
    return _mm_xor_si128(_mm256_cvtsepi32_epi8(q), _mm_set1_epi8((char)0x80));
}

// MARK: - One tile

typedef struct sums {
    __m512i full[MAX_ROWS][CONV_MAX_WIDTH];
    __m256i half[MAX_ROWS];
} sums;

INLINE void store_tile(const conv_tile *t, const sk_act *in2, sk_act *out, sums *acc, int rows, int full, bool half, conv_form form) {
    size_t stride = t->out_stride; // read once: stores of bytes might alias it
    int last_width = full - (half ? 0 : 1);
    UNROLL for (int z = 0; z < full; z++) {
        const conv_constants *from = t->constants + z;
        constants512 c = {_mm512_load_ps(from->multiplier), _mm512_load_ps(from->second), _mm512_load_si512(from->out_zero),
                          _mm512_load_si512(from->in2_zero)};
        __mmask16 mask = z == last_width ? (__mmask16)((1u << t->last_channels) - 1) : 0xffff;
        UNROLL for (int r = 0; r < rows; r++) {
            __m128i bytes = finish512(acc->full[r][z], &c, in2 + r * stride + z * 16, form);
            _mm_mask_storeu_epi8(out + r * stride + z * 16, mask, bytes);
        }
    }
    if (half) {
        __mmask16 mask = (__mmask16)((1u << t->last_channels) - 1);
        UNROLL for (int r = 0; r < rows; r++) {
            __m128i bytes = finish256(acc->half[r], t->constants + full, in2 + r * stride + full * 16, form);
            _mm_mask_storeu_epi8(out + r * stride + full * 16, mask, bytes);
        }
    }
}

/// `rows` x (`full` panels and, when `half`, 8 channels more). All three are constants where it is inlined.
INLINE void tile(const conv_tile *t, const char *a, const sk_act *in2, sk_act *out, int rows, int full, bool half) {
    sums acc;
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int z = 0; z < full; z++) acc.full[r][z] = _mm512_load_si512(t->constants[z].bias);
        if (half) acc.half[r] = _mm256_load_si256((const __m256i *)t->constants[full].bias);
    }

    // Three rows share a pointer: base, base + stride, base + 2 * stride are x86 addresses, and pointers for all would not fit in registers.
    const char *base[(MAX_ROWS + 2) / 3];
    size_t stride = t->a_stride, panel_bytes = t->panel_bytes;
    UNROLL for (int i = 0; i < (rows + 2) / 3; i++) base[i] = a + 3 * i * stride;
    const int8_t *panel = t->panel, *half_panel = t->panel + full * panel_bytes;
    for (int32_t k = t->k_groups; k > 0; k--) {
        UNROLL for (int i = 0; i < (rows + 2) / 3; i++) __asm__("" : "+r"(base[i])); // keeps the compiler from making more pointers
        __m512i b[CONV_MAX_WIDTH];
        __m256i b_half;
        UNROLL for (int z = 0; z < full; z++) b[z] = load512(panel + z * panel_bytes);
        if (half) b_half = load256(half_panel);
        UNROLL for (int r = 0; r < rows; r++) {
            int32_t four;
            memcpy(&four, base[r / 3] + r % 3 * stride, 4);
            __m512i x = _mm512_set1_epi32(four);
            UNROLL for (int z = 0; z < full; z++) acc.full[r][z] = dot512(acc.full[r][z], x, b[z]);
            if (half) acc.half[r] = dot256(acc.half[r], _mm512_castsi512_si256(x), b_half);
        }
        UNROLL for (int i = 0; i < (rows + 2) / 3; i++) base[i] += 4;
        panel += 16 * K_GROUP;
        half_panel += 8 * K_GROUP;
    }

    switch (t->form) {
    case CONV_LINEAR: store_tile(t, in2, out, &acc, rows, full, half, CONV_LINEAR); break;
    case CONV_RESIDUAL: store_tile(t, in2, out, &acc, rows, full, half, CONV_RESIDUAL); break;
    case CONV_HARD_SWISH: store_tile(t, in2, out, &acc, rows, full, half, CONV_HARD_SWISH); break;
    }
}

// MARK: - All rows

INLINE void multiply_width(const conv_tile *t, int32_t rows, int full, bool half) {
    const char *a = t->a;
    const sk_act *in2 = t->in2;
    sk_act *out = t->out;
#define ROWS(n)                                                                                                                          \
    do {                                                                                                                                 \
        tile(t, a, in2, out, n, full, half);                                                                                             \
        a += n * t->a_stride;                                                                                                            \
        in2 += n * t->out_stride;                                                                                                         \
        out += n * t->out_stride;                                                                                                        \
        rows -= n;                                                                                                                       \
    } while (0)
    if (full + half < 3)
        while (rows >= 14) ROWS(14);
    while (rows >= 7) ROWS(7);
    if (rows >= 4) ROWS(4);
    if (rows >= 2) ROWS(2);
    if (rows >= 1) ROWS(1);
#undef ROWS
}

TARGET __attribute__((noinline)) static void multiply_half(const conv_tile *t, int32_t rows) { multiply_width(t, rows, 0, true); }
TARGET __attribute__((noinline)) static void multiply_1(const conv_tile *t, int32_t rows) { multiply_width(t, rows, 1, false); }
TARGET __attribute__((noinline)) static void multiply_1_half(const conv_tile *t, int32_t rows) { multiply_width(t, rows, 1, true); }
TARGET __attribute__((noinline)) static void multiply_2(const conv_tile *t, int32_t rows) { multiply_width(t, rows, 2, false); }
TARGET __attribute__((noinline)) static void multiply_2_half(const conv_tile *t, int32_t rows) { multiply_width(t, rows, 2, true); }
TARGET __attribute__((noinline)) static void multiply_3(const conv_tile *t, int32_t rows) { multiply_width(t, rows, 3, false); }

static void multiply(const conv_tile *t, int32_t rows, int32_t width, bool half) {
    switch (2 * width - half) {
    case 1: multiply_half(t, rows); break;
    case 2: multiply_1(t, rows); break;
    case 3: multiply_1_half(t, rows); break;
    case 4: multiply_2(t, rows); break;
    case 5: multiply_2_half(t, rows); break;
    case 6: multiply_3(t, rows); break;
    }
}
