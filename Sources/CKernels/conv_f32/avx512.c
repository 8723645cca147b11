// CONV_F32, AVX-512: tiles of up to 14 positions by 32 output channels in registers.
#include "../internal.h"

#if SK_ON_X86
#include "../vectors/lanes_avx512.h"

#include "../activation_f32/epilogue.h"
#include "driver.h"

enum { MAX_VECTORS = 4 };

INLINE __m256 half_of_lanes(lanes x) { return _mm512_castps512_ps256(x); }
INLINE lanes lanes_of_half(__m256 x) { return _mm512_castps256_ps512(x); } // the upper half is undefined

/// Residual, activation, store: row by row, so that the stores spread among the arithmetic.
INLINE void finish(const sk_conv_tile *t, lanes (*acc)[MAX_VECTORS], const int rows, const int vectors) {
    const lanes low = lanes_set(t->activation.low), high = lanes_set(t->activation.high);
    const bool hard_swish = t->activation.hard_swish;
    const int32_t left = t->columns - (vectors - 1) * LANES; // in the last vector
    const size_t stride = t->shape->out_c;
    const float *residual = t->residual;
    float *out = t->out;
    UNROLL
    for (int r = 0; r < rows; r++) {
        if (residual) {
            UNROLL
            for (int v = 0; v < vectors; v++) acc[r][v] = lanes_add(acc[r][v], lanes_load(residual + v * LANES));
            residual += r + 1 < t->rows ? stride : 0;
        }
        if (hard_swish) {
            UNROLL
            for (int v = 0; v < vectors; v++) acc[r][v] = lanes_hard_swish(acc[r][v]);
        } else {
            UNROLL
            for (int v = 0; v < vectors; v++) acc[r][v] = lanes_min(high, lanes_max(low, acc[r][v]));
        }
        UNROLL
        for (int v = 0; v < vectors - 1; v++) lanes_store(out + v * LANES, acc[r][v]);
        float *last = out + (vectors - 1) * LANES;
        if (left == LANES) lanes_store(last, acc[r][vectors - 1]);
        else if (left == LANES / 2) _mm256_storeu_ps(last, half_of_lanes(acc[r][vectors - 1]));
        else lanes_store_first(last, left, acc[r][vectors - 1]);
        out += r + 1 < t->rows ? stride : 0;
    }
}

/// `rows` positions by `full` blocks of 16 output channels and, with `half`, one of 8 after them. Every accumulator is one chain of FMAs;
/// inlined with constant arguments, all of them are registers. The half block is a ymm: CPUs with 256-bit units do it in half the time.
INLINE void tile(const sk_conv_tile *t, const int rows, const int full, const int half) {
    lanes acc[SK_F32_MAX_ROWS][MAX_VECTORS];
    const int vectors = full + half;
    UNROLL
    for (int r = 0; r < rows; r++) {
        UNROLL
        for (int v = 0; v < vectors; v++) acc[r][v] = lanes_load(t->bias + v * LANES);
    }

    const float *w = t->weights, *w_half = w + full * LANES * t->depth;
    size_t block = t->depth * LANES;
    for (int32_t segment = 0; segment < t->segments; segment++) {
        const float *const *p = t->pointers + (size_t)segment * SK_F32_POINTERS;
        for (int32_t k = 0; k < t->length; k++, w += LANES, w_half += LANES / 2) {
            lanes b[MAX_VECTORS];
            UNROLL
            for (int v = 0; v < full; v++) b[v] = lanes_load(w + v * block);
            if (rows >= 8) { // the next panel's weights, which no tile has read yet: for deep layers they come from main memory
                UNROLL
                for (int v = 0; v < full; v++) __builtin_prefetch(w + (full + v) * block, 0, 2);
            }
            __m256 b_half = half ? _mm256_loadu_ps(w_half) : _mm256_setzero_ps();
            UNROLL
            for (int r = 0; r < rows; r++) {
                lanes a = lanes_set(p[r][k]);
                if (half) __asm__("" : "+v"(a)); // one load: else the compiler broadcasts to 256 bits, and these with a shuffle to 512
                UNROLL
                for (int v = 0; v < full; v++) acc[r][v] = lanes_fma(a, b[v], acc[r][v]);
                if (half) acc[r][full] = lanes_of_half(_mm256_fmadd_ps(half_of_lanes(a), b_half, half_of_lanes(acc[r][full])));
            }
        }
    }
    finish(t, acc, rows, vectors);
}

#define TILE(rows, full, half)                                                                                                             \
    TARGET static void tile_##rows##x##full##_##half(const sk_conv_tile *t) { tile(t, rows, full, half); }
TILE(14, 2, 0)
TILE(8, 2, 0)
TILE(4, 2, 0)
TILE(2, 2, 0)
TILE(1, 2, 0)
TILE(9, 3, 0)
TILE(4, 3, 0)
TILE(1, 3, 0)
TILE(6, 2, 1)
TILE(3, 2, 1)
TILE(1, 2, 1)
TILE(8, 1, 1)
TILE(4, 1, 1)
TILE(1, 1, 1)
TILE(14, 1, 0)
TILE(8, 1, 0)
TILE(4, 1, 0)
TILE(1, 1, 0)
TILE(8, 0, 1)
TILE(1, 0, 1)
TILE(1, 4, 0)

TARGET static void activate(float *x, int32_t count, const sk_shape *s) { lanes_activate_row(x, x, count, s); }

static const sk_conv_panel for_one = {64, {{1, tile_1x4_0}}};
static const sk_conv_panel regular = {32, {{14, tile_14x2_0}, {8, tile_8x2_0}, {4, tile_4x2_0}, {2, tile_2x2_0}, {1, tile_1x2_0}}};
// With these, every multiple of 8 columns is covered without an idle lane. Where one panel is all, its tiles read new input all the time:
// fewer rows are fewer streams for the prefetcher (6 % at 120 > 40, 10 % at 72 > 24, against tiles that fill the registers).
static const sk_conv_panel endings[] = {
    {48, {{9, tile_9x3_0}, {4, tile_4x3_0}, {1, tile_1x3_0}}},
    {40, {{6, tile_6x2_1}, {3, tile_3x2_1}, {1, tile_1x2_1}}},
    {24, {{8, tile_8x1_1}, {4, tile_4x1_1}, {1, tile_1x1_1}}},
    {16, {{14, tile_14x1_0}, {8, tile_8x1_0}, {4, tile_4x1_0}, {1, tile_1x1_0}}},
    {8, {{8, tile_8x0_1}, {1, tile_1x0_1}}}, // what a thread's share of the blocks may end in
    {0, {{0, NULL}}},
};
static const sk_conv_panels panels = {&for_one, &regular, endings, activate};

// With 8 channels half of each vector would idle: 256-bit vectors are faster.
static bool supports(const sk_shape *shape) { return shape->out_c / shape->groups > LANES / 2; }

CONV_F32_KERNEL(conv_f32_14x32__avx512, panels, supports);
#endif
