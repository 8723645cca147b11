// The float32 activations, in IEEE operations alone: no library function, no fused operation, so that every machine gives equal bits.
#ifndef CKERNELS_ACTIVATION_F32_H
#define CKERNELS_ACTIVATION_F32_H

#include "../internal.h"

// NaN passes through both, as it does through maxps and minps with x as the second operand.
SK_INLINE float sk_at_least(float low, float x) { return low > x ? low : x; }
SK_INLINE float sk_at_most(float high, float x) { return high < x ? high : x; }

SK_INLINE float sk_power_of_two(int32_t n) { // n in [-126, 127]
    int32_t bits = (n + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/// e^x, relative error below 2e-7 where the result is normal; exp(-inf) = 0, exp(inf) = inf, NaN stays NaN.
/// x = n ln 2 + r with |r| <= ln 2 / 2; e^r is a polynomial (coefficients: Cody and Waite's scheme as in Moshier's Cephes, expf).
SK_INLINE float sk_exp_f32(float x) {
    x = sk_at_least(-104.0f, x); // beyond these ends the result is 0 or infinite anyhow
    x = sk_at_most(89.0f, x);
    float shifted = x * 1.44269504f + SK_ROUNDER; // rounds x / ln 2 to an integer, which stays in the low bits
    float n = shifted - SK_ROUNDER;
    int32_t exponent;
    memcpy(&exponent, &shifted, sizeof exponent);
    exponent -= SK_ROUNDER_BITS;

    float r = x - n * 0.693359375f; // ln 2 in two parts: n times the first is exact
    r = r - n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = (p * (r * r) + r) + 1.0f;

    int32_t half = exponent >> 1; // in two steps, since 2^128 and 2^-150 are no normal numbers
    half = sk_min(sk_max(half, -126), 127); // a NaN's exponent is anything
    int32_t rest = sk_min(sk_max(exponent - half, -126), 127);
    return (p * sk_power_of_two(half)) * sk_power_of_two(rest);
}

SK_INLINE float sk_sigmoid_f32(float x) { return 1.0f / (1.0f + sk_exp_f32(-x)); }

SK_INLINE float sk_hard_swish_f32(float x) { return x * (sk_at_most(6.0f, sk_at_least(0.0f, x + 3.0f)) * (1.0f / 6.0f)); }

/// One value; `a`, `b` are the shape's act_a, act_b.
SK_INLINE float sk_activate_f32(float x, int32_t activation, float a, float b) {
    switch (activation) {
    case SK_RELU: return sk_at_least(0.0f, x);
    case SK_CLIP: return sk_at_most(b, sk_at_least(a, x));
    case SK_HARD_SWISH: return sk_hard_swish_f32(x);
    case SK_HARD_SIGMOID: return sk_at_most(1.0f, sk_at_least(0.0f, x * a + b));
    case SK_SIGMOID: return sk_sigmoid_f32(x);
    case SK_SWISH: return x * sk_sigmoid_f32(x);
    default: return x;
    }
}

/// What convolutions do to their accumulators in registers: hard-swish or else min(max(x, low), high). The other activations are rare after
/// large maps, and the many tiles are spared the code: where `complete` is false, the activation itself follows the store.
typedef struct sk_fused_activation {
    bool hard_swish, complete;
    float low, high;
} sk_fused_activation;

SK_INLINE sk_fused_activation sk_fused_activation_of(const sk_shape *s) {
    sk_fused_activation f = {.hard_swish = s->activation == SK_HARD_SWISH, .low = -__builtin_inff(), .high = __builtin_inff()};
    if (s->activation == SK_RELU || s->activation == SK_CLIP) f.low = s->activation == SK_CLIP ? s->act_a : 0.0f;
    if (s->activation == SK_CLIP) f.high = s->act_b;
    f.complete = s->activation == SK_LINEAR || s->activation == SK_RELU || s->activation == SK_CLIP || f.hard_swish;
    return f;
}

/// Whether the fast kernels leave this activation to `sk_exponential_row_f32`, after the store.
SK_INLINE bool sk_has_exponential(int32_t activation) { return activation == SK_SIGMOID || activation == SK_SWISH; }

/// SK_SIGMOID or SK_SWISH over values just stored. Plain loops: the compiler turns them into the caller's vector instructions, and the
/// result is the same, operation by operation.
SK_INLINE void sk_exponential_row_f32(float *x, int32_t count, int32_t activation) {
    if (activation == SK_SIGMOID) {
        for (int32_t i = 0; i < count; i++) x[i] = sk_sigmoid_f32(x[i]);
    } else {
        for (int32_t i = 0; i < count; i++) x[i] = x[i] * sk_sigmoid_f32(x[i]);
    }
}

#endif
