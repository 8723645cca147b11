// CONV_S8 by smmla: 2 positions x 2 channels x 8 inputs an instruction. Tiles of 6 positions x 16 channels: 24 sums.
#include "../internal.h"

#if SK_ON_A64
#define TARGET __attribute__((target("i8mm")))
#define MAX_ROWS 6
#define MAX_VECTORS 4
#define K_GROUP 8

#include "epilogue_neon.h"

#define SMALL_BIAS SK_ROUNDER_BITS

/// Sums are in squares here: square[i][c] = rows 2 i and 2 i + 1 times channels 2 c and 2 c + 1. An odd last row stands in for its
/// neighbor.
INLINE void accumulate(const conv_tile *t, const char *a, int32x4_t acc[MAX_ROWS][MAX_VECTORS], int rows, int vectors) {
    int32x4_t square[(MAX_ROWS + 1) / 2][2 * MAX_VECTORS];
    int pairs = (rows + 1) / 2;
    UNROLL
    for (int c = 0; c < 2 * vectors; c++) {
        int32x2_t bias = vld1_s32(t->constants->bias + 2 * c);
        UNROLL
        for (int i = 0; i < pairs; i++) square[i][c] = vcombine_s32(bias, bias);
    }
    const int8_t *panel = t->panel, *row[MAX_ROWS];
    for (int32_t segment = 0; segment < t->segment_count; segment++) {
        UNROLL
        for (int r = 0; r < rows; r++) row[r] = (const int8_t *)a + t->segments[segment] + r * t->a_stride;
        for (int32_t k = t->k_groups; k > 0; k--) {
            int8x16_t x[MAX_ROWS];
            UNROLL
            for (int i = 0; i < pairs; i++) x[i] = vcombine_s8(vld1_s8(row[2 * i]), vld1_s8(row[2 * i + 1 < rows ? 2 * i + 1 : 2 * i]));
            UNROLL
            for (int r = 0; r < rows; r++) row[r] += K_GROUP;
            UNROLL
            for (int c = 0; c < 2 * vectors; c++) {
                int8x16_t b = vld1q_s8(panel + 16 * c);
                UNROLL
                for (int i = 0; i < pairs; i++) square[i][c] = vmmlaq_s32(square[i][c], x[i], b);
            }
            panel += 32 * vectors;
        }
    }
    UNROLL
    for (int r = 0; r < rows; r++) {
        UNROLL
        for (int v = 0; v < vectors; v++) {
            int64x2_t left = vreinterpretq_s64_s32(square[r / 2][2 * v]), right = vreinterpretq_s64_s32(square[r / 2][2 * v + 1]);
            acc[r][v] = vreinterpretq_s32_s64(r % 2 ? vzip2q_s64(left, right) : vzip1q_s64(left, right));
        }
    }
}

#include "tile_neon.h"

CONV_S8_KERNEL(conv_s8_6x16__neon_i8mm, method);
#endif
