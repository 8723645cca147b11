// The reference of GLOBAL_POOL_S8.
#include "../channels.h"

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const sk_channel *channels = call->packed;
    const sk_act *in = call->in;
    sk_act *out = call->out;
    int32_t positions = s->in_h * s->in_w;

    int32_t begin, end; // channels, over all pictures of the batch
    sk_share(s->batch * s->in_c, 1, part, parts, &begin, &end);
    for (int32_t i = begin; i < end; i++) {
        int32_t c = i % s->in_c, picture = i / s->in_c;
        if (c < call->channel_begin || c >= sk_channel_end(call)) continue;
        int32_t acc = channels[c].bias;
        for (int32_t position = 0; position < positions; position++)
            acc += sk_load(in[((size_t)picture * positions + position) * s->in_c + c]);
        out[i] = sk_stored(sk_requantize(acc, channels[c].m, channels[c].out_zero));
    }
}

SK_DEFINE_KERNEL(global_pool_s8__scalar, .packed_bytes = sk_channels_bytes, .pack = sk_channels_pack, .run = run);
