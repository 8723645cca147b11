// The reference of MUL_S8.
#include "../channels.h"

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const sk_channel *channels = call->packed;
    const sk_act *in = call->in, *in2 = call->in2;
    sk_act *out = call->out;

    int32_t picture_values = s->in_h * s->in_w * s->in_c;
    int64_t count = (int64_t)sk_input_count(s);
    for (int64_t i = count * part / parts; i < count * (part + 1) / parts; i++) {
        int32_t c = (int32_t)(i % s->in_c);
        int64_t i2 = s->gate ? i / picture_values * s->in_c + c : i;
        int32_t acc = (sk_load(in[i]) - channels[c].in_zero) * (sk_load(in2[i2]) - channels[c].in2_zero);
        out[i] = sk_stored(sk_requantize(acc, channels[c].m, channels[c].out_zero));
    }
}

SK_DEFINE_KERNEL(mul_s8__scalar, .packed_bytes = sk_channels_bytes, .pack = sk_channels_pack, .run = run);
