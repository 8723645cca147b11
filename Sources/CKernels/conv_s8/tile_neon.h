// CONV_S8 on NEON: what is the same for all ways to multiply.
//
// Included by an instruction set's file, which defines TARGET, INLINE, MAX_ROWS, MAX_VECTORS (of 4 channels, in a panel) and
//     accumulate(t, a, acc, rows, vectors): acc[r][v] = biases + row r times channels 4 v to 4 v + 3 of the panel, both counts constant.
#pragma STDC FP_CONTRACT OFF

/// 8 channels of all rows, from `first` on. `channels` of them exist.
INLINE void store_eight(const conv_tile *t, const sk_act *in2, sk_act *out, int32x4_t acc[MAX_ROWS][MAX_VECTORS], int rows, int first,
                        int32_t channels, conv_form form) {
    size_t stride = t->out_stride; // read once: stores of bytes might alias it
    finish_constants lo = finish_constants_of(t->constants, first, form), hi = finish_constants_of(t->constants, first + 4, form);
    const int32_t *zeros = t->constants->in2_zero + first;
    int8x8_t in2_zero = vmovn_s16(vcombine_s16(vmovn_s32(vld1q_s32(zeros)), vmovn_s32(vld1q_s32(zeros + 4))));
    int16x8_t other = vdupq_n_s16(0);
    UNROLL for (int r = 0; r < rows; r++) {
        if (form == CONV_RESIDUAL) other = vsubl_s8(vld1_s8(in2 + r * stride + first), in2_zero);
        int16x4_t low = vqmovn_s32(finish_four(acc[r][first / 4], lo, vget_low_s16(other), form));
        int16x4_t high = vqmovn_s32(finish_four(acc[r][first / 4 + 1], hi, vget_high_s16(other), form));
        int8x8_t bytes = vqmovn_s16(vcombine_s16(low, high));
        if (channels >= 8) vst1_s8(out + r * stride + first, bytes);
        else store_first(out + r * stride + first, bytes, channels);
    }
}

INLINE void store_tile(const conv_tile *t, const sk_act *in2, sk_act *out, int32x4_t acc[MAX_ROWS][MAX_VECTORS], int rows, int vectors,
                       conv_form form) {
    UNROLL for (int first = 0; first < 4 * vectors; first += 8) store_eight(t, in2, out, acc, rows, first, t->last_channels - first, form);
}

// MARK: - One tile

INLINE void tile(const conv_tile *t, const char *a, const sk_act *in2, sk_act *out, int rows, int vectors) {
    int32x4_t acc[MAX_ROWS][MAX_VECTORS];
    accumulate(t, a, acc, rows, vectors);
    switch (t->form) {
    case CONV_LINEAR: store_tile(t, in2, out, acc, rows, vectors, CONV_LINEAR); break;
    case CONV_RESIDUAL: store_tile(t, in2, out, acc, rows, vectors, CONV_RESIDUAL); break;
    case CONV_HARD_SWISH: store_tile(t, in2, out, acc, rows, vectors, CONV_HARD_SWISH); break;
    }
}

// MARK: - All rows

/// As many tiles of `rows` rows as fit, from row *done on.
INLINE void tiles(const conv_tile *t, int32_t *done, int32_t count, int rows, int vectors) {
    for (; *done + rows <= count; *done += rows)
        tile(t, t->a + *done * t->a_stride, t->in2 + *done * t->out_stride, t->out + *done * t->out_stride, rows, vectors);
}

/// The usual tile, and what is left in few pieces: code size counts on a board.
INLINE void multiply_rows(const conv_tile *t, int32_t rows, int vectors) {
    int32_t done = 0;
    tiles(t, &done, rows, MAX_ROWS, vectors);
    if (MAX_ROWS > 2) tiles(t, &done, rows, 2, vectors);
    tiles(t, &done, rows, 1, vectors);
}

TARGET __attribute__((noinline)) static void multiply_full(const conv_tile *t, int32_t rows) { multiply_rows(t, rows, MAX_VECTORS); }
