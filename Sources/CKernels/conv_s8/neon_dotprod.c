// CONV_S8 by sdot by element. A vector of A is 16 inputs of one position, four groups of 4; a vector of B is a group of 4 channels. Tiles
// of 6 positions x 16 channels: 24 sums, 6 vectors of A and one or two of B fill the 32 registers, and 22 loads feed 96 products.
#include "../internal.h"

#if SK_ON_A64
#define TARGET __attribute__((target("dotprod,slow-paired-128")))
#define MAX_ROWS 6
#define MAX_VECTORS 4
#define K_GROUP 4
#define AHEAD 2 // vectors of B in registers

#include "epilogue_neon.h"

#define SMALL_BIAS SK_ROUNDER_BITS

// Assembly, since the order matters and the compiler finds another: a core that runs in order stands still at a product whose vector was
// only just loaded (3 cycles on a Cortex-A55). So a vector of B is loaded while the one before it is multiplied, and the next vectors of A
// during the last products of the current ones; the last load of each is in vain. All 32 registers are in use.
#define LOAD(vector, base, offset)                                                                                                         \
    __asm__ volatile("ldr %q0, [%1, %2]" : "=w"(vector) : "r"(base), "r"((size_t)(offset)), "m"(*(const char(*)[512])(base)))
#define MULTIPLY(sum, b, x, lane) __asm__ volatile("sdot %0.4s, %1.16b, %2.4b[" #lane "]" : "+w"(sum) : "w"(b), "w"(x))

/// The group in lane `LANE` of each row's vector times one group of the panel.
#define MULTIPLY_GROUP(LANE)                                                                                                               \
    UNROLL                                                                                                                                 \
    for (int v = 0; v < vectors; v++) {                                                                                                    \
        int at = v % AHEAD;                                                                                                                \
        UNROLL                                                                                                                             \
        for (int r = 0; r < rows; r++) {                                                                                                   \
            MULTIPLY(acc[r][v], b[at], x[r], LANE);                                                                                        \
            if (LANE == 3 && v == vectors - 1) LOAD(x[r], row, r *stride);                                                                 \
        }                                                                                                                                  \
        LOAD(b[at], panel, 16 * (v + AHEAD));                                                                                              \
    }                                                                                                                                      \
    panel += 16 * vectors;

INLINE void accumulate(const conv_tile *t, const char *a, int32x4_t acc[MAX_ROWS][MAX_VECTORS], int rows, int vectors) {
    const int8_t *panel = t->panel, *bias = (const int8_t *)t->constants->bias;
    UNROLL
    for (int r = 0; r < rows; r++) {
        UNROLL
        for (int v = 0; v < vectors; v++) LOAD(acc[r][v], bias, 16 * v); // a copy of the first row's would take a product's time
    }
    size_t stride = t->a_stride;
    uint32_t steps = (uint32_t)t->k_groups / 4, rest = (uint32_t)t->k_groups % 4;
    int8x16_t x[MAX_ROWS], b[AHEAD];
    UNROLL
    for (int i = 0; i < AHEAD; i++) LOAD(b[i], panel, 16 * i);
    for (int32_t segment = 0; segment < t->segment_count; segment++) {
        const int8_t *row = (const int8_t *)a + t->segments[segment];
        UNROLL
        for (int r = 0; r < rows; r++) LOAD(x[r], row, r * stride);
        for (uint32_t step = steps; step; step--) {
            MULTIPLY_GROUP(0)
            MULTIPLY_GROUP(1)
            MULTIPLY_GROUP(2)
            row += 16;
            MULTIPLY_GROUP(3)
        }
        if (rest == 0) continue;
        MULTIPLY_GROUP(0) // what lies beyond the last group is not used
        if (rest > 1) {
            MULTIPLY_GROUP(1)
        }
        if (rest > 2) {
            MULTIPLY_GROUP(2)
        }
    }
}

#include "tile_neon.h"

CONV_S8_KERNEL(conv_s8_6x16__neon_dotprod, method);
#endif
