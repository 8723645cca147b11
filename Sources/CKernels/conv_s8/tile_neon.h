// CONV_S8 on NEON: what is the same for all ways to multiply.
//
// Included by an instruction set's file, which defines TARGET, K_GROUP, MAX_ROWS, MAX_VECTORS (of 4 channels, in a panel), SMALL_BIAS and
//     accumulate(t, a, acc, rows, vectors): acc[r][v] = biases + row r times channels 4 v to 4 v + 3 of the panel, both counts constant.
// MARK: - Small panels

/// With SMALL_BIAS sums have begun at the bits of SK_ROUNDER, so that a subtraction is all that makes them floats; scvtf takes two cycles
/// of the one pipe that has it on a Cortex-A76.
INLINE float32x4_t small_sum(int32x4_t acc, float32x4_t rounder) {
    return SMALL_BIAS ? vsubq_f32(float_bits(acc), rounder) : vcvtq_f32_s32(acc);
}

/// What the epilogue of a panel needs in registers; zero points are those of two vectors.
typedef struct small_constants {
    finish_constants of[MAX_VECTORS];
    int16x8_t zero[MAX_VECTORS];
    int8x8_t in2_zero[MAX_VECTORS];
    float32x4_t rounder;
} small_constants;

/// The constants of vectors [first, end).
INLINE small_constants small_constants_of(const conv_constants *constants, int first, int end, conv_form form) {
    small_constants c;
    c.rounder = vdupq_n_f32(SK_ROUNDER);
    __asm__("" : "+w"(c.rounder)); // one register for both signs
    UNROLL
    for (int v = first; v < end; v++) c.of[v] = finish_constants_of(constants, 4 * v, form);
    UNROLL
    for (int v = first; v < end; v += 2) {
        c.zero[v] = zeros_of(constants->out_zero + 4 * v);
        if (form != CONV_RESIDUAL) continue;
        c.in2_zero[v] = vmovn_s16(zeros_of(constants->in2_zero + 4 * v));
        __asm__("" : "+w"(c.in2_zero[v])); // else widened again, and two instructions do what ssubl does
    }
    return c;
}

/// Vectors [first, end) of rows [top, bottom). `stride`: of `out`.
INLINE void store_block(const small_constants *c, const sk_act *in2, size_t in2_stride, sk_act *out, size_t stride,
                        int32x4_t acc[MAX_ROWS][MAX_VECTORS], int top, int bottom, int first, int end, conv_form form) {
    int16x8_t other[MAX_ROWS][MAX_VECTORS];
    UNROLL
    for (int r = top; r < bottom; r++) { // all before the first store, which might alias
        UNROLL
        for (int v = first; v < end; v += 2)
            other[r][v] = form == CONV_RESIDUAL ? vsubl_s8(vld1_s8(in2 + r * in2_stride + 4 * v), c->in2_zero[v]) : vdupq_n_s16(0);
    }
    UNROLL
    for (int r = top; r < bottom; r++) {
        UNROLL
        for (int v = first; v < end; v += 2) {
            int32x4_t low = finish_four(small_sum(acc[r][v], c->rounder), c->of[v], vget_low_s16(other[r][v]), c->rounder, form);
            int32x4_t high = finish_four(small_sum(acc[r][v + 1], c->rounder), c->of[v + 1], vget_high_s16(other[r][v]), c->rounder, form);
            vst1_s8(out + r * stride + 4 * v, vqmovn_s16(vqaddq_s16(join(vmovn_s32(low), vmovn_s32(high)), c->zero[v])));
        }
    }
}

/// In blocks of 4 to 8 vectors: enough for a core that runs in order, and few enough to leave the other sums in their registers.
INLINE void store_tile(const conv_tile *t, const sk_act *in2, sk_act *out, size_t stride, int32x4_t acc[MAX_ROWS][MAX_VECTORS], int rows,
                       int vectors, conv_form form) {
    int height = rows % 3 == 0 ? 3 : rows % 2 == 0 ? 2 : 1, width = rows <= 2 ? vectors : 2;
    UNROLL
    for (int first = 0; first < vectors; first += width) {
        small_constants c = small_constants_of(t->constants, first, first + width, form);
        UNROLL
        for (int top = 0; top < rows; top += height) {
            store_block(&c, in2, t->out_stride, out, stride, acc, top, top + height, first, first + width, form);
            // The compiler must not begin with the next block before.
            UNROLL
            for (int r = top + height; r < rows; r++) {
                UNROLL
                for (int v = first; v < first + width; v++) __asm__ volatile("" : "+w"(acc[r][v]) : : "memory");
            }
        }
    }
}

// MARK: - Any panel

