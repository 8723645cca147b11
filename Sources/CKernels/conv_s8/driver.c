// The fast CONV_S8 kernels' common part: packing, dividing the work, staging the input. See driver.h.
#include "driver.h"

/// Staged input takes about this much, so that it stays in the second-level cache (a Cortex-A53's or a small x86's).
#define CHUNK_BYTES 65536
/// Where all panels are resident, a chunk is used once, and may as well fit in the first-level cache.
#define SMALL_CHUNK_BYTES 12288
/// Panels below this size stay in the first-level cache while rows pass by; larger ones stay while a chunk of rows passes.
#define RESIDENT_BYTES 20480
/// Rows of A that are used by one block of panels after the other, beside those panels.
#define RESIDENT_ROW_BYTES 6144
/// Bytes that may be written or read behind what is staged: a group of inputs, or the end of a widened vector.
#define STAGE_SLACK 128

/// How a shape is laid out and worked through. A *unit* is what is staged and shared out among threads: one position of a dense 1x1
/// convolution, else one row of an output.
typedef struct geometry {
    int32_t group_in, group_out;
    int32_t segments, segment_k, segment_padded; // inputs of a segment, and the same in whole groups
    int32_t panels;                              // per group
    int32_t last_channels;                       // of a group's last panel
    bool half;                                   // the last panel is half a panel
    size_t panel_bytes, group_bytes;
    size_t constants, padding, offsets, total;   // offsets in the packed parameters; the weights come first
    bool has_lines;                              // lines of the picture are staged, not rows of A
    int32_t units, unit_positions;
    int32_t line_pixels;
    size_t line_bytes, row_bytes;                // staged: from line to line, from one row of A to the next
    int32_t chunk_units;                         // staged at a time
    int32_t resident_units;                      // that pass by all panels while both stay in the first-level cache
} geometry;

/// Lines of the input under `units` output rows.
static int32_t line_count(const sk_shape *s, int32_t units) { return (units - 1) * s->stride_h + (s->kernel_h - 1) * s->dilation_h + 1; }

static geometry geometry_of(const conv_method *method, const sk_shape *s) {
    geometry g;
    g.group_in = s->in_c / s->groups;
    g.group_out = s->out_c / s->groups;
    bool by_tap = s->dilation_w > 1;
    g.segments = by_tap ? s->kernel_h * s->kernel_w : s->kernel_h;
    g.segment_k = by_tap ? g.group_in : s->kernel_w * g.group_in;
    g.segment_padded = (int32_t)sk_round_up(g.segment_k, method->k_group);
    g.panels = sk_div_up(g.group_out, method->lanes);
    g.last_channels = g.group_out - (g.panels - 1) * method->lanes;
    g.half = method->half_panel && g.last_channels <= method->lanes / 2;
    g.panel_bytes = (size_t)g.segments * g.segment_padded * method->lanes;
    g.group_bytes = g.panels * g.panel_bytes - (g.half ? g.panel_bytes / 2 : 0);
    g.group_bytes = sk_round_up(g.group_bytes, SK_ALIGNMENT);

    g.constants = g.group_bytes * s->groups;
    g.offsets = g.constants + sizeof(conv_constants) * g.panels * s->groups;
    g.padding = g.offsets + sizeof(size_t) * g.segments;
    g.total = sk_round_up(g.padding + s->in_c, SK_ALIGNMENT);

    bool pointwise = s->kernel_h == 1 && s->kernel_w == 1 && s->groups == 1;
    bool dense = s->stride_h == 1 && s->stride_w == 1 && s->in_h == s->out_h && s->in_w == s->out_w && s->pad_top == 0 && s->pad_left == 0;
    g.has_lines = !(pointwise && dense);
    g.units = s->batch * s->out_h * (g.has_lines ? 1 : s->out_w);
    g.unit_positions = g.has_lines ? s->out_w : 1;
    g.line_pixels = (s->out_w - 1) * s->stride_w + (s->kernel_w - 1) * s->dilation_w + 1;
    g.line_bytes = sk_round_up((size_t)g.line_pixels * g.group_in * method->a_bytes, 4);
    g.row_bytes = g.has_lines            ? (size_t)s->stride_w * g.group_in * method->a_bytes
                : method->a_bytes > 1    ? (size_t)g.segment_padded * method->a_bytes
                                         : (size_t)s->in_c;
    size_t unit_bytes = g.has_lines ? g.line_bytes * s->stride_h : g.row_bytes;
    int32_t granule = g.has_lines ? 1 : method->rows, chunk = g.group_bytes <= RESIDENT_BYTES ? SMALL_CHUNK_BYTES : CHUNK_BYTES;
    g.chunk_units = sk_max((int32_t)(chunk / unit_bytes) / granule, 1) * granule;
    g.resident_units = sk_max((int32_t)(RESIDENT_ROW_BYTES / unit_bytes) / granule, 1) * granule;
    return g;
}

