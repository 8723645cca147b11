// The reference of ACTIVATION_F32.
#include "activation.h"

#pragma STDC FP_CONTRACT OFF

static bool supports(const sk_shape *shape) {
    (void)shape;
    return true;
}

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const float *in = call->in;
    float *out = call->out;
    int32_t begin, end;
    sk_share(s->batch * s->out_h * s->out_w * s->out_c, 1, part, parts, &begin, &end);
    for (int32_t i = begin; i < end; i++) out[i] = sk_activate_f32(in[i], s->activation, s->act_a, s->act_b);
}

const sk_kernel sk_activation_f32__scalar = {
    .name = "activation_f32__scalar",
    .op = SK_ACTIVATION_F32,
    .isa = SK_SCALAR,
    .supports = supports,
    .run = run,
};
