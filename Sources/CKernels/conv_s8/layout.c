// Packing for the fast CONV_S8 kernels.
#include "../small.h"
#include "layout.h"

/// Staged input takes about this much, so that it stays in the second-level cache (a Cortex-A53's or a small x86's).
#define CHUNK_BYTES 65536
/// Where all panels are resident, a chunk is used once, and may as well fit in the first-level cache.
#define SMALL_CHUNK_BYTES 12288
/// Rows of A that are used by one block of panels after the other, beside those panels.
#define RESIDENT_ROW_BYTES 6144

geometry sk_conv_geometry(const conv_method *method, const sk_shape *s) {
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
    uint64_t panel = sk_product(sk_product(g.segments, g.segment_padded), method->lanes);
    uint64_t group = sk_padded(sk_product(g.panels, panel) - (g.half ? panel / 2 : 0), SK_ALIGNMENT);
    g.panel_bytes = sk_distance(panel);
    g.group_bytes = sk_distance(group);

    int32_t panels = g.panels * s->groups;
    uint64_t constants = sk_product(group, s->groups), offsets = sk_sum(constants, sk_product(sizeof(conv_constants), panels));
    uint64_t padding = sk_sum(offsets, sk_product(sizeof(size_t), g.segments)), small = sk_sum(padding, s->in_c); // a bool a panel
    g.constants = sk_distance(constants);
    g.offsets = sk_distance(offsets);
    g.padding = sk_distance(padding);
    g.small = sk_distance(small);
    g.total = sk_padded(sk_sum(small, method->small_panels ? panels : 0), SK_ALIGNMENT);

    bool pointwise = s->kernel_h == 1 && s->kernel_w == 1 && s->groups == 1;
    bool dense = s->stride_h == 1 && s->stride_w == 1 && s->in_h == s->out_h && s->in_w == s->out_w && s->pad_top == 0 && s->pad_left == 0;
    g.has_lines = !(pointwise && dense);
    g.units = s->batch * s->out_h * (g.has_lines ? 1 : s->out_w);
    g.unit_positions = g.has_lines ? s->out_w : 1;
    g.line_pixels = (s->out_w - 1) * s->stride_w + (s->kernel_w - 1) * s->dilation_w + 1;
    uint64_t pixel = sk_product(g.group_in, method->a_bytes);
    g.line_bytes = sk_distance(sk_padded(sk_product(g.line_pixels, pixel), 4));
    g.row_bytes = g.has_lines           ? sk_distance(sk_product(s->stride_w, pixel))
                  : method->a_bytes > 1 ? (size_t)g.segment_padded * method->a_bytes
                                        : (size_t)s->in_c;
    size_t unit_bytes = g.has_lines ? sk_distance(sk_product(g.line_bytes, s->stride_h)) : g.row_bytes;
    int32_t granule = g.has_lines ? 1 : method->rows, chunk = g.group_bytes <= RESIDENT_BYTES ? SMALL_CHUNK_BYTES : CHUNK_BYTES;
    g.chunk_units = sk_max((int32_t)(chunk / unit_bytes) / granule, 1) * granule;
    g.resident_units = sk_max((int32_t)(RESIDENT_ROW_BYTES / unit_bytes) / granule, 1) * granule;
    return g;
}

uint64_t sk_conv_s8_packed_bytes(const conv_method *method, const sk_shape *shape) { return sk_conv_geometry(method, shape).total; }

// MARK: - Packing

