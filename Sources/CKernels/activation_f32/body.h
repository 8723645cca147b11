// ACTIVATION_F32 on lanes: see lanes_*.h.
#include "epilogue.h"

static bool supports(const sk_shape *shape) {
    (void)shape;
    return true;
}

LANES_TARGET static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const float *in = call->in;
    float *out = call->out;
    lanes_activation f = lanes_activation_of(s);
    int32_t begin, end;
    sk_share(s->batch * s->out_h * s->out_w * s->out_c, SK_ALIGNMENT / (int32_t)sizeof(float), part, parts, &begin, &end);
    int32_t i = begin;
    for (; i + LANES <= end; i += LANES) lanes_store(out + i, lanes_activate(lanes_load(in + i), f));
    if (i < end) lanes_store_first(out + i, end - i, lanes_activate(lanes_load(in + i), f));
    if (sk_has_exponential(s->activation)) sk_exponential_row_f32(out + begin, end - begin, s->activation);
}