size_t sk_conv_packed_bytes(const conv_method *method, const sk_shape *shape) { return geometry_of(method, shape).total; }

// MARK: - Packing

static void pack_panel(const conv_method *method, const geometry *g, const int8_t *weights, int32_t channels, int32_t lanes, int8_t *panel) {
    size_t depth = (size_t)g->segments * g->segment_k;
    for (int32_t segment = 0; segment < g->segments; segment++) {
        for (int32_t i = 0; i < g->segment_k; i++) {
            int32_t k = segment * g->segment_padded + i;
            int8_t *to = panel + k / method->k_group * lanes * method->k_group + k % method->k_group;
            const int8_t *from = weights + (size_t)segment * g->segment_k + i;
            for (int32_t lane = 0; lane < channels; lane++) to[lane * method->k_group] = from[lane * depth];
        }
    }
}

static void pack_constants(const sk_shape *s, const sk_params *p, const geometry *g, int32_t first, int32_t channels, conv_constants *c) {
    const float *second = s->activation == SK_HARD_SWISH ? p->out_factor : s->residual ? p->in2_multiplier : NULL;
    int32_t depth = g->segments * g->segment_k;
    for (int32_t lane = 0; lane < channels; lane++) {
        int32_t o = first + lane, sum = 0;
        for (int32_t k = 0; k < depth; k++) sum += p->weights[(size_t)o * depth + k];
        c->bias[lane] = p->bias[o] - SK_ACT_OFFSET * sum;
        c->multiplier[lane] = p->multiplier[o];
        c->second[lane] = second ? second[o] : 0;
        c->out_zero[lane] = p->out_zero[o] + SK_ACT_OFFSET;
        c->in2_zero[lane] = s->residual ? p->in2_zero[o] + SK_ACT_OFFSET : 0;
    }
}

/// Where the segments of a row of A begin.
static void pack_offsets(const conv_method *method, const sk_shape *s, const geometry *g, size_t *offsets) {
    int32_t taps = g->segments / s->kernel_h; // of a kernel row: 1 where a segment is all of it
    for (int32_t i = 0; i < g->segments; i++)
        offsets[i] = i / taps * s->dilation_h * g->line_bytes + (size_t)(i % taps) * s->dilation_w * g->group_in * method->a_bytes;
}

void sk_conv_pack(const conv_method *method, const sk_shape *s, const sk_params *p, void *packed) {
    geometry g = geometry_of(method, s);
    memset(packed, 0, g.total);
    size_t depth = (size_t)g.segments * g.segment_k;
    for (int32_t group = 0; group < s->groups; group++) {
        for (int32_t panel = 0; panel < g.panels; panel++) {
            bool last = panel == g.panels - 1;
            int32_t first = group * g.group_out + panel * method->lanes, channels = last ? g.last_channels : method->lanes;
            int32_t lanes = last && g.half ? method->lanes / 2 : method->lanes;
            pack_panel(method, &g, p->weights + first * depth, channels, lanes, (int8_t *)packed + g.group_bytes * group + g.panel_bytes * panel);
            conv_constants *constants = (conv_constants *)((char *)packed + g.constants) + group * g.panels + panel;
            pack_constants(s, p, &g, first, channels, constants);
        }
    }
    pack_offsets(method, s, &g, (size_t *)((char *)packed + g.offsets));
    sk_act *padding = (sk_act *)packed + g.padding;
    for (int32_t c = 0; c < s->in_c; c++) padding[c] = sk_stored(p->in_zero[c]);
}

// MARK: - Staging

