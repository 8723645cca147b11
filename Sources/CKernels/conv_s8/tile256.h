// CONV_S8 on 256-bit vectors: tiles of 6 positions x 16 channels, whose 12 sums leave room for two panels, a broadcast and a product.
//
// Included by an instruction set's file, which defines TARGET, INLINE, K_GROUP and how a group is loaded and multiplied: load256, dot256.
#include "driver.h"

#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF

#define UNROLL _Pragma("clang loop unroll(full)")
#define MAX_ROWS 6
#define MAX_WIDTH 2

// MARK: - Epilogue

/// 8 sums -> 8 rounded values with the zero point added, not yet saturated.
INLINE __m256i finish(__m256i acc, const conv_constants *c, const sk_act *in2, conv_form form) {
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
    return _mm256_add_epi32(_mm256_cvtps_epi32(x), _mm256_load_si256((const __m256i *)c->out_zero));
}

/// Two vectors of values -> 16 bytes as in memory.
INLINE __m128i narrow(__m256i first, __m256i second) {
    __m256i words = _mm256_packs_epi32(first, second); // each pack works inside 128-bit halves,
    __m256i bytes = _mm256_packus_epi16(words, words); // which leaves first, second, ... of the lower half, then of the upper
    return _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 0, 4, 1, 5)));
}

INLINE void store_tile(const conv_tile *t, const sk_act *in2, sk_act *out, __m256i acc[MAX_ROWS][MAX_WIDTH], int rows, int width,
                       conv_form form) {
    size_t stride = t->out_stride; // read once: stores of bytes might alias them
    int32_t last_channels = t->last_channels;
    const conv_constants *c = t->constants;
    UNROLL for (int r = 0; r < rows; r++) {
        __m256i first = finish(acc[r][0], c, in2 + r * stride, form), second = first;
        if (width == 2) second = finish(acc[r][1], c + 1, in2 + r * stride + 8, form);
        __m128i bytes = narrow(first, second);
        sk_act *to = out + r * stride;
        if (last_channels == 8) {
            if (width == 2) _mm_storeu_si128((__m128i *)to, bytes);
            else _mm_storel_epi64((__m128i *)to, bytes);
        } else { // the channels' end: nothing may be written beyond
            sk_act all[16];
            _mm_storeu_si128((__m128i *)all, bytes);
            for (int32_t i = 0; i < 8 * (width - 1) + last_channels; i++) to[i] = all[i];
        }
    }
}

// MARK: - One tile

/// `rows` x `width` panels, both constants where it is inlined.
INLINE void tile(const conv_tile *t, const char *a, const sk_act *in2, sk_act *out, int rows, int width) {
    __m256i acc[MAX_ROWS][MAX_WIDTH];
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int z = 0; z < width; z++) acc[r][z] = _mm256_load_si256((const __m256i *)t->constants[z].bias);
    }

    // Three rows share a pointer: base, base + stride, base + 2 * stride are x86 addresses, and pointers for all would not fit in registers.
    const char *base[(MAX_ROWS + 2) / 3];
    size_t stride = t->a_stride, panel_bytes = t->panel_bytes;
    UNROLL for (int i = 0; i < (rows + 2) / 3; i++) base[i] = a + 3 * i * stride;
    const int8_t *panel = t->panel;
    for (int32_t k = t->k_groups; k > 0; k--) {
        UNROLL for (int i = 0; i < (rows + 2) / 3; i++) __asm__("" : "+r"(base[i])); // keeps the compiler from making more pointers
        __m256i b[MAX_WIDTH];
        UNROLL for (int z = 0; z < width; z++) b[z] = load256(panel + z * panel_bytes);
        UNROLL for (int r = 0; r < rows; r++) {
            int32_t group;
            memcpy(&group, base[r / 3] + r % 3 * stride, 4);
            __m256i x = _mm256_set1_epi32(group);
            UNROLL for (int z = 0; z < width; z++) acc[r][z] = dot256(acc[r][z], x, b[z]);
        }
        UNROLL for (int i = 0; i < (rows + 2) / 3; i++) base[i] += 4;
        panel += 8 * K_GROUP;
    }

    switch (t->form) {
    case CONV_LINEAR: store_tile(t, in2, out, acc, rows, width, CONV_LINEAR); break;
    case CONV_RESIDUAL: store_tile(t, in2, out, acc, rows, width, CONV_RESIDUAL); break;
    case CONV_HARD_SWISH: store_tile(t, in2, out, acc, rows, width, CONV_HARD_SWISH); break;
    }
}

// MARK: - All rows

// Functions of their own: inlined into the loop over rows, a constant of the epilogue would be kept in a register that the sums need.
#define TILE(rows, width)                                                                                                                \
    TARGET __attribute__((noinline)) static void tile_##rows##x##width(const conv_tile *t, const char *a, const sk_act *in2, sk_act *out) { \
        tile(t, a, in2, out, rows, width);                                                                                               \
    }
TILE(6, 1) TILE(4, 1) TILE(2, 1) TILE(1, 1)
TILE(6, 2) TILE(4, 2) TILE(2, 2) TILE(1, 2)

static void multiply(const conv_tile *t, int32_t rows, int32_t width, bool half) {
    (void)half; // never asked for
    for (int32_t row = 0, n; row < rows; row += n) {
        int32_t left = rows - row;
        const char *a = t->a + row * t->a_stride;
        const sk_act *in2 = t->in2 + row * t->out_stride;
        sk_act *out = t->out + row * t->out_stride;
        n = left >= 6 ? 6 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
        switch (8 * (width - 1) + n) {
        case 1: tile_1x1(t, a, in2, out); break;
        case 2: tile_2x1(t, a, in2, out); break;
        case 4: tile_4x1(t, a, in2, out); break;
        case 6: tile_6x1(t, a, in2, out); break;
        case 9: tile_1x2(t, a, in2, out); break;
        case 10: tile_2x2(t, a, in2, out); break;
        case 12: tile_4x2(t, a, in2, out); break;
        case 14: tile_6x2(t, a, in2, out); break;
        }
    }
}
