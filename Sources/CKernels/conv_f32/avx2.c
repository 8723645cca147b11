// CONV_F32, AVX2 and FMA: tiles of 6 positions by 16 output channels in registers.
#include "../internal.h"

#if SK_ON_X86
#include "../vectors/lanes_avx2.h"

enum { MAX_ROWS = 8, MAX_VECTORS = 8 };

#include "finish.h"

/// `rows` positions by `vectors` of 8 output channels: two to a block of 16, an odd last one is the block of 8. Every accumulator is one
/// chain of FMAs; inlined with constant arguments, all of them are registers.
INLINE void tile(const sk_conv_tile *t, const int rows, const int vectors) {
    lanes acc[MAX_ROWS][MAX_VECTORS];
    UNROLL
    for (int r = 0; r < rows; r++) {
        UNROLL
        for (int v = 0; v < vectors; v++) acc[r][v] = lanes_load(t->bias + v * LANES);
    }

    const int odd = vectors % 2;
    const float *w = t->weights, *w_last = w + (vectors - odd) * LANES * t->depth;
    size_t block = t->depth * SK_F32_BLOCK;
    for (int32_t segment = 0; segment < t->segments; segment++) {
        const float *const *p = t->pointers + (size_t)segment * SK_F32_POINTERS;
        for (int32_t k = 0; k < t->length; k++, w += SK_F32_BLOCK, w_last += LANES) {
            lanes b[MAX_VECTORS];
            UNROLL
            for (int v = 0; v < vectors - odd; v++) b[v] = lanes_load(w + v / 2 * block + v % 2 * LANES);
            if (odd) b[vectors - 1] = lanes_load(w_last);
            else if (rows >= 4) __builtin_prefetch(w + block, 0, 2); // the next panel's, which no tile has read yet
            UNROLL
            for (int r = 0; r < rows; r++) {
                lanes a = lanes_set(p[r][k]);
                UNROLL
                for (int v = 0; v < vectors; v++) acc[r][v] = lanes_fma(a, b[v], acc[r][v]);
            }
        }
    }

    finish(t, acc, rows, vectors);
}

#define TILE(rows, vectors)                                                                                                                \
    TARGET static void tile_##rows##x##vectors(const sk_conv_tile *t) { tile(t, rows, vectors); }
TILE(6, 2)
TILE(4, 2)
TILE(2, 2)
TILE(1, 2)
TILE(3, 3)
TILE(1, 3)
TILE(8, 1)
TILE(4, 1)
TILE(1, 1)
TILE(1, 8)

TARGET static void activate(float *x, int32_t count, const sk_shape *s) { lanes_activate_row(x, x, count, s); }

static const sk_conv_panel for_one = {64, {{1, tile_1x8}}};
static const sk_conv_panel regular = {16, {{6, tile_6x2}, {4, tile_4x2}, {2, tile_2x2}, {1, tile_1x2}}};
static const sk_conv_panel endings[] = {
    {24, {{3, tile_3x3}, {1, tile_1x3}}},
    {8, {{8, tile_8x1}, {4, tile_4x1}, {1, tile_1x1}}},
    {0, {{0, NULL}}},
};
static const sk_conv_panels panels = {&for_one, &regular, endings, activate};

CONV_F32_KERNEL(conv_f32_6x16__avx2, panels, NULL);
#endif
