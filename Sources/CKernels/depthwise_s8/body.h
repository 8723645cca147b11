// DEPTHWISE_S8 on vectors: the code of every instruction set. The including file has chosen a vector type (../vectors/) and defined
//     DOT_TAPS  input rows per 32-bit lane: 4 (bytes, for a dot-product instruction) or 2 (16-bit values)
//     dot()     acc + the products of a lane's taps, summed
//
// Each input column (one pixel of `rows` neighbouring rows) is zipped once into 32-bit lanes that hold DOT_TAPS vertical taps of one
// channel, with padding already in place. Then an output is one dot() a kernel column and group of taps, on operands that neighbouring
// outputs, to the right and below, share.
#include "../vectors/quads.h"
#include "plan.h"

#pragma STDC FP_CONTRACT OFF

enum { MAX_ROWS = 16 };

// MARK: - Packing
// [padding row: the input's width of padding pixels, and a vector of slack], then a record for each panel:
//     weights  [group][kernel_w][4 quads] vectors, a lane holding DOT_TAPS vertical taps, zeros below the kernel
//     constants

/// In quad order; `zero` in halves, SK_ACT_OFFSET included.
typedef struct constants {
    int32_t bias[4 * VEC_LANES];
    float m[4 * VEC_LANES], k[4 * VEC_LANES];
    int16_t zero[VEC_BYTES];
} constants;

static size_t padding_bytes(const sk_shape *s) { return sk_round_up((size_t)s->in_w * s->in_c, SK_ALIGNMENT) + 64; }
static size_t record_bytes(const plan *p) { return p->weights + sizeof(constants); }

static bool supports(const sk_shape *s) { return !s->residual && s->kernel_h <= MAX_ROWS; }

static size_t packed_bytes(const sk_shape *s) {
    plan p = plan_of(s, DOT_TAPS, VEC_BYTES);
    return padding_bytes(s) + (size_t)panel_count(s->out_c, UNITS) * record_bytes(&p);
}

static void pack_panel(const sk_shape *s, const sk_params *params, const plan *p, panel panel, char *record) {
    int8_t *weights = (int8_t *)record;
    constants *to = (constants *)(record + p->weights);
    for (int byte = 0; byte < VEC_BYTES; byte++) {
        int at = quad_index(byte), quad = at / VEC_LANES, lane = at % VEC_LANES;
        int32_t c = panel.first + byte % (panel.units * 16);
        if (c >= s->out_c) continue; // the panel is one of fewer than 16 channels
        int32_t sum = 0;
        for (int32_t ky = 0; ky < s->kernel_h; ky++) {
            for (int32_t kx = 0; kx < s->kernel_w; kx++) {
                int8_t w = params->weights[((size_t)c * s->kernel_h + ky) * s->kernel_w + kx];
                size_t vector = ((size_t)(ky / DOT_TAPS) * s->kernel_w + kx) * 4 + quad;
                int8_t *taps = weights + vector * VEC_BYTES + lane * 4;
                if (DOT_TAPS == 4) taps[ky % 4] = w;
                else ((int16_t *)taps)[ky % 2] = w;
                sum += w;
            }
        }
        to->bias[at] = params->bias[c] - SK_ACT_OFFSET * sum;
        to->m[at] = params->multiplier[c];
        to->k[at] = s->activation == SK_HARD_SWISH ? params->out_factor[c] : 0;
        to->zero[half_index(byte)] = params->out_zero[c] + SK_ACT_OFFSET;
    }
}

static void pack(const sk_shape *s, const sk_params *params, void *packed) {
    plan p = plan_of(s, DOT_TAPS, VEC_BYTES);
    memset(packed, 0, packed_bytes(s));
    for (int32_t i = 0; i < s->in_w * s->in_c; i++) ((sk_act *)packed)[i] = sk_stored(params->in_zero[i % s->in_c]);
    char *record = (char *)packed + padding_bytes(s);
    for (int32_t i = 0; i < panel_count(s->out_c, UNITS); i++, record += record_bytes(&p))
        pack_panel(s, params, &p, panel_at(s->out_c, UNITS, i), record);
}

