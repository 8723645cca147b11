// The reference of GLOBAL_POOL_F32: per picture and channel, the mean over all positions, added up in row order.
#include "../internal.h"

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const float *in = call->in;
    float *out = call->out;
    int32_t positions = s->in_h * s->in_w, begin, end;
    sk_share(s->batch * s->in_c, 1, part, parts, &begin, &end);
    for (int32_t i = begin; i < end; i++) {
        int32_t picture = i / s->in_c, c = i % s->in_c;
        if (c < call->channel_begin || c >= sk_channel_end(call)) continue;
        float sum = 0.0f;
        for (int32_t position = 0; position < positions; position++) sum = sum + in[((size_t)picture * positions + position) * s->in_c + c];
        out[i] = sum * (1.0f / (float)positions);
    }
}

SK_DEFINE_KERNEL(global_pool_f32__scalar, .run = run);
