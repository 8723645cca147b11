// ADD_F32 on lanes: see vectors/lanes_*.h.
#include "../activation_f32/epilogue.h"

TARGET static void add_row(const sk_shape *s, const float *in, const float *in2, float *out, int32_t count) {
    lanes_activation f = lanes_activation_of(s);
    int32_t i = 0;
    for (; i + LANES <= count; i += LANES) lanes_store(out + i, lanes_activate(lanes_add(lanes_load(in + i), lanes_load(in2 + i)), f));
    if (i < count) lanes_store_first(out + i, count - i, lanes_activate(lanes_add(lanes_load(in + i), lanes_load(in2 + i)), f));
    if (sk_follows_store(s->activation)) sk_follow_row_f32(out, count, s);
}

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const float *in = call->in, *in2 = call->in2;
    float *out = call->out;
    int32_t positions = s->out_h * s->out_w, begin, end;
    if (!s->gate) {
        sk_share(s->batch * positions * s->out_c, SK_ALIGNMENT / (int32_t)sizeof(float), part, parts, &begin, &end);
        add_row(s, in + begin, in2 + begin, out + begin, end - begin);
        return;
    }
    sk_share(s->batch * positions, 1, part, parts, &begin, &end);
    for (int32_t position = begin; position < end; position++) {
        size_t at = (size_t)position * s->out_c, at2 = (size_t)(position / positions) * s->out_c;
        add_row(s, in + at, in2 + at2, out + at, s->out_c);
    }
}

SK_DEFINE_KERNEL(KERNEL, .run = run);