// MARK: - Scratch, of each thread: the weights of all shifts for one panel, then the zipped columns

static size_t scratch_of_part(const sk_shape *s) {
    plan p = plan_of(s, DOT_TAPS, VEC_BYTES);
    return sk_round_up(p.rows * p.weights + (size_t)p.columns * p.groups * 4 * VEC_BYTES, SK_ALIGNMENT);
}

static size_t scratch_bytes(const sk_shape *s, int parts) { return (size_t)parts * scratch_of_part(s); }

/// Weights for each output row that shares the columns: the taps moved down by `stride_h` rows more each time.
static VEC_FUNCTION void shift_weights(const sk_shape *s, const plan *p, const char *weights, char *shifted) {
    size_t group = p->weights / p->groups;
    for (int32_t row = 0; row < p->rows; row++) {
        int bits = row * s->stride_h * (32 / DOT_TAPS);
        for (size_t at = 0; at < p->weights; at += VEC_BYTES, shifted += VEC_BYTES) {
            vec w = vec_shift_left32(vec_load(weights + at), bits);
            if (bits > 0 && at >= group) w = vec_or(w, vec_shift_right32(vec_load(weights + at - group), 32 - bits));
            vec_store(shifted, w);
        }
    }
}

// MARK: - Zipping columns

/// A panel's stretch of the output row (and of each further segment: `output_columns` to the right of the one before).
typedef struct stretch {
    panel panel;
    int32_t output_columns;
    int32_t full;             // outputs up to here exist in all segments
    int32_t begin, end;       // the chunk of its outputs at hand
    const uint8_t *padding;   // the padding row, from the panel's first channel
} stretch;

static VEC_INLINE void zip_store(const vec rows[DOT_TAPS], char *to) {
    vec lo = vec_zip_lo8(rows[0], rows[1]), hi = vec_zip_hi8(rows[0], rows[1]);
#if DOT_TAPS == 4
    vec lo2 = vec_zip_lo8(rows[2], rows[3]), hi2 = vec_zip_hi8(rows[2], rows[3]);
    vec_store(to, vec_zip_lo16(lo, lo2));
    vec_store(to + VEC_BYTES, vec_zip_hi16(lo, lo2));
    vec_store(to + 2 * VEC_BYTES, vec_zip_lo16(hi, hi2));
    vec_store(to + 3 * VEC_BYTES, vec_zip_hi16(hi, hi2));
#else
    vec_store(to, vec_zip_lo8(lo, vec_zero()));
    vec_store(to + VEC_BYTES, vec_zip_hi8(lo, vec_zero()));
    vec_store(to + 2 * VEC_BYTES, vec_zip_lo8(hi, vec_zero()));
    vec_store(to + 3 * VEC_BYTES, vec_zip_hi8(hi, vec_zero()));
#endif
}

/// Zips a column of which some segments are in the picture and some may not be.
static VEC_INLINE void zip_edge(const sk_shape *s, const stretch *stretch, const uint8_t *const rows[DOT_TAPS], int units, int32_t column, char *to) {
    vec taps[DOT_TAPS];
    for (int tap = 0; tap < DOT_TAPS; tap++) {
        const uint8_t *p[UNITS];
        int32_t x = stretch->begin * s->stride_w - s->pad_left + column;
        for (int segment = 0; segment < UNITS / units; segment++, x += stretch->output_columns * s->stride_w)
            p[segment] = x >= 0 && x < s->in_w ? rows[tap] + (size_t)x * s->in_c : stretch->padding;
        taps[tap] = vec_gather_units(p, units);
    }
    zip_store(taps, to);
}

