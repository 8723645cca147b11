// POOL_F32 on lanes: see vectors/lanes_*.h.
#include "window.h"

INLINE lanes pool_max(const sk_shape *s, const sk_window *w, const float *in) {
    lanes acc = lanes_set(-__builtin_inff());
    for (int32_t ky = w->ky_begin; ky < w->ky_end; ky++)
        for (int32_t kx = w->kx_begin; kx < w->kx_end; kx++) acc = lanes_max(lanes_load(in + sk_window_offset(s, w, ky, kx)), acc);
    return acc;
}

INLINE lanes pool_average(const sk_shape *s, const sk_window *w, const float *in) {
    lanes acc = lanes_set(0.0f);
    for (int32_t ky = w->ky_begin; ky < w->ky_end; ky++)
        for (int32_t kx = w->kx_begin; kx < w->kx_end; kx++) acc = lanes_add(acc, lanes_load(in + sk_window_offset(s, w, ky, kx)));
    return lanes_mul(acc, lanes_set(w->factor));
}

TARGET static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const float *in = call->in;
    int32_t begin, end; // output positions, over all pictures of the batch
    sk_share(s->batch * s->out_h * s->out_w, 1, part, parts, &begin, &end);
    for (int32_t position = begin; position < end; position++) {
        sk_window w = sk_window_at(s, position);
        float *out = (float *)call->out + (size_t)position * s->out_c;
        for (int32_t c = 0; c < s->out_c; c += LANES) {
            lanes y = s->pool_max ? pool_max(s, &w, in + c) : pool_average(s, &w, in + c);
            if (s->out_c - c >= LANES) lanes_store(out + c, y);
            else lanes_store_first(out + c, s->out_c - c, y);
        }
    }
}

SK_DEFINE_KERNEL(KERNEL, .run = run);
