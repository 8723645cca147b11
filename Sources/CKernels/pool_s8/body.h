// POOL_S8 on vectors. The including file has chosen a vector type (../vectors/).
#include "../channels.h"
#include "../vectors/quads.h"

/// Average: of one block of VEC_BYTES channels; zero points as in memory, the input's and the multipliers in quads, the output's in halves.
typedef struct constants {
    float in_zero[VEC_BYTES], m[VEC_BYTES];
    int16_t out_zero[VEC_BYTES];
} constants;

static bool supports(const sk_shape *s) { return s->pool_max || s->kernel_h * s->kernel_w <= VEC_MAX_SUMMED; }

static uint64_t packed_bytes(const sk_shape *s) { return s->pool_max ? 0 : sk_product(sk_div_up(s->in_c, VEC_BYTES), sizeof(constants)); }

static void pack(const sk_shape *s, const sk_params *params, void *packed) {
    if (s->pool_max) return;
    constants *to = packed;
    memset(packed, 0, (size_t)packed_bytes(s));
    for (int32_t c = 0; c < s->in_c; c++) {
        constants *block = &to[c / VEC_BYTES];
        int byte = c % VEC_BYTES;
        block->in_zero[quad_index(byte)] = (float)(params->in_zero[c] + SK_ACT_OFFSET);
        block->m[quad_index(byte)] = params->multiplier[c];
        block->out_zero[half_index(byte)] = params->out_zero[c] + SK_ACT_OFFSET;
    }
}

/// A window's positions inside the picture: `rows` x `columns` of them, from `first` on.
typedef struct window {
    const uint8_t *first;
    int32_t rows, columns;
    size_t row_step, column_step;
} window;

/// Along one axis: how many of `kernel` steps from `start` fall in [0, length); `*start` becomes the first of them.
static int32_t clip(int32_t *start, int32_t step, int32_t kernel, int32_t length) {
    int32_t skipped = *start < 0 ? sk_div_up(-*start, step) : 0;
    *start += skipped * step;
    int32_t fitting = *start < length ? sk_div_up(length - *start, step) : 0;
    return sk_max(sk_min(kernel - skipped, fitting), 0);
}

INLINE vec window_max(const window *w, int32_t c) {
    vec q = vec_lowest_act();
    for (int32_t y = 0; y < w->rows; y++)
        for (int32_t x = 0; x < w->columns; x++) q = vec_max_act(q, vec_load(w->first + y * w->row_step + x * w->column_step + c));
    return q;
}

INLINE vec window_average(const window *w, int32_t c, float reciprocal, const constants *k) {
    vec halves[2] = {vec_zero(), vec_zero()}, quads[4];
    for (int32_t y = 0; y < w->rows; y++) {
        for (int32_t x = 0; x < w->columns; x++) {
            vec q = vec_load(w->first + y * w->row_step + x * w->column_step + c);
            halves[0] = vec_add_act_lo(halves[0], q);
            halves[1] = vec_add_act_hi(halves[1], q);
        }
    }
    halves_to_quads(halves, quads);
    lanes inside = lanes_set((float)(w->rows * w->columns));
    for (int quad = 0; quad < 4; quad++) {
        int at = quad * LANES;
        lanes acc = lanes_sub(vec_to_float(quads[quad]), lanes_mul(inside, lanes_load(k->in_zero + at))); // small integers: exact
        quads[quad] = vec_round(lanes_mul(lanes_mul(acc, lanes_set(reciprocal)), lanes_load(k->m + at)));
    }
    return quads_to_bytes(quads, k->out_zero);
}

TARGET static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const constants *packed = call->packed;
    size_t channels = s->in_c;
    int32_t begin, end; // output positions, over all pictures of the batch
    sk_share(s->batch * s->out_h * s->out_w, 1, part, parts, &begin, &end);
    for (int32_t position = begin; position < end; position++) {
        int32_t picture = position / (s->out_w * s->out_h);
        int32_t top = position / s->out_w % s->out_h * s->stride_h - s->pad_top, left = position % s->out_w * s->stride_w - s->pad_left;
        window w = {.row_step = channels * s->in_w * s->dilation_h, .column_step = channels * s->dilation_w};
        w.rows = clip(&top, s->dilation_h, s->kernel_h, s->in_h);
        w.columns = clip(&left, s->dilation_w, s->kernel_w, s->in_w);
        if (w.rows == 0 || w.columns == 0) w.rows = w.columns = top = left = 0;
        w.first = (const uint8_t *)call->in + (((size_t)picture * s->in_h + top) * s->in_w + left) * channels;
        float reciprocal = 1.0f / (float)(s->pool_count_pad ? s->kernel_h * s->kernel_w : sk_max(w.rows * w.columns, 1));

        uint8_t *out = (uint8_t *)call->out + (size_t)position * channels;
        for (int32_t c = 0; c < s->in_c; c += VEC_BYTES) {
            vec bytes = s->pool_max ? window_max(&w, c) : window_average(&w, c, reciprocal, &packed[c / VEC_BYTES]);
            if (c + VEC_BYTES <= s->in_c) {
                vec_store(out + c, bytes);
            } else {
                uint8_t buffer[VEC_BYTES];
                vec_store(buffer, bytes);
                memcpy(out + c, buffer, s->in_c - c);
            }
        }
    }
}

SK_DEFINE_KERNEL(KERNEL, .supports = supports, .packed_bytes = packed_bytes, .pack = pack, .run = run);
