// The fast CONV_S8 kernels' common part: staging the input, dividing the work. See driver.h.
#include "layout.h"

/// Bytes that may be written or read beyond what is staged: a group of inputs, or the end of a widened vector.
#define STAGE_SLACK 128

// MARK: - Staging

/// Bytes that a chunk of lines or rows takes.
static uint64_t staged_bytes(const sk_shape *s, const geometry *g) {
    uint64_t bytes = g->has_lines ? sk_product(line_count(s, g->chunk_units), g->line_bytes) : sk_product(g->chunk_units, g->row_bytes);
    return sk_sum(sk_padded(bytes, SK_ALIGNMENT), STAGE_SLACK);
}

/// Bytes of scratch for one thread: a chunk and, where lines are widened, one line as it is in memory.
static uint64_t thread_scratch(const conv_method *method, const sk_shape *s, const geometry *g) {
    bool widens = method->a_bytes > 1;
    if (!g->has_lines && !widens) return 0;
    uint64_t line = sk_sum(sk_padded(sk_product(g->line_pixels, g->group_in), SK_ALIGNMENT), STAGE_SLACK);
    return sk_sum(staged_bytes(s, g), g->has_lines && widens ? line : 0);
}

uint64_t sk_conv_s8_scratch_bytes(const conv_method *method, const sk_shape *shape, int parts) {
    geometry g = sk_conv_geometry(method, shape);
    return sk_product(thread_scratch(method, shape, &g), parts);
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
static void stage_lines(const conv_method *method, const geometry *g, const sk_call *call, int32_t begin, int32_t end, int32_t group,
                        char *staged) {
    const sk_shape *s = call->shape;
    int32_t first_c = group * g->group_in, first_y = begin % s->out_h * s->stride_h - s->pad_top, lines = line_count(s, end - begin);
    const sk_act *picture = (const sk_act *)call->in + (size_t)(begin / s->out_h) * s->in_h * s->in_w * s->in_c + first_c;
    const sk_act *padding = (const sk_act *)call->packed + g->padding + first_c;
    sk_act *narrow = (sk_act *)staged + (size_t)staged_bytes(s, g);
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
    for (int32_t i = 0; i < end - begin; i++)
        method->widen(in + (size_t)i * channels, (int16_t *)(staged + i * g->row_bytes), g->segment_padded);
}

/// Makes the rows of A for units [begin, end) available. Returns the first.
static const char *stage(const conv_method *method, const geometry *g, const sk_call *call, int32_t begin, int32_t end, int32_t group,
                         char *scratch) {
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

/// Divides units or panels, whichever leaves less for the thread with most. Units come first when equal: then no two threads write one
/// line.
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

/// Multiplies units [begin, end), whose rows of A begin at `a`, with panels [first, end_panel).
static void multiply_units(const conv_method *method, const geometry *g, const sk_call *call, const char *a, int32_t begin, int32_t end,
                           int32_t group, int32_t first, int32_t end_panel) {
    const sk_shape *s = call->shape;
    const char *packed = call->packed;
    bool last = end_panel == g->panels;
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
        .form = s->residual                      ? CONV_RESIDUAL
                : s->activation == SK_HARD_SWISH ? CONV_HARD_SWISH
                                                 : CONV_LINEAR,
        .small = method->small_panels && ((const bool *)packed + g->small)[group * g->panels + first],
    };
    int32_t rows = g->has_lines ? g->unit_positions : end - begin;
    size_t a_step = g->line_bytes * s->stride_h, out_step = (size_t)g->unit_positions * s->out_c;
    for (int32_t unit = begin; unit < end; unit += g->has_lines ? 1 : rows) {
        method->multiply(&tile, rows, end_panel - first, last && g->half);
        tile.a += a_step;
        tile.in2 += out_step;
        tile.out += out_step;
    }
}

void sk_conv_s8_run(const conv_method *method, const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    geometry g = sk_conv_geometry(method, s);
    share mine = share_of(method, &g, part, parts);
    if (call->channel_end) {
        mine.panel_begin = call->channel_begin / method->lanes;
        mine.panel_end = sk_div_up(call->channel_end, method->lanes);
    }
    int32_t panels = mine.panel_end - mine.panel_begin;
    if (panels <= 0 || mine.unit_begin >= mine.unit_end) return;

    char *scratch = (char *)call->scratch + (size_t)thread_scratch(method, s, &g) * part;
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
                    int32_t first = mine.panel_begin + panels * block / blocks,
                            end_panel = mine.panel_begin + panels * (block + 1) / blocks;
                    multiply_units(method, &g, call, first_a, unit, sk_min(unit + step, end), group, first, end_panel);
                }
            }
        }
    }
}
