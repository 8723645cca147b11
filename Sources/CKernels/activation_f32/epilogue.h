// What float32 kernels do to an accumulator before they store it. Include one lanes_*.h before this.
#ifndef CKERNELS_EPILOGUE_F32_H
#define CKERNELS_EPILOGUE_F32_H

#include "../vectors/hard_swish.h"
#include "activation.h"

/// An activation made ready: `clamp` is SK_LINEAR, SK_RELU or SK_CLIP; those from SK_SIGMOID on are linear here and follow the store.
typedef struct lanes_activation {
    enum { LANES_CLAMP, LANES_HARD_SWISH, LANES_HARD_SIGMOID } kind;
    lanes a, b; // clamp: the ends; hard-sigmoid: slope and offset
} lanes_activation;

INLINE lanes_activation lanes_activation_of(const sk_shape *s) {
    lanes_activation to = {LANES_CLAMP, lanes_set(-__builtin_inff()), lanes_set(__builtin_inff())};
    if (s->activation == SK_RELU) to.a = lanes_set(0.0f);
    if (s->activation == SK_HARD_SWISH) to.kind = LANES_HARD_SWISH;
    if (s->activation == SK_HARD_SIGMOID) to.kind = LANES_HARD_SIGMOID;
    if (s->activation == SK_CLIP || s->activation == SK_HARD_SIGMOID) {
        to.a = lanes_set(s->act_a);
        to.b = lanes_set(s->act_b);
    }
    return to;
}

INLINE lanes lanes_clamp(lanes x, lanes_activation f) { return lanes_min(f.b, lanes_max(f.a, x)); }

INLINE lanes lanes_hard_swish(lanes x) { return lanes_mul(x, lanes_mul(lanes_gate(x), lanes_set(1.0f / 6.0f))); }

INLINE lanes lanes_hard_sigmoid(lanes x, lanes_activation f) {
    return lanes_min(lanes_set(1.0f), lanes_max(lanes_set(0.0f), lanes_add(lanes_mul(x, f.a), f.b)));
}

INLINE lanes lanes_activate(lanes x, lanes_activation f) {
    if (f.kind == LANES_HARD_SWISH) return lanes_hard_swish(x);
    if (f.kind == LANES_HARD_SIGMOID) return lanes_hard_sigmoid(x, f);
    return lanes_clamp(x, f);
}

/// `count` values, in place or not, with any activation.
INLINE void lanes_activate_row(const float *in, float *out, int32_t count, const sk_shape *s) {
    lanes_activation f = lanes_activation_of(s);
    int32_t i = 0;
    for (; i + LANES <= count; i += LANES) lanes_store(out + i, lanes_activate(lanes_load(in + i), f));
    if (i < count) lanes_store_first(out + i, count - i, lanes_activate(lanes_load(in + i), f));
    if (sk_follows_store(s->activation)) sk_follow_row_f32(out, count, s);
}

#endif
