// 3x3 kernels of stride 1 and 2 on panels that fill a vector, without zipped columns in memory: one output row at a time, whose three
// latest columns stay in registers. Storing columns costs two cycles a vector; with stride 2 hardly any output shares them.

enum { DIRECT_GROUPS = GROUPS(3) };

/// A column: what zip_store writes.
typedef struct column {
    vec quads[DIRECT_GROUPS][4];
} column;

INLINE column zip_direct(const uint8_t *const rows[3], const uint8_t *padding, int32_t x, int32_t width, size_t channels) {
    bool inside = (uint32_t)x < (uint32_t)width;
    size_t at = (size_t)x * channels;
    vec top = vec_load(inside ? rows[0] + at : padding), middle = vec_load(inside ? rows[1] + at : padding);
    vec bottom = vec_load(inside ? rows[2] + at : padding);
    vec lo = vec_zip_lo8(top, middle), hi = vec_zip_hi8(top, middle);
#if DOT_TAPS == 4
    vec bottom_lo = vec_zip_lo8(bottom, vec_zero()), bottom_hi = vec_zip_hi8(bottom, vec_zero());
    return (column){{{vec_zip_lo16(lo, bottom_lo), vec_zip_hi16(lo, bottom_lo), vec_zip_lo16(hi, bottom_hi), vec_zip_hi16(hi, bottom_hi)}}};
#else
    vec bottom_lo = vec_widen_act_lo(bottom), bottom_hi = vec_widen_act_hi(bottom), zero = vec_zero();
    return (column){
        {{vec_widen_act_lo(lo), vec_widen_act_hi(lo), vec_widen_act_lo(hi), vec_widen_act_hi(hi)},
         {vec_zip_lo16(bottom_lo, zero), vec_zip_hi16(bottom_lo, zero), vec_zip_lo16(bottom_hi, zero), vec_zip_hi16(bottom_hi, zero)}}};
#endif
}

INLINE vec direct_output(const column *left, const column *center, const column *right, const vec *w, const constants *k, bool hard_swish) {
    vec quads[4];
    for (int quad = 0; quad < 4; quad++) {
        vec acc = vec_load(k->bias + quad * LANES);
        for (int group = 0; group < DIRECT_GROUPS; group++) {
            acc = dot(acc, left->quads[group][quad], w[(group * 3 + 0) * 4 + quad]);
            acc = dot(acc, center->quads[group][quad], w[(group * 3 + 1) * 4 + quad]);
            acc = dot(acc, right->quads[group][quad], w[(group * 3 + 2) * 4 + quad]);
        }
        quads[quad] = requantize(acc, k, quad, hard_swish);
    }
    return quads_to_bytes(quads, k->zero);
}

/// One output row. `stride`: constant, 1 or 2.
INLINE void direct_row(const sk_shape *s, int32_t stride, bool hard_swish, const uint8_t *const rows[3], const uint8_t *padding,
                       const char *weights, const constants *k, uint8_t *out) {
    int32_t in_w = s->in_w, out_w = s->out_w;
    size_t channels = s->in_c;
#if UNITS == 4 && DOT_TAPS == 4
    // 32 registers hold them for the whole row; the compiler does not dare on its own, as it stores bytes in between.
    vec w[DIRECT_GROUPS * 12];
    for (int i = 0; i < DIRECT_GROUPS * 12; i++) w[i] = vec_load(weights + i * VEC_BYTES);
#else
    const vec *w = (const vec *)weights;
#endif
    // What the first output shares with the one before it, had there been one.
    int32_t x = -s->pad_left;
    column center = zip_direct(rows, padding, x, in_w, channels), right = center;
    x++;
    if (stride == 1) right = zip_direct(rows, padding, x++, in_w, channels);
    for (int32_t i = 0; i < out_w; i++, out += channels) {
        column left = stride == 1 ? center : right;
        center = stride == 1 ? right : zip_direct(rows, padding, x++, in_w, channels);
        right = zip_direct(rows, padding, x++, in_w, channels);
        vec_store(out, direct_output(&left, &center, &right, w, k, hard_swish));
    }
}

#define DIRECT_FUNCTION(name, stride)                                                                                                      \
    TARGET static void name(const sk_shape *s, const uint8_t *const rows[3], const uint8_t *padding, const char *weights,                  \
                            const constants *k, uint8_t *out) {                                                                            \
        if (s->activation == SK_HARD_SWISH) direct_row(s, stride, true, rows, padding, weights, k, out);                                   \
        else direct_row(s, stride, false, rows, padding, weights, k, out);                                                                 \
    }
DIRECT_FUNCTION(direct_row_1, 1)
DIRECT_FUNCTION(direct_row_2, 2)

/// Whether a panel is better computed directly. With stride 1 that takes 32 registers: with 16 it is measured to be slower.
static bool is_direct(const sk_shape *s, const panel *panel) {
    bool three = s->kernel_h == 3 && s->kernel_w == 3 && s->dilation_h == 1 && s->dilation_w == 1;
    return three && panel->segments == 1 && s->in_c >= 16 && (s->stride_w == 2 || (s->stride_w == 1 && UNITS == 4));
}
