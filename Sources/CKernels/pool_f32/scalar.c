// The reference of POOL_F32: windowed max or average.
#include "window.h"

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const float *in = call->in;
    float *out = call->out;
    int32_t begin, end; // output positions, over all pictures of the batch
    sk_share(s->batch * s->out_h * s->out_w, 1, part, parts, &begin, &end);
    for (int32_t position = begin; position < end; position++) {
        sk_window w = sk_window_at(s, position);
        for (int32_t c = 0; c < s->out_c; c++) {
            float acc = s->pool_max ? -__builtin_inff() : 0.0f;
            for (int32_t ky = w.ky_begin; ky < w.ky_end; ky++) {
                for (int32_t kx = w.kx_begin; kx < w.kx_end; kx++) {
                    float x = in[sk_window_offset(s, &w, ky, kx) + c];
                    acc = s->pool_max ? (x > acc ? x : acc) : acc + x;
                }
            }
            out[(size_t)position * s->out_c + c] = s->pool_max ? acc : acc * w.factor;
        }
    }
}

SK_DEFINE_KERNEL(pool_f32__scalar, .run = run);
