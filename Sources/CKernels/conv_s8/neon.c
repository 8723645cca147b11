// CONV_S8 by NEON without dot products: AArch64 (Cortex-A53, A72, A73) and ARMv7 (A7, A9, A15).
//
// smull and smlal2 make 16 products, two to a 16-bit lane, where they fit (2 * 127 * 128 < 2^15), and sadalp adds neighbors to 32-bit sums:
// three instructions for 16 multiply-accumulates. smlal by element on widened values would take four. A Cortex-A72 multiplies on one of its
// two pipes, so that sadalp is free: 8 products a cycle against 4. A Cortex-A53 issues one 128-bit instruction a cycle: 5.3 against 4.
//
// A group is 4 inputs, and x holds a position's group in every 32-bit lane: a sum's neighbors are then of one channel, two channels to a
// vector, and one pairwise addition at the end makes four channels of two vectors.
#include "../internal.h"

#if SK_ON_ARM
#define TARGET // the baseline
#if SK_ON_A64
#define MAX_VECTORS 4 // 2 positions x 16 channels: 16 sums, and room for the products of several, as in-order cores need it
#else
#define MAX_VECTORS 2 // 2 positions x 8 channels: 8 sums of 16 registers
#endif
#define MAX_ROWS 2
#define K_GROUP 4

#include "epilogue_neon.h"

#define SMALL_BIAS 0 // scvtf costs no more than a subtraction here

#if SK_ON_A64
typedef int8x16_t group;
INLINE group repeat(int8x8_t two_groups, int which) {
    int32x2_t x = vreinterpret_s32_s8(two_groups);
    return vreinterpretq_s8_s32(which ? vdupq_lane_s32(x, 1) : vdupq_lane_s32(x, 0));
}
INLINE int16x8_t multiply_low(group x, int8x16_t b) { return vmull_s8(vget_low_s8(x), vget_low_s8(b)); }
INLINE int16x8_t multiply_high(group x, int8x16_t b) { return vmull_high_s8(x, b); }
INLINE int16x8_t multiply_add_low(int16x8_t sum, group x, int8x16_t b) { return vmlal_s8(sum, vget_low_s8(x), vget_low_s8(b)); }
INLINE int16x8_t multiply_add_high(int16x8_t sum, group x, int8x16_t b) { return vmlal_high_s8(sum, x, b); }
INLINE int32x4_t add_neighbors(int32x4_t a, int32x4_t b) { return vpaddq_s32(a, b); }
#else
typedef int8x8_t group;
INLINE group repeat(int8x8_t two_groups, int which) {
    int32x2_t x = vreinterpret_s32_s8(two_groups);
    return vreinterpret_s8_s32(which ? vdup_lane_s32(x, 1) : vdup_lane_s32(x, 0));
}
INLINE int16x8_t multiply_low(group x, int8x16_t b) { return vmull_s8(x, vget_low_s8(b)); }
INLINE int16x8_t multiply_high(group x, int8x16_t b) { return vmull_s8(x, vget_high_s8(b)); }
INLINE int16x8_t multiply_add_low(int16x8_t sum, group x, int8x16_t b) { return vmlal_s8(sum, x, vget_low_s8(b)); }
INLINE int16x8_t multiply_add_high(int16x8_t sum, group x, int8x16_t b) { return vmlal_s8(sum, x, vget_high_s8(b)); }
INLINE int32x4_t add_neighbors(int32x4_t a, int32x4_t b) {
    return vcombine_s32(vpadd_s32(vget_low_s32(a), vget_high_s32(a)), vpadd_s32(vget_low_s32(b), vget_high_s32(b)));
}
#endif

INLINE void accumulate(const conv_tile *t, const char *a, int32x4_t acc[MAX_ROWS][MAX_VECTORS], int rows, int vectors) {
    int32x4_t low[MAX_ROWS][MAX_VECTORS], high[MAX_ROWS][MAX_VECTORS]; // channels 0, 0, 1, 1 and 2, 2, 3, 3
    UNROLL
    for (int r = 0; r < rows; r++) {
        UNROLL
        for (int v = 0; v < vectors; v++) low[r][v] = high[r][v] = vdupq_n_s32(0);
    }
    const int8_t *panel = t->panel, *row[MAX_ROWS];
    for (int32_t segment = 0; segment < t->segment_count; segment++) {
        UNROLL
        for (int r = 0; r < rows; r++) row[r] = (const int8_t *)a + t->segments[segment] + r * t->a_stride;
        int32_t k = t->k_groups;
        for (; k >= 2; k -= 2) {
            group x[MAX_ROWS], y[MAX_ROWS];
            UNROLL
            for (int r = 0; r < rows; r++) {
                int8x8_t both = vld1_s8(row[r]);
                row[r] += 2 * K_GROUP;
                x[r] = repeat(both, 0);
                y[r] = repeat(both, 1);
            }
            UNROLL
            for (int v = 0; v < vectors; v++) {
                int8x16_t b = vld1q_s8(panel + 16 * v), c = vld1q_s8(panel + 16 * (vectors + v));
                UNROLL
                for (int r = 0; r < rows; r++) {
                    low[r][v] = vpadalq_s16(low[r][v], multiply_add_low(multiply_low(x[r], b), y[r], c));
                    high[r][v] = vpadalq_s16(high[r][v], multiply_add_high(multiply_high(x[r], b), y[r], c));
                }
            }
            panel += 32 * vectors;
        }
        if (k) {
            UNROLL
            for (int v = 0; v < vectors; v++) {
                int8x16_t b = vld1q_s8(panel + 16 * v);
                UNROLL
                for (int r = 0; r < rows; r++) {
                    group x = repeat(vld1_s8(row[r]), 0); // 4 bytes more than the group: inside SK_SLACK
                    low[r][v] = vpadalq_s16(low[r][v], multiply_low(x, b));
                    high[r][v] = vpadalq_s16(high[r][v], multiply_high(x, b));
                }
            }
            panel += 16 * vectors;
        }
    }
    UNROLL
    for (int r = 0; r < rows; r++) {
        UNROLL
        for (int v = 0; v < vectors; v++)
            acc[r][v] = vaddq_s32(add_neighbors(low[r][v], high[r][v]), vld1q_s32(t->constants->bias + 4 * v));
    }
}

#include "tile_neon.h"

#if SK_ON_A64
CONV_S8_KERNEL(conv_s8_2x16__neon, method);
#else
CONV_S8_KERNEL(conv_s8_2x8__neon, method);
#endif
#endif
