// Outputs from zipped columns, some neighboring ones at a time, and where they go.

/// The kernel's form; constant wherever the compiler is to unroll.
typedef struct form {
    int32_t groups, kernel_w, stride_w, dilation_w;
    bool hard_swish;
} form;

INLINE vec requantize(vec acc, const constants *k, int quad, bool hard_swish) {
    lanes x = lanes_mul(vec_to_float(acc), lanes_load(k->m + quad * LANES));
    if (hard_swish) {
        x = lanes_mul(lanes_mul(x, lanes_gate(x)), lanes_load(k->k + quad * LANES));
    }
    return vec_round(x);
}

/// One quad of `count` (constant) neighboring outputs, rounded.
INLINE void tile_quad(form f, int count, int quad, const char *columns, const char *weights, const constants *k, vec acc[TILE]) {
    for (int t = 0; t < count; t++) acc[t] = vec_load(k->bias + quad * LANES);
    for (int32_t group = 0; group < f.groups; group++) {
        for (int32_t kx = 0; kx < f.kernel_w; kx++) {
            vec w = vec_load(weights + ((group * f.kernel_w + kx) * 4 + quad) * VEC_BYTES);
            for (int t = 0; t < count; t++) {
                int32_t column = t * f.stride_w + kx * f.dilation_w;
                acc[t] = dot(acc[t], vec_load(columns + ((column * f.groups + group) * 4 + quad) * VEC_BYTES), w);
            }
        }
    }
    if (f.hard_swish) {
        for (int t = 0; t < count; t++) acc[t] = requantize(acc[t], k, quad, true);
    } else {
        for (int t = 0; t < count; t++) acc[t] = requantize(acc[t], k, quad, false);
    }
}

/// Two quads: 16-bit values with their zero points.
INLINE void tile_half(form f, int count, int half, const char *columns, const char *weights, const constants *k, vec out[TILE]) {
    vec a[TILE], b[TILE];
    tile_quad(f, count, 2 * half, columns, weights, k, a);
    tile_quad(f, count, 2 * half + 1, columns, weights, k, b);
    vec zero = vec_load(k->zero + half * LANES * 2);
    for (int t = 0; t < count; t++) out[t] = quads_to_half(a[t], b[t], zero);
}

/// Where a stretch of outputs goes.
typedef struct target {
    uint8_t *pixels;         // the panel's first channel of the row's first output
    int32_t width, channels; // of the whole output
} target;

/// A pixel of several segments.
INLINE void store_segments(const stretch *stretch, target to, int32_t x, vec bytes) {
    uint8_t *p = to.pixels + (size_t)x * to.channels;
    ptrdiff_t step = (ptrdiff_t)stretch->output_columns * to.channels;
    int count = x < stretch->full ? stretch->panel.segments : sk_div_up(to.width - x, stretch->output_columns);
    if (to.channels >= 16) {
        vec_scatter_units(p, step, stretch->panel.units, count, bytes);
        return;
    }
    uint8_t narrow[VEC_BYTES];
    vec_store(narrow, bytes);
    for (int segment = 0; segment < count; segment++, p += step) {
        if (to.channels == 8) memcpy(p, narrow + 16 * segment, 8);
        else
            for (int c = 0; c < to.channels; c++) p[c] = narrow[16 * segment + c];
    }
}

/// `count` neighboring outputs, whose bytes are then stored.
INLINE void tile(form f, int count, const stretch *stretch, target to, int32_t x, const char *columns, const char *weights,
                 const constants *k) {
    vec out[TILE], second[TILE];
    columns += (size_t)(x - stretch->begin) * f.stride_w * f.groups * 4 * VEC_BYTES;
    tile_half(f, count, 0, columns, weights, k, out);
    tile_half(f, count, 1, columns, weights, k, second);
    for (int t = 0; t < count; t++) out[t] = halves_to_bytes(out[t], second[t]);
    if (stretch->panel.segments == 1 && to.channels >= 16) {
        for (int t = 0; t < count; t++) vec_store(to.pixels + (size_t)(x + t) * to.channels, out[t]);
    } else {
        for (int t = 0; t < count; t++) store_segments(stretch, to, x + t, out[t]);
    }
}

/// A chunk of an output row.
INLINE void row_of(form f, const stretch *stretch, target to, const char *columns, const char *weights, const constants *k) {
    int32_t x = stretch->begin, end = stretch->end;
    for (; x + TILE <= end; x += TILE) tile(f, TILE, stretch, to, x, columns, weights, k);
    if (TILE > 4 && (end - x) & 4) {
        tile(f, 4, stretch, to, x, columns, weights, k);
        x += 4;
    }
    if ((end - x) & 2) {
        tile(f, 2, stretch, to, x, columns, weights, k);
        x += 2;
    }
    if ((end - x) & 1) tile(f, 1, stretch, to, x, columns, weights, k);
}

typedef void row_function(const form *, const stretch *, const target *, const char *columns, const char *weights, const constants *);

#define ROW_FUNCTION(name, ...)                                                                                                            \
    TARGET static void name(const form *f, const stretch *stretch, const target *to, const char *columns, const char *weights,             \
                            const constants *k) {                                                                                          \
        row_of(__VA_ARGS__, stretch, *to, columns, weights, k);                                                                            \
    }
/// Groups of taps of a kernel of constant height.
#define GROUPS(kernel_h) (((kernel_h) + DOT_TAPS - 1) / DOT_TAPS)
ROW_FUNCTION(row_3_1, (form){GROUPS(3), 3, 1, 1, f->hard_swish})
ROW_FUNCTION(row_3_2, (form){GROUPS(3), 3, 2, 1, f->hard_swish})
ROW_FUNCTION(row_5_1, (form){GROUPS(5), 5, 1, 1, f->hard_swish})
ROW_FUNCTION(row_5_2, (form){GROUPS(5), 5, 2, 1, f->hard_swish})
ROW_FUNCTION(row_any, *f)

static row_function *row_function_for(const form *f) {
    bool dense = f->dilation_w == 1;
    if (dense && f->groups == GROUPS(3) && f->kernel_w == 3 && f->stride_w == 1) return row_3_1;
    if (dense && f->groups == GROUPS(3) && f->kernel_w == 3 && f->stride_w == 2) return row_3_2;
    if (dense && f->groups == GROUPS(5) && f->kernel_w == 5 && f->stride_w == 1) return row_5_1;
    if (dense && f->groups == GROUPS(5) && f->kernel_w == 5 && f->stride_w == 2) return row_5_2;
    return row_any;
}
