// The fast CONV_S8 kernels' common part: packing, dividing the work, gathering windows. See driver.h.
#include "driver.h"

/// Rows of A gathered or widened at a time take about this much, so that they stay in the second-level cache (a Cortex-A53's or a small x86's).
#define CHUNK_BYTES 65536
/// Where all panels are resident, a chunk is used once, and may as well fit in the first-level cache.
#define SMALL_CHUNK_BYTES 12288
/// Panels below this size stay in the first-level cache while rows pass by; larger ones stay while a chunk of rows passes.
#define RESIDENT_BYTES 20480
/// Rows of A that are used by one block of panels after the other, beside those panels.
#define RESIDENT_ROW_BYTES 6144

/// Short pieces of windows are copied as so many bytes, and write beyond their end.
#define COPY_BYTES 16
/// Rows gathered before they are widened.
#define NARROW_ROWS 8

typedef struct geometry {
    int32_t group_in, group_out, k, k_padded, positions;
    int32_t panels;                // per group
    int32_t last_channels;         // of a group's last panel
    bool half;                     // the last panel is half a panel
    bool gathers;                  // rows of A are gathered into scratch, not the input itself
    size_t panel_bytes, group_bytes, row_bytes;
    size_t constants, padding, total; // offsets in the packed parameters; the weights come first
    size_t gathered_bytes;         // of a row as it is gathered, before it is widened
    int32_t chunk_rows;            // rows of A in scratch at a time
    int32_t resident_rows;         // rows that pass by all panels while both stay in the first-level cache
} geometry;

static geometry geometry_of(const conv_method *method, const sk_shape *s) {
    geometry g;
    g.group_in = s->in_c / s->groups;
    g.group_out = s->out_c / s->groups;
    g.k = s->kernel_h * s->kernel_w * g.group_in;
    g.k_padded = (int32_t)sk_round_up(g.k, method->k_group);
    g.positions = s->batch * s->out_h * s->out_w;
    g.panels = sk_div_up(g.group_out, method->lanes);
    g.last_channels = g.group_out - (g.panels - 1) * method->lanes;
    g.half = method->half_panel && g.last_channels <= method->lanes / 2;
    g.panel_bytes = (size_t)g.k_padded * method->lanes;
    g.group_bytes = g.panels * g.panel_bytes - (g.half ? g.panel_bytes / 2 : 0);
    g.group_bytes = sk_round_up(g.group_bytes, SK_ALIGNMENT);

    bool pointwise = s->kernel_h == 1 && s->kernel_w == 1 && s->groups == 1;
    bool dense = s->stride_h == 1 && s->stride_w == 1 && s->in_h == s->out_h && s->in_w == s->out_w && s->pad_top == 0 && s->pad_left == 0;
    g.gathers = !(pointwise && dense);
    g.gathered_bytes = sk_round_up((size_t)g.k_padded + COPY_BYTES, SK_ALIGNMENT);
    g.row_bytes = method->a_bytes > 1 ? sk_round_up((size_t)g.k_padded * method->a_bytes, SK_ALIGNMENT)
                : g.gathers           ? g.gathered_bytes
                                      : (size_t)s->in_c;
    int32_t chunk = g.group_bytes <= RESIDENT_BYTES ? SMALL_CHUNK_BYTES : CHUNK_BYTES;
    g.chunk_rows = sk_max((int32_t)(chunk / g.row_bytes) / method->rows, 1) * method->rows;
    g.resident_rows = sk_max((int32_t)(RESIDENT_ROW_BYTES / g.row_bytes) / method->rows, 1) * method->rows;

    g.constants = g.group_bytes * s->groups;
    g.padding = g.constants + sizeof(conv_constants) * g.panels * s->groups;
    g.total = sk_round_up(g.padding + s->in_c, SK_ALIGNMENT);
    return g;
}

size_t sk_conv_packed_bytes(const conv_method *method, const sk_shape *shape) { return geometry_of(method, shape).total; }