/// As store_eight, from sums in memory. The bits of a float, read as an integer, grow with it from -SK_ROUNDER on, and are negative below,
/// so that a saturating subtraction brings every result that does not fit to its end.
INLINE void store_large_eight(const conv_tile *t, const sk_act *in2, sk_act *out, size_t stride, int32x4_t sums[MAX_ROWS][MAX_VECTORS],
                              int rows, int first, conv_form form) {
    finish_constants lo = finish_constants_of(t->constants, first, form), hi = finish_constants_of(t->constants, first + 4, form);
    const int32_t *zeros = t->constants->out_zero + first;
    int32x4_t lo_base = vsubq_s32(vdupq_n_s32(SK_ROUNDER_BITS), vld1q_s32(zeros)),
              hi_base = vsubq_s32(vdupq_n_s32(SK_ROUNDER_BITS), vld1q_s32(zeros + 4));
    int8x8_t in2_zero = vmovn_s16(zeros_of(t->constants->in2_zero + first));
    int16x8_t other = vdupq_n_s16(0);
    for (int r = 0; r < rows; r++) {
        if (form == CONV_RESIDUAL) other = vsubl_s8(vld1_s8(in2 + r * t->out_stride + first), in2_zero);
        int32x4_t low = finish_four(vcvtq_f32_s32(sums[r][first / 4]), lo, vget_low_s16(other), vdupq_n_f32(SK_ROUNDER), form);
        int32x4_t high = finish_four(vcvtq_f32_s32(sums[r][first / 4 + 1]), hi, vget_high_s16(other), vdupq_n_f32(SK_ROUNDER), form);
        vst1_s8(out + r * stride, vqmovn_s16(join(vqmovn_s32(vqsubq_s32(low, lo_base)), vqmovn_s32(vqsubq_s32(high, hi_base)))));
    }
}

/// Rows in a loop and one function for all tiles: such panels have so many inputs that this is little beside their products.
TARGET __attribute__((noinline)) static void store_large(const conv_tile *t, const sk_act *in2, sk_act *out, size_t stride,
                                                         int32x4_t sums[MAX_ROWS][MAX_VECTORS], int rows, int vectors) {
    for (int first = 0; first < 4 * vectors; first += 8) {
        switch (t->form) {
        case CONV_LINEAR: store_large_eight(t, in2, out + first, stride, sums, rows, first, CONV_LINEAR); break;
        case CONV_RESIDUAL: store_large_eight(t, in2, out + first, stride, sums, rows, first, CONV_RESIDUAL); break;
        case CONV_HARD_SWISH: store_large_eight(t, in2, out + first, stride, sums, rows, first, CONV_HARD_SWISH); break;
        }
    }
}

/// The channels that exist of a tile that stands in `edge`: nothing is written beyond the last one.
__attribute__((noinline)) static void copy_edge(const conv_tile *t, const sk_act *edge, size_t stride, sk_act *out, int32_t rows) {
    for (int32_t r = 0; r < rows; r++) memcpy(out + r * t->out_stride, edge + r * stride, t->last_channels);
}

// MARK: - One tile

/// `t`: a copy of *shared, so that its fields stay in registers; stores of bytes might alias the original.
INLINE void tile(const conv_tile *shared, const conv_tile *t, const char *a, const sk_act *in2, sk_act *out, int rows, int vectors) {
    int32x4_t acc[MAX_ROWS][MAX_VECTORS];
    accumulate(t, a, acc, rows, vectors);
    sk_act edge[MAX_ROWS * 4 * MAX_VECTORS];
    bool whole = t->last_channels == 4 * vectors;
    sk_act *to = whole ? out : edge; // so that the epilogue has no branch from row to row
    size_t stride = whole ? t->out_stride : 4 * MAX_VECTORS;
    switch (t->small ? (int)t->form : -1) {
    case CONV_LINEAR: store_tile(t, in2, to, stride, acc, rows, vectors, CONV_LINEAR); break;
    case CONV_RESIDUAL: store_tile(t, in2, to, stride, acc, rows, vectors, CONV_RESIDUAL); break;
    case CONV_HARD_SWISH: store_tile(t, in2, to, stride, acc, rows, vectors, CONV_HARD_SWISH); break;
    default: {
        int32x4_t sums[MAX_ROWS][MAX_VECTORS]; // a copy, so that `acc` has no address
        UNROLL
        for (int r = 0; r < rows; r++) {
            UNROLL
            for (int v = 0; v < vectors; v++) sums[r][v] = acc[r][v];
        }
        store_large(shared, in2, to, stride, sums, rows, vectors);
    }
    }
    if (!whole) copy_edge(shared, edge, 4 * MAX_VECTORS, out, rows);
}

// MARK: - All rows

/// As many tiles of `rows` rows as fit, from row *done on.
INLINE void tiles(const conv_tile *shared, int32_t *done, int32_t count, int rows, int vectors) {
    conv_tile t = *shared;
    const char *a = t.a + *done * t.a_stride;
    const sk_act *in2 = t.in2 + *done * t.out_stride;
    sk_act *out = t.out + *done * t.out_stride;
    size_t a_step = rows * t.a_stride, out_step = rows * t.out_stride;
    for (; *done + rows <= count; *done += rows) {
        tile(shared, &t, a, in2, out, rows, vectors);
        a += a_step;
        in2 += out_step;
        out += out_step;
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

static const conv_method method = {.lanes = 4 * MAX_VECTORS,
                                   .k_group = K_GROUP,
                                   .half_panel = MAX_VECTORS > 2,
                                   .rows = MAX_ROWS,
                                   .width = 1,
                                   .a_bytes = 1,
                                   .multiply = multiply,
                                   .small_panels = true,
                                   .small_bias = SMALL_BIAS};
