// CONV_S8 on 512-bit vectors: tiles of 14 positions x 32 channels or 7 x 48. Position counts of this family's networks are multiples of 49,
// and 14 x 2 or 7 x 3 sums leave registers for the panels and a broadcast. 256-bit vectors take 8 channels at the end.
//
// Included by an instruction set's file, which defines TARGET, K_GROUP and how a group is loaded and multiplied: load512, dot512 and,
// for half panels, load256, dot256.
#include "../vectors/lanes_avx512.h"
#include "../vectors/hard_swish.h"
#include "epilogue256.h"

#define MAX_ROWS 14

typedef struct sums {
    __m512i full[MAX_ROWS][CONV_MAX_WIDTH];
    __m256i half[MAX_ROWS];
} sums;

// MARK: - Epilogue

INLINE __m512i finish512(__m512i acc, const conv_constants *c, const sk_act *in2, conv_form form) {
    __m512 x = _mm512_mul_ps(_mm512_cvtepi32_ps(acc), _mm512_load_ps(c->multiplier));
    if (form == CONV_RESIDUAL) {
        __m512i other = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)in2));
        other = _mm512_sub_epi32(other, _mm512_load_si512(c->in2_zero));
        x = _mm512_add_ps(x, _mm512_mul_ps(_mm512_cvtepi32_ps(other), _mm512_load_ps(c->second)));
    } else if (form == CONV_HARD_SWISH) {
        x = _mm512_mul_ps(_mm512_mul_ps(x, lanes_gate(x)), _mm512_load_ps(c->second));
    }
    return _mm512_cvtps_epi32(x);
}

/// Four vectors of values -> bytes: narrow256's wide sister.
INLINE __m512i narrow512(const __m512i v[4], __m512i zero01, __m512i zero23) {
    __m512i lo = _mm512_adds_epi16(_mm512_packs_epi32(v[0], v[1]), zero01);
    __m512i hi = _mm512_adds_epi16(_mm512_packs_epi32(v[2], v[3]), zero23);
    __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    __m512i bytes = _mm512_permutexvar_epi32(order, _mm512_packus_epi16(lo, hi));
    __asm__("" : "+v"(bytes)); // one permutation: the compiler would make one for each part that is extracted
    return bytes;
}

/// Panels z and z + 1 of all rows, two rows at a time.
INLINE void store_pair(const conv_tile *t, const sk_act *in2, sk_act *out, sums *acc, int rows, int z, conv_form form, __mmask32 mask) {
    size_t stride = t->out_stride; // read once: stores of bytes might alias it
    const conv_constants *c = t->constants + z;
    __m512i zero = _mm512_packs_epi32(_mm512_load_si512(c[0].out_zero), _mm512_load_si512(c[1].out_zero));
    UNROLL
    for (int r = 0; r < rows; r += 2) {
        __m512i v[4];
        UNROLL
        for (int i = 0; i < 4; i++) {
            int row = r + i / 2 < rows ? r + i / 2 : r; // beyond the last row: anything
            v[i] = finish512(acc->full[row][z + i % 2], c + i % 2, in2 + row * stride + (z + i % 2) * 16, form);
        }
        __m512i bytes = narrow512(v, zero, zero);
        _mm256_mask_storeu_epi8(out + r * stride + z * 16, mask, _mm512_castsi512_si256(bytes));
        if (r + 1 < rows) _mm256_mask_storeu_epi8(out + (r + 1) * stride + z * 16, mask, _mm512_extracti64x4_epi64(bytes, 1));
    }
}

/// Panel z of all rows, four rows at a time.
INLINE void store_single(const conv_tile *t, const sk_act *in2, sk_act *out, sums *acc, int rows, int z, conv_form form, __mmask16 mask) {
    size_t stride = t->out_stride;
    const conv_constants *c = t->constants + z;
    __m512i zero = _mm512_load_si512(c->out_zero);
    zero = _mm512_packs_epi32(zero, zero);
    UNROLL
    for (int r = 0; r < rows; r += 4) {
        __m512i v[4];
        UNROLL
        for (int i = 0; i < 4; i++) {
            int row = r + i < rows ? r + i : r;
            v[i] = finish512(acc->full[row][z], c, in2 + row * stride + z * 16, form);
        }
        __m512i bytes = narrow512(v, zero, zero);
        sk_act *to = out + r * stride + z * 16;
        _mm_mask_storeu_epi8(to, mask, _mm512_castsi512_si128(bytes));
        if (r + 1 < rows) _mm_mask_storeu_epi8(to + stride, mask, _mm512_extracti32x4_epi32(bytes, 1));
        if (r + 2 < rows) _mm_mask_storeu_epi8(to + 2 * stride, mask, _mm512_extracti32x4_epi32(bytes, 2));
        if (r + 3 < rows) _mm_mask_storeu_epi8(to + 3 * stride, mask, _mm512_extracti32x4_epi32(bytes, 3));
    }
}

