// The reference of ADD_F32: out = activation(in + in2), element by element, or with in2 [batch][1][1][c] added to every position.
#include "../activation_f32/activation.h"

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const float *in = call->in, *in2 = call->in2;
    float *out = call->out;
    int32_t positions = s->out_h * s->out_w, begin, end;
    sk_share(s->batch * positions, 1, part, parts, &begin, &end);
    for (int32_t position = begin; position < end; position++) {
        size_t at = (size_t)position * s->out_c, at2 = s->gate ? (size_t)(position / positions) * s->out_c : at;
        for (int32_t c = 0; c < s->out_c; c++) out[at + c] = sk_reference_f32(in[at + c] + in2[at2 + c], s->activation, s->act_a, s->act_b);
    }
}

SK_DEFINE_KERNEL(add_f32__scalar, .run = run);
