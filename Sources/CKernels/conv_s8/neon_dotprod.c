// CONV_S8 by sdot by element. A vector of A is 16 inputs of one position, four groups of 4; a vector of B is a group of 4 channels. Tiles of 6
// positions x 16 channels: 24 sums, 6 vectors of A and one or two of B fill the 32 registers, and 22 loads feed 96 products.
#if defined(__aarch64__)
#define TARGET __attribute__((target("dotprod")))
#define INLINE static inline TARGET __attribute__((always_inline))
#define MAX_ROWS 6
#define MAX_VECTORS 4
#define K_GROUP 4

#include "epilogue_neon.h"

/// The group in lane `LANE` of each row's vector times one group of the panel. A macro, as the lane must be a literal.
#define MULTIPLY_GROUP(LANE)                                                                                                             \
    UNROLL for (int v = 0; v < vectors; v++) {                                                                                           \
        int8x16_t b = vld1q_s8(panel + 16 * v);                                                                                          \
        UNROLL for (int r = 0; r < rows; r++) acc[r][v] = vdotq_laneq_s32(acc[r][v], b, x[r], LANE);                                     \
    }                                                                                                                                    \
    panel += 16 * vectors;

INLINE void accumulate(const conv_tile *t, const char *a, int32x4_t acc[MAX_ROWS][MAX_VECTORS], int rows, int vectors) {
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) acc[r][v] = vld1q_s32(t->constants->bias + 4 * v);
    }
    size_t stride = t->a_stride;
    const int8_t *panel = t->panel;
    for (int32_t segment = 0; segment < t->segment_count; segment++) {
        const int8_t *row = (const int8_t *)a + t->segments[segment];
        int8x16_t x[MAX_ROWS];
        int32_t k = t->k_groups;
        for (; k >= 4; k -= 4, row += 16) {
            UNROLL for (int r = 0; r < rows; r++) x[r] = vld1q_s8(row + r * stride);
            MULTIPLY_GROUP(0)
            MULTIPLY_GROUP(1)
            MULTIPLY_GROUP(2)
            MULTIPLY_GROUP(3)
        }
        if (k == 0) continue;
        UNROLL for (int r = 0; r < rows; r++) x[r] = vld1q_s8(row + r * stride); // what lies behind the last group is not used
        MULTIPLY_GROUP(0)
        if (k > 1) { MULTIPLY_GROUP(1) }
        if (k > 2) { MULTIPLY_GROUP(2) }
    }
}

#include "tile_neon.h"

CONV_KERNEL(sk_conv_s8_6x16__neon_dotprod, "conv_s8_6x16__neon_dotprod", SK_NEON_DOTPROD, method);
#endif
