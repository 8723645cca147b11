// DEPTHWISE_S8 on x86's vectors. The including file has chosen a vector type (../vectors/) and defined
//     DOT_TAPS  input rows per 32-bit lane: 4 (bytes, for a dot-product instruction) or 2 (16-bit values)
//     dot()     acc + the products of a lane's taps, summed
//
// Each input column (one pixel of `rows` neighboring rows) is zipped once into 32-bit lanes that hold DOT_TAPS vertical taps of one
// channel, with padding already in place. Then an output is one dot() a kernel column and group of taps, on operands that neighboring
// outputs, to the right and below, share.
#include "../vectors/hard_swish.h"
#include "../vectors/quads.h"
#include "plan.h"

#include "pack.h"
#include "zip.h"
#include "tile.h"
#include "direct.h"

// MARK: - Scratch, of each thread: the weights of all shifts for one panel, then the zipped columns

static uint64_t scratch_of_part(const sk_shape *s) {
    plan p = plan_of(s, DOT_TAPS, VEC_BYTES);
    uint64_t columns = sk_product(p.columns, (uint64_t)p.groups * 4 * VEC_BYTES);
    return sk_padded(sk_sum(sk_product(p.rows, p.weights), columns), SK_ALIGNMENT);
}

static uint64_t scratch_bytes(const sk_shape *s, int parts) { return sk_product(scratch_of_part(s), parts); }

/// Weights for each output row that shares the columns: the taps moved down by `stride_h` rows more each time.
TARGET static void shift_weights(const sk_shape *s, const plan *p, const char *weights, char *shifted) {
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
    char *scratch = (char *)call->scratch + (size_t)scratch_of_part(s) * part;
    int32_t panels = panel_count(s->out_c, UNITS), rows = s->batch * s->out_h, begin, end;
    panel last = panel_at(s->out_c, UNITS, panels - 1);
    bool overlap = last.first < last.covered;
    sk_share(overlap ? rows : panels * rows, 1, part, parts, &begin, &end);
    for (int32_t i = 0; i < panels; i++) {
        int32_t start = overlap ? 0 : i * rows; // of this panel in the sequence
        int32_t from = sk_max(begin - start, 0), to = sk_min(end - start, rows);
        if (call->channel_end) {
            panel own = panel_at(s->out_c, UNITS, i);
            if (own.covered < call->channel_begin || own.next > sk_max(call->channel_end, own.units * 16)) continue;
        }
        if (from < to) run_panel(call, &p, i, from, to, scratch);
    }
}

SK_DEFINE_KERNEL(KERNEL, .supports = supports, .packed_bytes = packed_bytes, .pack = pack, .scratch_bytes = scratch_bytes, .run = run);