/// The half panel after z full ones, of all rows, four rows at a time.
INLINE void store_half(const conv_tile *t, const sk_act *in2, sk_act *out, sums *acc, int rows, int z, conv_form form, __mmask8 mask) {
    size_t stride = t->out_stride;
    const conv_constants *c = t->constants + z;
    __m256i zero = _mm256_load_si256((const __m256i *)c->out_zero);
    zero = _mm256_packs_epi32(zero, zero);
    UNROLL
    for (int r = 0; r < rows; r += 4) {
        __m256i v[4];
        UNROLL
        for (int i = 0; i < 4; i++) {
            int row = r + i < rows ? r + i : r;
            v[i] = finish256(acc->half[row], c, in2 + row * stride + z * 16, form);
        }
        __m256i bytes = narrow256(v, zero);
        __m128i lo = _mm256_castsi256_si128(bytes), hi = _mm256_extracti128_si256(bytes, 1);
        sk_act *to = out + r * stride + z * 16;
        _mm_mask_storeu_epi8(to, mask, lo);
        if (r + 1 < rows) _mm_mask_storeu_epi8(to + stride, mask, _mm_unpackhi_epi64(lo, lo));
        if (r + 2 < rows) _mm_mask_storeu_epi8(to + 2 * stride, mask, hi);
        if (r + 3 < rows) _mm_mask_storeu_epi8(to + 3 * stride, mask, _mm_unpackhi_epi64(hi, hi));
    }
}

INLINE void store_tile(const conv_tile *t, const sk_act *in2, sk_act *out, sums *acc, int rows, int full, bool half, conv_form form) {
    uint32_t last = (1u << t->last_channels) - 1; // nothing is written beyond the last channel
    if (full >= 2) store_pair(t, in2, out, acc, rows, 0, form, full == 2 && !half ? last << 16 | 0xffff : ~0u);
    if (full % 2 == 1) store_single(t, in2, out, acc, rows, full - 1, form, (__mmask16)(half ? 0xffff : last));
    if (half) store_half(t, in2, out, acc, rows, full, form, (__mmask8)last);
}

// MARK: - One tile

/// `rows` x (`full` panels and, when `half`, 8 channels more). All three are constants where it is inlined.
INLINE void tile(const conv_tile *t, const char *a, const sk_act *in2, sk_act *out, int rows, int full, bool half) {
    sums acc;
    UNROLL
    for (int r = 0; r < rows; r++) {
        UNROLL
        for (int z = 0; z < full; z++) acc.full[r][z] = _mm512_load_si512(t->constants[z].bias);
        if (half) acc.half[r] = _mm256_load_si256((const __m256i *)t->constants[full].bias);
    }

    // Three rows share a pointer: base, base + stride, base + 2 * stride are x86 addresses, and pointers for all would not fit in
    // registers.
    const char *base[(MAX_ROWS + 2) / 3];
    size_t stride = t->a_stride, panel_bytes = t->panel_bytes;
    const int8_t *panel = t->panel, *half_panel = t->panel + full * panel_bytes;
    for (int32_t segment = 0; segment < t->segment_count; segment++) {
        UNROLL
        for (int i = 0; i < (rows + 2) / 3; i++) base[i] = a + t->segments[segment] + 3 * i * stride;
        for (int32_t k = t->k_groups; k > 0; k--) {
            UNROLL
            for (int i = 0; i < (rows + 2) / 3; i++) __asm__("" : "+r"(base[i])); // keeps the compiler from making more pointers
            __m512i b[CONV_MAX_WIDTH];
            __m256i b_half;
            UNROLL
            for (int z = 0; z < full; z++) b[z] = load512(panel + z * panel_bytes);
            if (half) b_half = load256(half_panel);
            UNROLL
            for (int r = 0; r < rows; r++) {
                int32_t four;
                memcpy(&four, base[r / 3] + r % 3 * stride, 4);
                __m512i x = _mm512_set1_epi32(four);
                UNROLL
                for (int z = 0; z < full; z++) acc.full[r][z] = dot512(acc.full[r][z], x, b[z]);
                if (half) acc.half[r] = dot256(acc.half[r], _mm512_castsi512_si256(x), b_half);
            }
            UNROLL
            for (int i = 0; i < (rows + 2) / 3; i++) base[i] += 4;
            panel += 16 * K_GROUP;
            half_panel += 8 * K_GROUP;
        }
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
#define ROWS(n)                                                                                                                            \
    do {                                                                                                                                   \
        tile(t, a, in2, out, n, full, half);                                                                                               \
        a += n * t->a_stride;                                                                                                              \
        in2 += n * t->out_stride;                                                                                                          \
        out += n * t->out_stride;                                                                                                          \
        rows -= n;                                                                                                                         \
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
