// CONV_S8 by AArch64's sdot by element: tiles of 6 positions x 16 channels. A vector of A is 16 inputs of one position, four groups of 4; a vector of
// B is a group of 4 inputs of 4 channels. 24 sums, 6 vectors of A and one of B fill the 32 registers, and 22 loads feed 96 products.
#if defined(__aarch64__)
#define TARGET __attribute__((target("dotprod")))

#include "epilogue128.h"

#pragma STDC FP_CONTRACT OFF

#define MAX_ROWS 6
#define MAX_WIDTH 2

/// One group of inputs: lane `GROUP` of each row's vector. A macro, as the lane must be a literal.
#define MULTIPLY_GROUP(GROUP)                                                                                                            \
    UNROLL for (int v = 0; v < 2 * width; v++) {                                                                                         \
        int8x16_t b = vld1q_s8(panel + v / 2 * panel_bytes + GROUP * 32 + v % 2 * 16);                                                   \
        UNROLL for (int r = 0; r < rows; r++) acc[r][v] = vdotq_laneq_s32(acc[r][v], b, x[r], GROUP);                                    \
    }

/// `rows` x `width` panels of 8 channels, both constants where it is inlined.
INLINE void tile(const conv_tile *t, const char *a, const sk_act *in2, sk_act *out, int rows, int width) {
    int32x4_t acc[MAX_ROWS][2 * MAX_WIDTH];
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < 2 * width; v++) acc[r][v] = vld1q_s32(t->constants[v / 2].bias + v % 2 * 4);
    }

    size_t stride = t->a_stride, panel_bytes = t->panel_bytes;
    const int8_t *panel = t->panel;
    for (int32_t segment = 0; segment < t->segment_count; segment++) {
        const int8_t *row = (const int8_t *)a + t->segments[segment];
        int32_t k = t->k_groups;
        int8x16_t x[MAX_ROWS];
        for (; k >= 4; k -= 4, row += 16, panel += 128) {
            UNROLL for (int r = 0; r < rows; r++) x[r] = vld1q_s8(row + r * stride);
            MULTIPLY_GROUP(0)
            MULTIPLY_GROUP(1)
            MULTIPLY_GROUP(2)
            MULTIPLY_GROUP(3)
        }
        if (k > 0) {
            UNROLL for (int r = 0; r < rows; r++) x[r] = vld1q_s8(row + r * stride); // what is behind the last group is not used
            MULTIPLY_GROUP(0)
            if (k > 1) { MULTIPLY_GROUP(1) }
            if (k > 2) { MULTIPLY_GROUP(2) }
            panel += k * 32;
        }
    }

#define STORE(form)                                                                                                                      \
    UNROLL for (int r = 0; r < rows; r++) {                                                                                              \
        UNROLL for (int z = 0; z < width; z++)                                                                                           \
            store_panel(acc[r][2 * z], acc[r][2 * z + 1], t->constants + z, in2 + r * t->out_stride + 8 * z,                              \
                        out + r * t->out_stride + 8 * z, z == width - 1 ? t->last_channels : 8, form);                                   \
    }
    switch (t->form) {
    case CONV_LINEAR: STORE(CONV_LINEAR) break;
    case CONV_RESIDUAL: STORE(CONV_RESIDUAL) break;
    case CONV_HARD_SWISH: STORE(CONV_HARD_SWISH) break;
    }
}
#undef STORE

#include "rows128.h"

static const conv_method method = {.lanes = 8, .k_group = 4, .rows = MAX_ROWS, .width = MAX_WIDTH, .a_bytes = 1, .multiply = multiply};

CONV_KERNEL(sk_conv_s8_6x16__neon_dotprod, "conv_s8_6x16__neon_dotprod", SK_NEON_DOTPROD, method);
#endif
