// The reference of QUANTIZE.
#include "../channels.h"

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const sk_channel *channels = call->packed;
    const float *in = call->in;
    sk_act *out = call->out;

    int64_t count = (int64_t)sk_input_count(s);
    for (int64_t i = count * part / parts; i < count * (part + 1) / parts; i++) {
        const sk_channel *channel = &channels[i % s->in_c];
        float t = in[i] * channel->scale + channel->offset;
        out[i] = sk_stored(sk_round_sat8(t, 0)); // clamps to +-512 as the contract says, a NaN to -512
    }
}

SK_DEFINE_KERNEL(quantize__scalar, .packed_bytes = sk_channels_bytes, .pack = sk_channels_pack, .run = run);