// MARK: - Packing

static void pack_panel(const conv_method *method, const geometry *g, const int8_t *weights, int32_t channels, int32_t lanes, int8_t *panel) {
    for (int32_t k = 0; k < g->k; k++) {
        int8_t *to = panel + k / method->k_group * lanes * method->k_group + k % method->k_group;
        for (int32_t lane = 0; lane < channels; lane++) to[lane * method->k_group] = weights[(size_t)lane * g->k + k];
    }
}

static void pack_constants(const sk_shape *s, const sk_params *p, const geometry *g, int32_t first, int32_t channels, conv_constants *c) {
    const float *second = s->activation == SK_HARD_SWISH ? p->out_factor : s->residual ? p->in2_multiplier : NULL;
    for (int32_t lane = 0; lane < channels; lane++) {
        int32_t o = first + lane, sum = 0;
        for (int32_t k = 0; k < g->k; k++) sum += p->weights[(size_t)o * g->k + k];
        c->bias[lane] = p->bias[o] - SK_ACT_OFFSET * sum;
        c->multiplier[lane] = p->multiplier[o];
        c->second[lane] = second ? second[o] : 0;
        c->out_zero[lane] = p->out_zero[o] + SK_ACT_OFFSET;
        c->in2_zero[lane] = s->residual ? p->in2_zero[o] + SK_ACT_OFFSET : 0;
    }
}

void sk_conv_pack(const conv_method *method, const sk_shape *s, const sk_params *p, void *packed) {
    geometry g = geometry_of(method, s);
    memset(packed, 0, g.total);
    for (int32_t group = 0; group < s->groups; group++) {
        for (int32_t panel = 0; panel < g.panels; panel++) {
            bool last = panel == g.panels - 1;
            int32_t first = group * g.group_out + panel * method->lanes, channels = last ? g.last_channels : method->lanes;
            int32_t lanes = last && g.half ? method->lanes / 2 : method->lanes;
            pack_panel(method, &g, p->weights + (size_t)first * g.k, channels, lanes,
                       (int8_t *)packed + g.group_bytes * group + g.panel_bytes * panel);
            conv_constants *constants = (conv_constants *)((char *)packed + g.constants) + group * g.panels + panel;
            pack_constants(s, p, &g, first, channels, constants);
        }
    }
    sk_act *padding = (sk_act *)packed + g.padding;
    for (int32_t c = 0; c < s->in_c; c++) padding[c] = sk_stored(p->in_zero[c]);
}

// MARK: - Rows of A

/// Bytes of scratch for one thread: a chunk of rows and, where values are widened after gathering, some rows as they are in memory.
static size_t thread_scratch(const conv_method *method, const geometry *g) {
    if (!g->gathers && method->a_bytes == 1) return 0;
    size_t narrow = g->gathers && method->a_bytes > 1 ? NARROW_ROWS * g->gathered_bytes : 0;
    return (size_t)g->chunk_rows * g->row_bytes + narrow;
}

size_t sk_conv_scratch_bytes(const conv_method *method, const sk_shape *shape, int parts) {
    geometry g = geometry_of(method, shape);
    return thread_scratch(method, &g) * parts;
}

/// Copies `bytes` from each of `count` places to as many others. Short copies dominate (a window's row in the first convolution has 9 bytes),
/// so these go in whole vectors: both sides have slack, and what follows in a window is written later.
static void copy_each(char *restrict to, size_t to_step, const char *restrict from, size_t from_step, size_t bytes, int32_t count) {
    if (bytes <= COPY_BYTES) {
        for (; count > 0; count--, to += to_step, from += from_step) memcpy(to, from, COPY_BYTES);
    } else {
        for (; count > 0; count--, to += to_step, from += from_step) memcpy(to, from, bytes);
    }
}