static void pack_panel(const conv_method *method, const geometry *g, const int8_t *weights, int32_t channels, int32_t lanes,
                       int8_t *panel) {
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

/// Whether a channel of these sums, `factor` and residual of at most `added` is as conv_method's small panels promise.
static bool is_small(sk_sum_range sums, float factor, float added) {
    bool exact = sums.lowest >= -(1 << 22) && sums.highest < 1 << 22;
    return exact && sk_largest(sums) * factor + added < SK_SMALL_BOUND;
}

/// Fits a panel's constants to the shorter epilogue, if that is possible. Channels that always give the same value, as a network's dead
/// ones do whose bias is all that is left of them, would be too large: their sum counts for nothing instead, and their zero point is the
/// value.
static bool make_small(const conv_method *method, const sk_shape *s, const sk_params *p, const geometry *g, int32_t first, int32_t channels,
                       conv_constants *constants) {
    conv_constants c = *constants;
    bool swish = s->activation == SK_HARD_SWISH;
    for (int32_t lane = 0; lane < channels; lane++) {
        int32_t o = first + lane;
        float m = p->multiplier[o], factor = swish ? m * 6 * p->out_factor[o] : m, added = s->residual ? 255 * p->in2_multiplier[o] : 0;
        int32_t depth = g->segments * g->segment_k;
        sk_sum_range sums = sk_sum_range_of(p->weights + (size_t)o * depth, depth, p->bias[o]);
        if (is_small(sums, factor, added)) continue;
        int32_t zero = p->out_zero[o], low, high;
        if (swish) { // rises from x = -1.5 on, falls before, and is level below -3
            if (sums.lowest != sums.highest && (float)sums.highest * m > -3) return false;
            low = sk_requantize_hard_swish((int32_t)sums.lowest, m, p->out_factor[o], zero);
            high = sk_requantize_hard_swish((int32_t)sums.highest, m, p->out_factor[o], zero);
        } else {
            low = sk_requantize((int32_t)sums.lowest, m, zero);
            high = sk_requantize((int32_t)sums.highest, m, zero);
        }
        sk_sum_range products = {sums.lowest - p->bias[o], sums.highest - p->bias[o]};
        if (low != high || s->residual || !is_small(products, 0, 0)) return false;
        c.bias[lane] = 0;
        c.multiplier[lane] = 0;
        c.out_zero[lane] = low + SK_ACT_OFFSET;
    }
    for (int32_t lane = 0; lane < method->lanes; lane++) c.bias[lane] += method->small_bias;
    *constants = c;
    return true;
}

/// Where the segments of a row of A begin.
static void pack_offsets(const conv_method *method, const sk_shape *s, const geometry *g, size_t *offsets) {
    int32_t taps = g->segments / s->kernel_h; // of a kernel row: 1 where a segment is all of it
    for (int32_t i = 0; i < g->segments; i++)
        offsets[i] = i / taps * s->dilation_h * g->line_bytes + (size_t)(i % taps) * s->dilation_w * g->group_in * method->a_bytes;
}

void sk_conv_s8_pack(const conv_method *method, const sk_shape *s, const sk_params *p, void *packed) {
    geometry g = sk_conv_geometry(method, s);
    memset(packed, 0, g.total);
    size_t depth = (size_t)g.segments * g.segment_k;
    for (int32_t group = 0; group < s->groups; group++) {
        for (int32_t panel = 0; panel < g.panels; panel++) {
            bool last = panel == g.panels - 1;
            int32_t first = group * g.group_out + panel * method->lanes, channels = last ? g.last_channels : method->lanes;
            int32_t lanes = last && g.half ? method->lanes / 2 : method->lanes;
            pack_panel(method, &g, p->weights + first * depth, channels, lanes,
                       (int8_t *)packed + g.group_bytes * group + g.panel_bytes * panel);
            conv_constants *constants = (conv_constants *)((char *)packed + g.constants) + group * g.panels + panel;
            pack_constants(s, p, &g, first, channels, constants);
            if (method->small_panels)
                ((bool *)packed + g.small)[group * g.panels + panel] = make_small(method, s, p, &g, first, channels, constants);
        }
    }
    pack_offsets(method, s, &g, (size_t *)((char *)packed + g.offsets));
    sk_act *padding = (sk_act *)packed + g.padding;
    for (int32_t c = 0; c < s->in_c; c++) padding[c] = sk_stored(p->in_zero[c]);
}