/// Zips the columns of one group of taps. `column_bytes`: from one column to the next.
static VEC_INLINE void zip_group(const sk_shape *s, const stretch *stretch, const uint8_t *const rows[DOT_TAPS], int units, size_t column_bytes, char *to) {
    int32_t segment_width = stretch->output_columns * s->stride_w, columns = columns_of(s, stretch->end - stretch->begin);
    // All segments are inside the picture from column `inside` to column `outside`.
    int32_t left = stretch->begin * s->stride_w - s->pad_left;
    int32_t inside = sk_min(sk_max(-left, 0), columns);
    int32_t outside = sk_max(sk_min(s->in_w - left - (UNITS / units - 1) * segment_width, columns), inside);
    for (int32_t i = 0; i < inside; i++) zip_edge(s, stretch, rows, units, i, to + i * column_bytes);
    for (int32_t i = outside; i < columns; i++) zip_edge(s, stretch, rows, units, i, to + i * column_bytes);

    size_t at[UNITS]; // of the segments' pixels in a row
    for (int segment = 0; segment < UNITS / units; segment++) at[segment] = ((size_t)segment * segment_width + left + inside) * s->in_c;
    char *end = to + outside * column_bytes;
    for (to += inside * column_bytes; to < end; to += column_bytes) {
        vec taps[DOT_TAPS];
        for (int tap = 0; tap < DOT_TAPS; tap++) {
            const uint8_t *p[UNITS];
            for (int segment = 0; segment < UNITS / units; segment++) p[segment] = rows[tap] + at[segment];
            taps[tap] = vec_gather_units(p, units);
        }
        zip_store(taps, to);
        for (int segment = 0; segment < UNITS / units; segment++) at[segment] += s->in_c;
    }
}

/// Input row `y` of `picture`, from the panel's first channel; the padding row outside the picture.
static inline const uint8_t *input_row(const sk_shape *s, const stretch *stretch, const uint8_t *picture, int32_t y) {
    bool inside = y >= 0 && y < s->in_h;
    return inside ? picture + (size_t)y * s->in_w * s->in_c + stretch->panel.first : stretch->padding;
}

/// Zips what the output rows from `out_y` on need of `picture`.
static VEC_FUNCTION void zip_columns(const sk_shape *s, const plan *p, const stretch *stretch, const uint8_t *picture, int32_t out_y, char *columns) {
    int32_t needed = (p->rows - 1) * s->stride_h + s->kernel_h;
    for (int32_t group = 0; group < p->groups; group++, columns += 4 * VEC_BYTES) {
        const uint8_t *rows[DOT_TAPS];
        for (int tap = 0; tap < DOT_TAPS; tap++) {
            int32_t row = group * DOT_TAPS + tap, y = out_y * s->stride_h - s->pad_top + row * s->dilation_h;
            rows[tap] = row < needed ? input_row(s, stretch, picture, y) : stretch->padding;
        }
        size_t column_bytes = (size_t)p->groups * 4 * VEC_BYTES;
        switch (stretch->panel.units) {
        case 1: zip_group(s, stretch, rows, 1, column_bytes, columns); break;
#if UNITS == 4
        case 2: zip_group(s, stretch, rows, 2, column_bytes, columns); break;
#endif
        default: zip_group(s, stretch, rows, UNITS, column_bytes, columns);
        }
    }
}

// MARK: - Outputs

/// The kernel's form; constant wherever the compiler is to unroll.
typedef struct form {
    int32_t groups, kernel_w, stride_w, dilation_w;
    bool hard_swish;
} form;

static VEC_INLINE vec requantise(vec acc, const constants *k, int quad, bool hard_swish) {
    vecf x = vec_mulf(vec_to_float(acc), vec_loadf(k->m + quad * VEC_LANES));
    if (hard_swish) {
        vecf gate = vec_minf(vec_maxf(vec_addf(x, vec_broadcastf(3.0f)), vec_broadcastf(0.0f)), vec_broadcastf(6.0f));
        x = vec_mulf(vec_mulf(x, gate), vec_loadf(k->k + quad * VEC_LANES));
    }
    return vec_round(x);
}