/// One line of the picture, or none of it when it lies outside, on its way into the windows of a row of output positions.
typedef struct line {
    const sk_shape *shape;
    const sk_act *pixels, *padding; // of this group's first channel
    bool inside;
    char *to;         // where the line's part of the first window goes
    size_t row_bytes; // from window to window
    int32_t first_x;  // of the first window in the input
} line;

/// Windows [begin, end), tap by tap.
static void gather_taps(const line *l, int32_t group_in, int32_t begin, int32_t end) {
    const sk_shape *s = l->shape;
    for (int32_t i = begin; i < end; i++) {
        for (int32_t kx = 0; kx < s->kernel_w; kx++) {
            int32_t in_x = l->first_x + i * s->stride_w + kx * s->dilation_w;
            bool inside = l->inside && in_x >= 0 && in_x < s->in_w;
            const sk_act *from = inside ? l->pixels + (size_t)in_x * s->in_c : l->padding;
            copy_each(l->to + i * l->row_bytes + kx * group_in, 0, (const char *)from, 0, group_in, 1);
        }
    }
}

/// The windows of `count` output positions from `position` on, all in one row of the output, as in memory: `row_bytes` from one to the next.
/// Writes up to COPY_BYTES beyond a window.
static void gather_windows(const sk_shape *s, const geometry *g, const sk_act *in, const sk_act *padding, int32_t position, int32_t count,
                           int32_t group, char *rows, size_t row_bytes) {
    int32_t x = position % s->out_w, y = position / s->out_w % s->out_h, picture = position / (s->out_w * s->out_h);
    int32_t first_c = group * g->group_in;
    line l = {.shape = s, .padding = padding + first_c, .row_bytes = row_bytes, .first_x = x * s->stride_w - s->pad_left};

    // [begin, end): windows whose lines lie inside the picture and are contiguous there.
    int32_t begin = 0, end = 0, last_x = s->in_w - s->kernel_w;
    if (s->dilation_w == 1 && s->groups == 1 && last_x >= l.first_x) {
        begin = l.first_x < 0 ? sk_min(sk_div_up(-l.first_x, s->stride_w), count) : 0;
        end = sk_min((last_x - l.first_x) / s->stride_w + 1, count);
    }
    if (begin >= end) begin = end = count;
    for (int32_t ky = 0; ky < s->kernel_h; ky++) {
        int32_t in_y = y * s->stride_h - s->pad_top + ky * s->dilation_h;
        l.inside = in_y >= 0 && in_y < s->in_h;
        l.pixels = l.inside ? in + ((size_t)picture * s->in_h + in_y) * s->in_w * s->in_c + first_c : NULL;
        l.to = rows + (size_t)ky * s->kernel_w * g->group_in;
        int32_t from = l.inside ? begin : count, to = l.inside ? end : count;
        gather_taps(&l, g->group_in, 0, from);
        if (from < to) {
            const sk_act *first = l.pixels + (size_t)(l.first_x + from * s->stride_w) * s->in_c;
            copy_each(l.to + from * row_bytes, row_bytes, (const char *)first, (size_t)s->stride_w * s->in_c, (size_t)s->kernel_w * s->in_c, to - from);
        }
        gather_taps(&l, g->group_in, to, count);
    }
}

/// Brings rows [begin, end) into the form that `multiply` reads. Returns the first.
static const char *stage_rows(const conv_method *method, const geometry *g, const sk_call *call, int32_t begin, int32_t end, int32_t group,
                              char *scratch) {
    const sk_shape *s = call->shape;
    const sk_act *in = call->in, *padding = (const sk_act *)call->packed + g->padding;
    if (!g->gathers && method->a_bytes == 1) return (const char *)in + (size_t)begin * g->row_bytes;
    bool widens = method->a_bytes > 1;
    char *narrow = scratch + (size_t)g->chunk_rows * g->row_bytes;
    for (int32_t position = begin; position < end;) {
        char *row = scratch + (size_t)(position - begin) * g->row_bytes;
        if (!g->gathers) {
            method->widen(in + (size_t)position * s->in_c, (int16_t *)row, g->k_padded);
            position++;
        } else {
            int32_t count = sk_min(end - position, s->out_w - position % s->out_w);
            if (widens) count = sk_min(count, NARROW_ROWS);
            gather_windows(s, g, in, padding, position, count, group, widens ? narrow : row, widens ? g->gathered_bytes : g->row_bytes);
            for (int32_t i = 0; widens && i < count; i++)
                method->widen((const sk_act *)narrow + i * g->gathered_bytes, (int16_t *)(row + i * g->row_bytes), g->k_padded);
            position += count;
        }
    }
    return scratch;
}

