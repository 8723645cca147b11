// The reference of CONV_S8: any kernel, stride, dilation, padding, groups.
#include "../internal.h"

// The packed form: arrays one after the other, canonical values, each 64-byte aligned.
typedef struct layout {
    uint64_t weights, bias, multiplier, out_factor, in_zero, in2_zero, in2_multiplier, out_zero, total;
} layout;

static uint64_t take(uint64_t *offset, uint64_t bytes) {
    uint64_t start = *offset;
    *offset = sk_padded(sk_sum(start, bytes), SK_ALIGNMENT);
    return start;
}

static uint64_t weights_per_output(const sk_shape *s) { return (uint64_t)s->kernel_h * s->kernel_w * (s->in_c / s->groups); } // below 2^63

static layout layout_of(const sk_shape *s) {
    uint64_t n = s->out_c;
    layout at = {.total = 0};
    at.weights = take(&at.total, sk_product(n, weights_per_output(s)));
    at.bias = take(&at.total, n * sizeof(int32_t));
    at.multiplier = take(&at.total, n * sizeof(float));
    at.out_factor = take(&at.total, n * sizeof(float));
    at.in_zero = take(&at.total, s->in_c);
    at.in2_zero = take(&at.total, n);
    at.in2_multiplier = take(&at.total, n * sizeof(float));
    at.out_zero = take(&at.total, n);
    return at;
}

static uint64_t packed_bytes(const sk_shape *shape) { return layout_of(shape).total; }

static void pack(const sk_shape *s, const sk_params *p, void *packed) {
    char *to = packed;
    layout at = layout_of(s);
    size_t n = s->out_c;
    memset(to, 0, at.total);
    memcpy(to + at.weights, p->weights, n * (size_t)weights_per_output(s));
    memcpy(to + at.bias, p->bias, n * sizeof(int32_t));
    memcpy(to + at.multiplier, p->multiplier, n * sizeof(float));
    if (s->activation == SK_HARD_SWISH) memcpy(to + at.out_factor, p->out_factor, n * sizeof(float));
    memcpy(to + at.in_zero, p->in_zero, s->in_c);
    memcpy(to + at.out_zero, p->out_zero, n);
    if (s->residual) {
        memcpy(to + at.in2_zero, p->in2_zero, n);
        memcpy(to + at.in2_multiplier, p->in2_multiplier, n * sizeof(float));
    }
}

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const char *packed = call->packed;
    layout at = layout_of(s);
    const int8_t *weights = (const int8_t *)(packed + at.weights);
    const int32_t *bias = (const int32_t *)(packed + at.bias);
    const float *m = (const float *)(packed + at.multiplier), *k = (const float *)(packed + at.out_factor);
    const int8_t *in_zero = (const int8_t *)(packed + at.in_zero), *out_zero = (const int8_t *)(packed + at.out_zero);
    const int8_t *in2_zero = (const int8_t *)(packed + at.in2_zero);
    const float *in2_m = (const float *)(packed + at.in2_multiplier);
    const sk_act *in = call->in, *in2 = call->in2;
    sk_act *out = call->out;

    int32_t group_in = s->in_c / s->groups, group_out = s->out_c / s->groups;
    int32_t begin, end; // output positions, over all pictures of the batch
    sk_share(s->batch * s->out_h * s->out_w, 1, part, parts, &begin, &end);
    for (int32_t position = begin; position < end; position++) {
        int32_t x = position % s->out_w, y = position / s->out_w % s->out_h, picture = position / (s->out_w * s->out_h);
        for (int32_t o = call->channel_begin; o < sk_channel_end(call); o++) {
            int32_t first = o / group_out * group_in; // of the input channels this output sees
            const int8_t *w = weights + o * (size_t)weights_per_output(s);
            int32_t acc = bias[o];
            for (int32_t ky = 0; ky < s->kernel_h; ky++) {
                for (int32_t kx = 0; kx < s->kernel_w; kx++, w += group_in) {
                    int32_t in_y = y * s->stride_h - s->pad_top + ky * s->dilation_h;
                    int32_t in_x = x * s->stride_w - s->pad_left + kx * s->dilation_w;
                    bool inside = in_y >= 0 && in_y < s->in_h && in_x >= 0 && in_x < s->in_w;
                    if (inside) {
                        const sk_act *q = in + (((size_t)picture * s->in_h + in_y) * s->in_w + in_x) * s->in_c + first;
                        for (int32_t c = 0; c < group_in; c++) acc += w[c] * sk_load(q[c]);
                    } else {
                        for (int32_t c = 0; c < group_in; c++) acc += w[c] * in_zero[first + c];
                    }
                }
            }

            size_t at_output = (size_t)position * s->out_c + o;
            int32_t q;
            if (s->activation == SK_HARD_SWISH) {
                q = sk_requantize_hard_swish(acc, m[o], k[o], out_zero[o]);
            } else if (s->residual) {
                q = sk_requantize_residual(acc, m[o], sk_load(in2[at_output]) - in2_zero[o], in2_m[o], out_zero[o]);
            } else {
                q = sk_requantize(acc, m[o], out_zero[o]);
            }
            out[at_output] = sk_stored(q);
        }
    }
}

SK_DEFINE_KERNEL(conv_s8__scalar, .packed_bytes = packed_bytes, .pack = pack, .run = run);