/// Bytes of scratch for one thread: a chunk of lines or rows and, where lines are widened, one as it is in memory.
static size_t staged_bytes(const sk_shape *s, const geometry *g) {
    return sk_round_up(g->has_lines ? line_count(s, g->chunk_units) * g->line_bytes : g->chunk_units * g->row_bytes, SK_ALIGNMENT) + STAGE_SLACK;
}
static size_t thread_scratch(const conv_method *method, const sk_shape *s, const geometry *g) {
    bool widens = method->a_bytes > 1;
    if (!g->has_lines && !widens) return 0;
    size_t narrow = g->has_lines && widens ? sk_round_up((size_t)g->line_pixels * g->group_in, SK_ALIGNMENT) + STAGE_SLACK : 0;
    return staged_bytes(s, g) + narrow;
}

size_t sk_conv_scratch_bytes(const conv_method *method, const sk_shape *shape, int parts) {
    geometry g = geometry_of(method, shape);
    return thread_scratch(method, shape, &g) * parts;
}

/// Copies `count` pixels of `bytes` each, which lie `step` apart. Returns the end of the copy.
static sk_act *copy_pixels(sk_act *to, const sk_act *from, size_t step, size_t bytes, int32_t count) {
    if (step == bytes) {
        memcpy(to, from, bytes * count);
    } else {
        for (int32_t i = 0; i < count; i++) memcpy(to + i * bytes, from + i * step, bytes);
    }
    return to + bytes * count;
}

/// One line of the picture, from the group's first channel on, with padding on both sides; all padding when `pixels` is null.
static void stage_line(const sk_shape *s, const geometry *g, const sk_act *pixels, const sk_act *padding, sk_act *to) {
    int32_t left = pixels ? sk_min(s->pad_left, g->line_pixels) : g->line_pixels, inside = sk_min(g->line_pixels - left, s->in_w);
    to = copy_pixels(to, padding, 0, g->group_in, left);
    if (pixels) to = copy_pixels(to, pixels, s->in_c, g->group_in, inside);
    copy_pixels(to, padding, 0, g->group_in, g->line_pixels - left - inside);
}

/// Brings what output rows [begin, end), all of one picture, read of a group's input into `staged`.
static void stage_lines(const conv_method *method, const geometry *g, const sk_call *call, int32_t begin, int32_t end, int32_t group, char *staged) {
    const sk_shape *s = call->shape;
    int32_t first_c = group * g->group_in, first_y = begin % s->out_h * s->stride_h - s->pad_top, lines = line_count(s, end - begin);
    const sk_act *picture = (const sk_act *)call->in + (size_t)(begin / s->out_h) * s->in_h * s->in_w * s->in_c + first_c;
    const sk_act *padding = (const sk_act *)call->packed + g->padding + first_c;
    sk_act *narrow = (sk_act *)staged + staged_bytes(s, g);
    for (int32_t i = 0; i < lines; i++) {
        int32_t y = first_y + i;
        const sk_act *pixels = y >= 0 && y < s->in_h ? picture + (size_t)y * s->in_w * s->in_c : NULL;
        char *line = staged + i * g->line_bytes;
        stage_line(s, g, pixels, padding, method->a_bytes > 1 ? narrow : (sk_act *)line);
        if (method->a_bytes > 1) method->widen(narrow, (int16_t *)line, g->line_pixels * g->group_in);
    }
}

/// Widens rows [begin, end) of a dense 1x1 convolution's input.
static void widen_rows(const conv_method *method, const geometry *g, const sk_call *call, int32_t begin, int32_t end, char *staged) {
    int32_t channels = call->shape->in_c;
    const sk_act *in = (const sk_act *)call->in + (size_t)begin * channels;
    if (channels == g->segment_padded) return method->widen(in, (int16_t *)staged, (end - begin) * channels);
    for (int32_t i = 0; i < end - begin; i++) method->widen(in + (size_t)i * channels, (int16_t *)(staged + i * g->row_bytes), g->segment_padded);
}

/// Makes the rows of A for units [begin, end) available. Returns the first.
static const char *stage(const conv_method *method, const geometry *g, const sk_call *call, int32_t begin, int32_t end, int32_t group, char *scratch) {
    if (g->has_lines) stage_lines(method, g, call, begin, end, group, scratch);
    else if (method->a_bytes > 1) widen_rows(method, g, call, begin, end, scratch);
    else return (const char *)call->in + (size_t)begin * g->row_bytes;
    return scratch;
}

// MARK: - Running