/// One quad of `count` (constant) neighbouring outputs, rounded.
static VEC_INLINE void tile_quad(form f, int count, int quad, const char *columns, const char *weights, const constants *k, vec acc[TILE]) {
    for (int t = 0; t < count; t++) acc[t] = vec_load(k->bias + quad * VEC_LANES);
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
        for (int t = 0; t < count; t++) acc[t] = requantise(acc[t], k, quad, true);
    } else {
        for (int t = 0; t < count; t++) acc[t] = requantise(acc[t], k, quad, false);
    }
}

/// Two quads: 16-bit values with their zero points.
static VEC_INLINE void tile_half(form f, int count, int half, const char *columns, const char *weights, const constants *k, vec out[TILE]) {
    vec a[TILE], b[TILE];
    tile_quad(f, count, 2 * half, columns, weights, k, a);
    tile_quad(f, count, 2 * half + 1, columns, weights, k, b);
    vec zero = vec_load(k->zero + half * VEC_LANES * 2);
    for (int t = 0; t < count; t++) out[t] = quads_to_half(a[t], b[t], zero);
}

/// Where a stretch of outputs goes.
typedef struct target {
    uint8_t *pixels;         // the panel's first channel of the row's first output
    int32_t width, channels; // of the whole output
} target;

/// A pixel of several segments.
static VEC_INLINE void store_segments(const stretch *stretch, target to, int32_t x, vec bytes) {
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
        else for (int c = 0; c < to.channels; c++) p[c] = narrow[16 * segment + c];
    }
}

/// `count` neighbouring outputs, whose bytes are then stored.
static VEC_INLINE void tile(form f, int count, const stretch *stretch, target to, int32_t x, const char *columns,
                                      const char *weights, const constants *k) {
    vec out[TILE], second[TILE];
    columns += (size_t)(x - stretch->begin) * f.stride_w * f.groups * 4 * VEC_BYTES;
    tile_half(f, count, 0, columns, weights, k, out);
    tile_half(f, count, 1, columns, weights, k, second);
    for (int t = 0; t < count; t++) out[t] = halves_to_bytes(out[t], second[t]);
    if (stretch->panel.segments == 1) {
        for (int t = 0; t < count; t++) vec_store(to.pixels + (size_t)(x + t) * to.channels, out[t]);
    } else {
        for (int t = 0; t < count; t++) store_segments(stretch, to, x + t, out[t]);
    }
}

/// A chunk of an output row.
static VEC_INLINE void row_of(form f, const stretch *stretch, target to, const char *columns, const char *weights, const constants *k) {
    int32_t x = stretch->begin, end = stretch->end;
    for (; x + TILE <= end; x += TILE) tile(f, TILE, stretch, to, x, columns, weights, k);
    if (TILE > 4 && (end - x) & 4) tile(f, 4, stretch, to, x, columns, weights, k), x += 4;
    if ((end - x) & 2) tile(f, 2, stretch, to, x, columns, weights, k), x += 2;
    if ((end - x) & 1) tile(f, 1, stretch, to, x, columns, weights, k);
}

typedef void row_function(const form *, const stretch *, const target *, const char *columns, const char *weights, const constants *);

