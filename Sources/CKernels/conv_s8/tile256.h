// CONV_S8 on 256-bit vectors: tiles of 6 positions x 16 channels, whose 12 sums leave room for two panels, a broadcast and a product.
//
// Included by an instruction set's file, which defines TARGET, K_GROUP and how a group is loaded and multiplied: load256, dot256.
#include "epilogue256.h"

#define MAX_ROWS 6
#define MAX_WIDTH 2

// MARK: - Storing

/// The first `count` of 8 or 16 bytes: nothing is written beyond the last channel.
INLINE void store_channels(sk_act *out, __m128i bytes, int width, int32_t count) {
    if (count == 8 * width) {
        if (width == 2) _mm_storeu_si128((__m128i *)out, bytes);
        else _mm_storel_epi64((__m128i *)out, bytes);
    } else {
        sk_act all[16];
        _mm_storeu_si128((__m128i *)all, bytes);
        for (int32_t i = 0; i < count; i++) out[i] = all[i];
    }
}

/// Four vectors at a time: two rows of two panels or four rows of one.
INLINE void store_tile(const conv_tile *t, const sk_act *in2, sk_act *out, __m256i acc[MAX_ROWS][MAX_WIDTH], int rows, int width,
                       conv_form form) {
    size_t stride = t->out_stride; // read once: stores of bytes might alias them
    int32_t channels = 8 * (width - 1) + t->last_channels;
    const conv_constants *c = t->constants;
    __m256i zero =
        _mm256_packs_epi32(_mm256_load_si256((const __m256i *)c[0].out_zero), _mm256_load_si256((const __m256i *)c[width - 1].out_zero));
    UNROLL
    for (int r = 0; r < rows; r += 4 / width) {
        __m256i v[4];
        UNROLL
        for (int i = 0; i < 4; i++) {
            int row = r + i / width < rows ? r + i / width : r, z = i % width; // beyond the last row: anything
            v[i] = finish256(acc[row][z], c + z, in2 + row * stride + z * 8, form);
        }
        __m256i bytes = narrow256(v, zero);
        __m128i lo = _mm256_castsi256_si128(bytes), hi = _mm256_extracti128_si256(bytes, 1);
        sk_act *to = out + r * stride;
        if (width == 2) {
            store_channels(to, lo, width, channels);
            if (r + 1 < rows) store_channels(to + stride, hi, width, channels);
        } else {
            store_channels(to, lo, width, channels);
            if (r + 1 < rows) store_channels(to + stride, _mm_unpackhi_epi64(lo, lo), width, channels);
            if (r + 2 < rows) store_channels(to + 2 * stride, hi, width, channels);
            if (r + 3 < rows) store_channels(to + 3 * stride, _mm_unpackhi_epi64(hi, hi), width, channels);
        }
    }
}

// MARK: - One tile

/// `rows` x `width` panels, both constants where it is inlined.
INLINE void tile(const conv_tile *t, const char *a, const sk_act *in2, sk_act *out, int rows, int width) {
    __m256i acc[MAX_ROWS][MAX_WIDTH];
    UNROLL
    for (int r = 0; r < rows; r++) {
        UNROLL
        for (int z = 0; z < width; z++) acc[r][z] = _mm256_load_si256((const __m256i *)t->constants[z].bias);
    }

    // Three rows share a pointer: base, base + stride, base + 2 * stride are x86 addresses, and pointers for all would not fit in
    // registers.
    const char *base[(MAX_ROWS + 2) / 3];
    size_t stride = t->a_stride, panel_bytes = t->panel_bytes;
    const int8_t *panel = t->panel;
    for (int32_t segment = 0; segment < t->segment_count; segment++) {
        UNROLL
        for (int i = 0; i < (rows + 2) / 3; i++) base[i] = a + t->segments[segment] + 3 * i * stride;
        for (int32_t k = t->k_groups; k > 0; k--) {
            UNROLL
            for (int i = 0; i < (rows + 2) / 3; i++) __asm__("" : "+r"(base[i])); // keeps the compiler from making more pointers
            __m256i b[MAX_WIDTH];
            UNROLL
            for (int z = 0; z < width; z++) b[z] = load256(panel + z * panel_bytes);
            if (rows == 1) { // weights pass by once, from the third-level cache or memory: fetch the next panels' meanwhile
                UNROLL
                for (int z = 0; z < width; z++) __builtin_prefetch(panel + (width + z) * panel_bytes, 0, 2);
            }
            UNROLL
            for (int r = 0; r < rows; r++) {
                int32_t group;
                memcpy(&group, base[r / 3] + r % 3 * stride, 4);
                __m256i x = _mm256_set1_epi32(group);
                UNROLL
                for (int z = 0; z < width; z++) acc[r][z] = dot256(acc[r][z], x, b[z]);
            }
            UNROLL
            for (int i = 0; i < (rows + 2) / 3; i++) base[i] += 4;
            panel += 8 * K_GROUP;
        }
    }

    switch (t->form) {
    case CONV_LINEAR: store_tile(t, in2, out, acc, rows, width, CONV_LINEAR); break;
    case CONV_RESIDUAL: store_tile(t, in2, out, acc, rows, width, CONV_RESIDUAL); break;
    case CONV_HARD_SWISH: store_tile(t, in2, out, acc, rows, width, CONV_HARD_SWISH); break;
    }
}

// MARK: - All rows

/// `count` tiles from row `first` on. Functions of their own, so that each has all registers.
#define TILES(rows, width)                                                                                                                 \
    TARGET __attribute__((noinline)) static void tiles_##rows##x##width(const conv_tile *t, int32_t first, int32_t count) {                \
        const char *a = t->a + first * t->a_stride;                                                                                        \
        const sk_act *in2 = t->in2 + first * t->out_stride;                                                                                \
        sk_act *out = t->out + first * t->out_stride;                                                                                      \
        for (; count > 0; count--) {                                                                                                       \
            tile(t, a, in2, out, rows, width);                                                                                             \
            a += rows * t->a_stride;                                                                                                       \
            in2 += rows * t->out_stride;                                                                                                   \
            out += rows * t->out_stride;                                                                                                   \
        }                                                                                                                                  \
    }
TILES(6, 1)
TILES(4, 1)
TILES(2, 1)
TILES(1, 1)
TILES(6, 2)
TILES(4, 2)
TILES(2, 2)
TILES(1, 2)

static void multiply(const conv_tile *t, int32_t rows, int32_t width, bool half) {
    (void)half; // never asked for
    int32_t six = rows / 6, first = six * 6, left = rows - first;
    if (six) (width == 2 ? tiles_6x2 : tiles_6x1)(t, 0, six);
    if (left & 4) {
        (width == 2 ? tiles_4x2 : tiles_4x1)(t, first, 1);
        first += 4;
    }
    if (left & 2) {
        (width == 2 ? tiles_2x2 : tiles_2x1)(t, first, 1);
        first += 2;
    }
    if (left & 1) (width == 2 ? tiles_1x2 : tiles_1x1)(t, first, 1);
}