/// A rectangle of the product: units and panels of one group.
typedef struct share {
    int32_t unit_begin, unit_end, panel_begin, panel_end;
} share;

/// Divides units or panels, whichever leaves less for the thread with most. Units come first when equal: then no two threads write one line.
static share share_of(const conv_method *method, const geometry *g, int part, int parts) {
    share whole = {0, g->units, 0, g->panels};
    if (parts == 1) return whole;
    int32_t granule = g->has_lines ? 1 : method->rows;
    int64_t most_units = sk_min(sk_div_up(sk_div_up(g->units, granule), parts) * granule, g->units);
    int64_t most_panels = sk_div_up(g->panels, parts);
    if (most_units * g->panels <= most_panels * g->units) sk_share(g->units, granule, part, parts, &whole.unit_begin, &whole.unit_end);
    else sk_share(g->panels, 1, part, parts, &whole.panel_begin, &whole.panel_end);
    return whole;
}

/// Multiplies units [begin, end), whose rows of A begin at `a`, with panels [first, behind).
static void multiply_units(const conv_method *method, const geometry *g, const sk_call *call, const char *a, int32_t begin, int32_t end, int32_t group,
                           int32_t first, int32_t behind) {
    const sk_shape *s = call->shape;
    const char *packed = call->packed;
    bool last = behind == g->panels;
    size_t at_out = (size_t)begin * g->unit_positions * s->out_c + group * g->group_out + first * method->lanes;
    conv_tile tile = {
        .a = a,
        .a_stride = g->row_bytes,
        .segments = (const size_t *)(packed + g->offsets),
        .segment_count = g->segments,
        .k_groups = g->segment_padded / method->k_group,
        .panel = (const int8_t *)packed + g->group_bytes * group + g->panel_bytes * first,
        .panel_bytes = g->panel_bytes,
        .constants = (const conv_constants *)(packed + g->constants) + group * g->panels + first,
        .in2 = (const sk_act *)(s->residual ? call->in2 : call->out) + at_out,
        .out = (sk_act *)call->out + at_out,
        .out_stride = s->out_c,
        .last_channels = last ? g->last_channels : method->lanes,
        .form = s->residual ? CONV_RESIDUAL : s->activation == SK_HARD_SWISH ? CONV_HARD_SWISH : CONV_LINEAR,
    };
    int32_t rows = g->has_lines ? g->unit_positions : end - begin;
    size_t a_step = g->line_bytes * s->stride_h, out_step = (size_t)g->unit_positions * s->out_c;
    for (int32_t unit = begin; unit < end; unit += g->has_lines ? 1 : rows) {
        method->multiply(&tile, rows, behind - first, last && g->half);
        tile.a += a_step;
        tile.in2 += out_step;
        tile.out += out_step;
    }
}

void sk_conv_run(const conv_method *method, const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    geometry g = geometry_of(method, s);
    share mine = share_of(method, &g, part, parts);
    int32_t panels = mine.panel_end - mine.panel_begin;
    if (panels <= 0 || mine.unit_begin >= mine.unit_end) return;

    char *scratch = (char *)call->scratch + thread_scratch(method, s, &g) * part;
    bool resident = panels * g.panel_bytes <= RESIDENT_BYTES;
    int32_t blocks = sk_div_up(panels, method->width); // of nearly equal width
    for (int32_t group = 0; group < s->groups; group++) {
        for (int32_t begin = mine.unit_begin, end; begin < mine.unit_end; begin = end) {
            end = sk_min(begin + g.chunk_units, mine.unit_end);
            if (g.has_lines) end = sk_min(end, (begin / s->out_h + 1) * s->out_h); // of one picture
            const char *a = stage(method, &g, call, begin, end, group, scratch);
            int32_t step = resident && blocks > 1 ? g.resident_units : end - begin;
            for (int32_t unit = begin; unit < end; unit += step) {
                const char *first_a = a + (unit - begin) * (g.has_lines ? g.line_bytes * s->stride_h : g.row_bytes);
                for (int32_t block = 0; block < blocks; block++) {
                    int32_t first = mine.panel_begin + panels * block / blocks, behind = mine.panel_begin + panels * (block + 1) / blocks;
                    multiply_units(method, &g, call, first_a, unit, sk_min(unit + step, end), group, first, behind);
                }
            }
        }
    }
}
