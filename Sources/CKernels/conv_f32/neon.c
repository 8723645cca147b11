// CONV_F32, NEON: tiles of 6 positions by 16 output channels in registers. Four inputs of a position are one vector, taken lane by lane.
#include "../internal.h"

#if SK_ON_A64
#include "../vectors/lanes_neon.h"

enum { MAX_ROWS = 8, MAX_VECTORS = 8 };

#include "finish.h"

/// The input in lane `LANE` of each position's vector. A macro, as the lane must be a literal.
#define MULTIPLY_LANE(LANE)                                                                                                                \
    UNROLL                                                                                                                                 \
    for (int v = 0; v < vectors; v++) {                                                                                                    \
        lanes b = lanes_load(w + v / 4 * block + v % 4 * LANES);                                                                           \
        UNROLL                                                                                                                             \
        for (int r = 0; r < rows; r++) acc[r][v] = vfmaq_laneq_f32(acc[r][v], b, x[r], LANE);                                              \
    }                                                                                                                                      \
    w += step;

/// `rows` positions by `vectors` of 4 output channels: four to a block of 16, two to one of 8. Every accumulator is one chain of FMAs;
/// inlined with constant arguments, all of them are registers.
INLINE void tile(const sk_conv_tile *t, const int rows, const int vectors) {
    lanes acc[MAX_ROWS][MAX_VECTORS];
    UNROLL
    for (int r = 0; r < rows; r++) {
        UNROLL
        for (int v = 0; v < vectors; v++) acc[r][v] = lanes_load(t->bias + v * LANES);
    }

    const float *w = t->weights;
    const size_t block = t->depth * SK_F32_BLOCK;
    const int step = vectors == 2 ? 8 : SK_F32_BLOCK;
    for (int32_t segment = 0; segment < t->segments; segment++) {
        const float *const *p = t->pointers + (size_t)segment * SK_F32_POINTERS;
        lanes x[MAX_ROWS];
        int32_t k = 0;
        for (; k + 4 <= t->length; k += 4) {
            UNROLL
            for (int r = 0; r < rows; r++) x[r] = lanes_load(p[r] + k);
            MULTIPLY_LANE(0)
            MULTIPLY_LANE(1)
            MULTIPLY_LANE(2)
            MULTIPLY_LANE(3)
        }
        for (; k < t->length; k++) {
            UNROLL
            for (int r = 0; r < rows; r++) x[r] = lanes_set(p[r][k]);
            MULTIPLY_LANE(0)
        }
    }
    finish(t, acc, rows, vectors);
}

#define TILE(rows, vectors)                                                                                                                \
    TARGET static void tile_##rows##x##vectors(const sk_conv_tile *t) { tile(t, rows, vectors); }
TILE(6, 4)
TILE(2, 4)
TILE(1, 4)
TILE(8, 2)
TILE(2, 2)
TILE(1, 2)
TILE(1, 8)

TARGET static void activate(float *x, int32_t count, const sk_shape *s) { lanes_activate_row(x, x, count, s); }

static const sk_conv_panel for_one = {32, {{1, tile_1x8}}};
static const sk_conv_panel regular = {16, {{6, tile_6x4}, {2, tile_2x4}, {1, tile_1x4}}};
static const sk_conv_panel endings[] = {
    {8, {{8, tile_8x2}, {2, tile_2x2}, {1, tile_1x2}}},
    {0, {{0, NULL}}},
};
static const sk_conv_panels panels = {&for_one, &regular, endings, activate};

CONV_F32_KERNEL(conv_f32_6x16__neon, panels, NULL);
#endif
