// The reference of ACTIVATION_F32.
#include "activation.h"

float sk_reference_f32(float x, int32_t activation, float a, float b) { return sk_activate_f32(x, activation, a, b); }

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const float *in = call->in;
    float *out = call->out;
    int32_t begin, end;
    sk_share(s->batch * s->out_h * s->out_w * s->out_c, 1, part, parts, &begin, &end);
    for (int32_t i = begin; i < end; i++) out[i] = sk_reference_f32(in[i], s->activation, s->act_a, s->act_b);
}

SK_DEFINE_KERNEL(activation_f32__scalar, .run = run);
