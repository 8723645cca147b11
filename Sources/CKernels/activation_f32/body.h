// ACTIVATION_F32 on lanes: see lanes_*.h.
#include "epilogue.h"

TARGET static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    int32_t begin, end;
    sk_share(s->batch * s->out_h * s->out_w * s->out_c, SK_ALIGNMENT / (int32_t)sizeof(float), part, parts, &begin, &end);
    lanes_activate_row((const float *)call->in + begin, (float *)call->out + begin, end - begin, s);
}

SK_DEFINE_KERNEL(KERNEL, .run = run);
