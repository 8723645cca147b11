// CONV_S8 on NEON: what is the same for all ways to multiply.
//
// Included by an instruction set's file, which defines TARGET, INLINE, K_GROUP, MAX_ROWS, MAX_VECTORS (of 4 channels, in a panel) and
//     accumulate(t, a, acc, rows, vectors): acc[r][v] = biases + row r times channels 4 v to 4 v + 3 of the panel, both counts constant.
#pragma STDC FP_CONTRACT OFF

/// 8 channels of all rows, from `first` on. `stride`: of `out`.
INLINE void store_eight(const conv_tile *t, const sk_act *in2, sk_act *out, size_t stride, int32x4_t acc[MAX_ROWS][MAX_VECTORS], int rows, int first,
                        conv_form form) {
    finish_constants lo = finish_constants_of(t->constants, first, form), hi = finish_constants_of(t->constants, first + 4, form);
    const int32_t *zeros = t->constants->in2_zero + first;
    int8x8_t in2_zero = vmovn_s16(vcombine_s16(vmovn_s32(vld1q_s32(zeros)), vmovn_s32(vld1q_s32(zeros + 4))));
    int16x8_t other = vdupq_n_s16(0);
    size_t in2_stride = t->out_stride; // read once: stores of bytes might alias it
    UNROLL for (int r = 0; r < rows; r++) {
        if (form == CONV_RESIDUAL) other = vsubl_s8(vld1_s8(in2 + r * in2_stride + first), in2_zero);
        int16x4_t low = vqmovn_s32(finish_four(acc[r][first / 4], lo, vget_low_s16(other), form));
        int16x4_t high = vqmovn_s32(finish_four(acc[r][first / 4 + 1], hi, vget_high_s16(other), form));
        vst1_s8(out + r * stride + first, vqmovn_s16(vcombine_s16(low, high)));
    }
}

INLINE void store_tile(const conv_tile *t, const sk_act *in2, sk_act *out, size_t stride, int32x4_t acc[MAX_ROWS][MAX_VECTORS], int rows, int vectors,
                       conv_form form) {
    UNROLL for (int first = 0; first < 4 * vectors; first += 8) store_eight(t, in2, out, stride, acc, rows, first, form);
}

/// The channels that exist of a tile that stands in `edge`: nothing is written beyond the last one.
__attribute__((noinline)) static void copy_edge(const conv_tile *t, const sk_act *edge, size_t stride, sk_act *out, int32_t rows) {
    for (int32_t r = 0; r < rows; r++) memcpy(out + r * t->out_stride, edge + r * stride, t->last_channels);
}

// MARK: - One tile

INLINE void tile(const conv_tile *t, const char *a, const sk_act *in2, sk_act *out, int rows, int vectors) {
    int32x4_t acc[MAX_ROWS][MAX_VECTORS];
    accumulate(t, a, acc, rows, vectors);
    sk_act edge[MAX_ROWS * 4 * MAX_VECTORS];
    bool whole = t->last_channels == 4 * vectors;
    sk_act *to = whole ? out : edge; // so that the epilogue has no branch from row to row
    size_t stride = whole ? t->out_stride : 4 * MAX_VECTORS;
    switch (t->form) {
    case CONV_LINEAR: store_tile(t, in2, to, stride, acc, rows, vectors, CONV_LINEAR); break;
    case CONV_RESIDUAL: store_tile(t, in2, to, stride, acc, rows, vectors, CONV_RESIDUAL); break;
    case CONV_HARD_SWISH: store_tile(t, in2, to, stride, acc, rows, vectors, CONV_HARD_SWISH); break;
    }
    if (!whole) copy_edge(t, edge, 4 * MAX_VECTORS, out, rows);
}

// MARK: - All rows

/// As many tiles of `rows` rows as fit, from row *done on.
INLINE void tiles(const conv_tile *t, int32_t *done, int32_t count, int rows, int vectors) {
    const char *a = t->a + *done * t->a_stride;
    const sk_act *in2 = t->in2 + *done * t->out_stride;
    sk_act *out = t->out + *done * t->out_stride;
    for (; *done + rows <= count; *done += rows) {
        tile(t, a, in2, out, rows, vectors);
        a += rows * t->a_stride;
        in2 += rows * t->out_stride;
        out += rows * t->out_stride;
    }
}

/// The usual tile, and what is left in few pieces: code size counts on a board.
INLINE void multiply_rows(const conv_tile *t, int32_t rows, int vectors) {
    int32_t done = 0;
    tiles(t, &done, rows, MAX_ROWS, vectors);
    if (MAX_ROWS > 2) tiles(t, &done, rows, 2, vectors);
    tiles(t, &done, rows, 1, vectors);
}

TARGET __attribute__((noinline)) static void multiply_full(const conv_tile *t, int32_t rows) { multiply_rows(t, rows, MAX_VECTORS); }

// A panel of more than 8 channels may come as half a panel.
#if MAX_VECTORS > 2
TARGET __attribute__((noinline)) static void multiply_half(const conv_tile *t, int32_t rows) { multiply_rows(t, rows, MAX_VECTORS / 2); }
#else
#define multiply_half multiply_full // never asked for
#endif

static void multiply(const conv_tile *t, int32_t rows, int32_t width, bool half) {
    (void)width; // one panel
    (half ? multiply_half : multiply_full)(t, rows);
}

static const conv_method method = {
    .lanes = 4 * MAX_VECTORS, .k_group = K_GROUP, .half_panel = MAX_VECTORS > 2, .rows = MAX_ROWS, .width = 1, .a_bytes = 1, .multiply = multiply};
