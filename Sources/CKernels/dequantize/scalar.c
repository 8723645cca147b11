// The reference of DEQUANTIZE.
#include "../channels.h"

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const sk_channel *channels = call->packed;
    const sk_act *in = call->in;
    float *out = call->out;

    int64_t count = (int64_t)sk_input_count(s);
    for (int64_t i = count * part / parts; i < count * (part + 1) / parts; i++) {
        const sk_channel *channel = &channels[i % s->in_c];
        out[i] = (float)(sk_load(in[i]) - channel->in_zero) * channel->scale;
    }
}

SK_DEFINE_KERNEL(dequantize__scalar, .packed_bytes = sk_channels_bytes, .pack = sk_channels_pack, .run = run);