#define ROW_FUNCTION(name, ...)                                                                                                        \
    static VEC_FUNCTION void name(const form *f, const stretch *stretch, const target *to, const char *columns, const char *weights,   \
                                  const constants *k) {                                                                                \
        row_of(__VA_ARGS__, stretch, *to, columns, weights, k);                                                                         \
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

#include "direct.h"

// MARK: - The layer

static void run_direct(const sk_call *call, const plan *p, const stretch *stretch, const char *record, int32_t begin, int32_t end) {
    const sk_shape *s = call->shape;
    const constants *k = (const constants *)(record + p->weights);
    for (int32_t at = begin; at < end; at++) {
        const uint8_t *in = (const uint8_t *)call->in + (size_t)(at / s->out_h) * s->in_h * s->in_w * s->in_c, *rows[3];
        for (int tap = 0; tap < 3; tap++) rows[tap] = input_row(s, stretch, in, at % s->out_h * s->stride_h - s->pad_top + tap);
        uint8_t *out = (uint8_t *)call->out + (size_t)at * s->out_w * s->out_c + stretch->panel.first;
        if (s->stride_w == 1) direct_row_1(s, rows, stretch->padding, record, k, out);
        else direct_row_2(s, rows, stretch->padding, record, k, out);
    }
}

/// Output rows [begin, end) of all pictures, counted through, for one panel.
static void run_panel(const sk_call *call, const plan *p, int32_t index, int32_t begin, int32_t end, char *scratch) {
    const sk_shape *s = call->shape;
    const char *record = (const char *)call->packed + padding_bytes(s) + (size_t)index * record_bytes(p);
    char *columns = scratch + p->rows * p->weights;
    form f = {p->groups, s->kernel_w, s->stride_w, s->dilation_w, s->activation == SK_HARD_SWISH};
    row_function *row = row_function_for(&f);

    stretch stretch = {.panel = panel_at(s->out_c, UNITS, index)};
    stretch.output_columns = sk_div_up(s->out_w, stretch.panel.segments);
    stretch.full = s->out_w - (stretch.panel.segments - 1) * stretch.output_columns;
    stretch.padding = (const uint8_t *)call->packed + stretch.panel.first;
    target to = {.width = s->out_w, .channels = s->out_c};
    if (is_direct(s, &stretch.panel)) {
        run_direct(call, p, &stretch, record, begin, end);
        return;
    }

    shift_weights(s, p, record, scratch);
    for (int32_t at = begin, count; at < end; at += count) {
        int32_t picture = at / s->out_h, y = at % s->out_h;
        count = sk_min(p->rows, sk_min(end - at, s->out_h - y));
        const uint8_t *in = (const uint8_t *)call->in + (size_t)picture * s->in_h * s->in_w * s->in_c;
        for (stretch.begin = 0; stretch.begin < stretch.output_columns; stretch.begin = stretch.end) {
            stretch.end = sk_min(stretch.begin + p->chunk, stretch.output_columns);
            zip_columns(s, p, &stretch, in, y, columns);
            for (int32_t i = 0; i < count; i++) {
                to.pixels = (uint8_t *)call->out + (size_t)(at + i) * s->out_w * s->out_c + stretch.panel.first;
                row(&f, &stretch, &to, columns, scratch + i * p->weights, (const constants *)(record + p->weights));
            }
        }
    }
}

/// Panels one after the other, each over all rows: a panel's weights and its share of a small map stay in the first-level cache. Threads
/// cut that sequence into equal parts; but where panels overlap each takes its own rows of all panels, lest two write the same bytes.
static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    plan p = plan_of(s, DOT_TAPS, VEC_BYTES);
    char *scratch = (char *)call->scratch + (size_t)part * scratch_of_part(s);
    int32_t panels = panel_count(s->out_c, UNITS), rows = s->batch * s->out_h, begin, end;
    panel last = panel_at(s->out_c, UNITS, panels - 1);
    bool overlap = last.first < last.covered;
    sk_share(overlap ? rows : panels * rows, 1, part, parts, &begin, &end);
    for (int32_t i = 0; i < panels; i++) {
        int32_t start = overlap ? 0 : i * rows; // of this panel in the sequence
        int32_t from = sk_max(begin - start, 0), to = sk_min(end - start, rows);
        if (from < to) run_panel(call, &p, i, from, to, scratch);
    }
}
