// The reference of DEPTHWISE_F32: any kernel, stride, dilation, padding.
#include "../activation_f32/activation.h"
#include "../pool_f32/window.h"

// The packed form: the bias, then the weights as they are.
static size_t taps(const sk_shape *s) { return (size_t)s->kernel_h * s->kernel_w; }

static uint64_t packed_bytes(const sk_shape *s) { return sk_product(s->out_c, sk_product(1 + taps(s), sizeof(float))); }

static void pack(const sk_shape *s, const sk_params *p, void *packed) {
    float *to = packed;
    memcpy(to, p->bias_f32, s->out_c * sizeof(float));
    memcpy(to + s->out_c, p->weights_f32, s->out_c * taps(s) * sizeof(float));
}

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const float *bias = call->packed, *weights = bias + s->out_c;
    const float *in = call->in, *in2 = call->in2;
    float *out = call->out;
    int32_t begin, end; // output positions, over all pictures of the batch
    sk_share(s->batch * s->out_h * s->out_w, 1, part, parts, &begin, &end);
    for (int32_t position = begin; position < end; position++) {
        sk_window w = sk_window_at(s, position);
        for (int32_t c = call->channel_begin; c < sk_channel_end(call); c++) {
            float acc = bias[c];
            for (int32_t ky = w.ky_begin; ky < w.ky_end; ky++)
                for (int32_t kx = w.kx_begin; kx < w.kx_end; kx++)
                    acc = __builtin_fmaf(in[sk_window_offset(s, &w, ky, kx) + c], weights[c * taps(s) + ky * s->kernel_w + kx], acc);
            size_t at = (size_t)position * s->out_c + c;
            if (s->residual) acc = acc + in2[at];
            out[at] = sk_reference_f32(acc, s->activation, s->act_a, s->act_b);
        }
    }
}

SK_DEFINE_KERNEL(depthwise_f32__scalar, .packed_bytes = packed_bytes, .pack = pack, .run = run);