// MARK: - Running

/// A rectangle of the product: rows of A and panels of one group.
typedef struct share {
    int32_t row_begin, row_end, panel_begin, panel_end;
} share;

/// Divides rows or panels, whichever leaves less for the thread with most. Rows come first when equal: then no two threads write one line.
static share share_of(const conv_method *method, const geometry *g, int part, int parts) {
    share whole = {0, g->positions, 0, g->panels};
    if (parts == 1) return whole;
    int64_t most_rows = sk_min(sk_div_up(sk_div_up(g->positions, method->rows), parts) * method->rows, g->positions);
    int64_t most_panels = sk_div_up(g->panels, parts);
    if (most_rows * g->panels <= most_panels * g->positions) sk_share(g->positions, method->rows, part, parts, &whole.row_begin, &whole.row_end);
    else sk_share(g->panels, 1, part, parts, &whole.panel_begin, &whole.panel_end);
    return whole;
}

void sk_conv_run(const conv_method *method, const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    geometry g = geometry_of(method, s);
    share mine = share_of(method, &g, part, parts);
    int32_t panels = mine.panel_end - mine.panel_begin;
    if (panels <= 0 || mine.row_begin >= mine.row_end) return;

    char *scratch = (char *)call->scratch + thread_scratch(method, &g) * part;
    bool resident = panels * g.panel_bytes <= RESIDENT_BYTES;
    int32_t blocks = sk_div_up(panels, method->width); // of nearly equal width
    for (int32_t group = 0; group < s->groups; group++) {
        for (int32_t begin = mine.row_begin; begin < mine.row_end; begin += g.chunk_rows) {
            int32_t end = sk_min(begin + g.chunk_rows, mine.row_end);
            const char *a = stage_rows(method, &g, call, begin, end, group, scratch);
            int32_t step = resident && blocks > 1 ? g.resident_rows : end - begin;
            for (int32_t row = begin; row < end; row += step) {
                for (int32_t block = 0; block < blocks; block++) {
                    int32_t first = mine.panel_begin + panels * block / blocks, behind = mine.panel_begin + panels * (block + 1) / blocks;
                    bool last = behind == g.panels;
                    size_t at_out = (size_t)row * s->out_c + group * g.group_out + first * method->lanes;
                    conv_tile tile = {
                        .a = a + (size_t)(row - begin) * g.row_bytes,
                        .a_stride = g.row_bytes,
                        .panel = (const int8_t *)call->packed + g.group_bytes * group + g.panel_bytes * first,
                        .panel_bytes = g.panel_bytes,
                        .k_groups = g.k_padded / method->k_group,
                        .constants = (const conv_constants *)((const char *)call->packed + g.constants) + group * g.panels + first,
                        .in2 = (const sk_act *)(s->residual ? call->in2 : call->out) + at_out,
                        .out = (sk_act *)call->out + at_out,
                        .out_stride = s->out_c,
                        .last_channels = last ? g.last_channels : method->lanes,
                        .form = s->residual ? CONV_RESIDUAL : s->activation == SK_HARD_SWISH ? CONV_HARD_SWISH : CONV_LINEAR,
                    };
                    method->multiply(&tile, sk_min(step, end - row), behind - first, last && g.half);
                }
            }
        }
    }
}
