// The reference of CONV_F32: any kernel, stride, dilation, padding, groups.
#include "../activation_f32/activation.h"

// The packed form: the bias, then the weights as they are.
static uint64_t weights_per_output(const sk_shape *s) { return (uint64_t)s->kernel_h * s->kernel_w * (s->in_c / s->groups); } // below 2^63

static uint64_t packed_bytes(const sk_shape *s) { return sk_product(sk_product(s->out_c, 1 + weights_per_output(s)), sizeof(float)); }

static void pack(const sk_shape *s, const sk_params *p, void *packed) {
    float *to = packed;
    memcpy(to, p->bias_f32, s->out_c * sizeof(float));
    memcpy(to + s->out_c, p->weights_f32, s->out_c * (size_t)weights_per_output(s) * sizeof(float));
}

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const float *bias = call->packed, *weights = bias + s->out_c;
    const float *in = call->in, *in2 = call->in2;
    float *out = call->out;

    int32_t group_in = s->in_c / s->groups, group_out = s->out_c / s->groups;
    int32_t begin, end; // output positions, over all pictures of the batch
    sk_share(s->batch * s->out_h * s->out_w, 1, part, parts, &begin, &end);
    for (int32_t position = begin; position < end; position++) {
        int32_t x = position % s->out_w, y = position / s->out_w % s->out_h, picture = position / (s->out_w * s->out_h);
        for (int32_t o = call->channel_begin; o < sk_channel_end(call); o++) {
            int32_t first = o / group_out * group_in; // of the input channels this output sees
            const float *w = weights + o * (size_t)weights_per_output(s);
            float acc = bias[o];
            for (int32_t ky = 0; ky < s->kernel_h; ky++) {
                for (int32_t kx = 0; kx < s->kernel_w; kx++, w += group_in) {
                    int32_t in_y = y * s->stride_h - s->pad_top + ky * s->dilation_h;
                    int32_t in_x = x * s->stride_w - s->pad_left + kx * s->dilation_w;
                    bool inside = in_y >= 0 && in_y < s->in_h && in_x >= 0 && in_x < s->in_w;
                    if (!inside) continue;
                    const float *values = in + (((size_t)picture * s->in_h + in_y) * s->in_w + in_x) * s->in_c + first;
                    for (int32_t c = 0; c < group_in; c++) acc = __builtin_fmaf(values[c], w[c], acc);
                }
            }
            size_t at = (size_t)position * s->out_c + o;
            if (s->residual) acc = acc + in2[at];
            out[at] = sk_reference_f32(acc, s->activation, s->act_a, s->act_b);
        }
    }
}

SK_DEFINE_KERNEL(conv_f32__scalar, .packed_bytes = packed_bytes, .pack = pack, .run = run);
