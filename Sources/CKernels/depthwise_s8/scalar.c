// The reference of DEPTHWISE_S8: any kernel, stride, dilation, padding.
#include "../channels.h"

static uint64_t weight_bytes(const sk_shape *s) { return sk_product(sk_product(s->out_c, s->kernel_h), s->kernel_w); }

static uint64_t packed_bytes(const sk_shape *shape) { return sk_sum(sk_channels_bytes(shape), weight_bytes(shape)); }

static void pack(const sk_shape *shape, const sk_params *params, void *packed) {
    sk_channels_pack(shape, params, packed);
    memcpy((char *)packed + (size_t)sk_channels_bytes(shape), params->weights, (size_t)weight_bytes(shape));
}

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const sk_channel *channels = call->packed;
    const int8_t *weights = (const int8_t *)call->packed + (size_t)sk_channels_bytes(s);
    const sk_act *in = call->in, *in2 = call->in2;
    sk_act *out = call->out;

    int32_t begin, end; // output positions, over all pictures of the batch
    sk_share(s->batch * s->out_h * s->out_w, 1, part, parts, &begin, &end);
    for (int32_t position = begin; position < end; position++) {
        int32_t x = position % s->out_w, y = position / s->out_w % s->out_h, picture = position / (s->out_w * s->out_h);
        for (int32_t c = call->channel_begin; c < sk_channel_end(call); c++) {
            const sk_channel channel = channels[c];
            const int8_t *w = weights + (size_t)c * s->kernel_h * s->kernel_w;
            int32_t acc = channel.bias;
            for (int32_t ky = 0; ky < s->kernel_h; ky++) {
                for (int32_t kx = 0; kx < s->kernel_w; kx++) {
                    int32_t in_y = y * s->stride_h - s->pad_top + ky * s->dilation_h;
                    int32_t in_x = x * s->stride_w - s->pad_left + kx * s->dilation_w;
                    bool inside = in_y >= 0 && in_y < s->in_h && in_x >= 0 && in_x < s->in_w;
                    size_t at = (((size_t)picture * s->in_h + in_y) * s->in_w + in_x) * s->in_c + c;
                    acc += *w++ * (inside ? sk_load(in[at]) : channel.in_zero);
                }
            }

            size_t at_output = (size_t)position * s->out_c + c;
            int32_t q;
            if (s->activation == SK_HARD_SWISH) {
                q = sk_requantize_hard_swish(acc, channel.m, channel.k, channel.out_zero);
            } else if (s->residual) {
                q = sk_requantize_residual(acc, channel.m, sk_load(in2[at_output]) - channel.in2_zero, channel.in2_m, channel.out_zero);
            } else {
                q = sk_requantize(acc, channel.m, channel.out_zero);
            }
            out[at_output] = sk_stored(q);
        }
    }
}

SK_DEFINE_KERNEL(depthwise_s8__scalar, .packed_bytes = packed_bytes, .pack = pack, .run = run);
