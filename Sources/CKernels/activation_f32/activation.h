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

SK_INLINE float sk_leaky_relu_f32(float x, float slope) { return x < 0.0f ? x * slope : x; }

SK_INLINE float sk_elu_f32(float x, float scale) {
    float below = scale * (sk_exp_f32(x) - 1.0f);
    return x < 0.0f ? below : x;
}

/// Absolute error below 2e-7.
SK_INLINE float sk_tanh_f32(float x) {
    float e = sk_exp_f32(-2.0f * (x < 0.0f ? -x : x));
    float y = (1.0f - e) / (1.0f + e);
    return x < 0.0f ? -y : y;
}

/// max(x, 0) + log(1 + u), u = exp(-|x|). With s = u / (2 + u) <= 1/3, log(1 + u) = 2 atanh(s), whose series ends at s^13 / 13: the rest
/// is below 2e-8.
SK_INLINE float sk_softplus_f32(float x) {
    float u = sk_exp_f32(x < 0.0f ? x : -x);
    float s = u / (2.0f + u);
    float z = s * s;
    float p = 1.0f / 13.0f;
    p = p * z + 1.0f / 11.0f;
    p = p * z + 1.0f / 9.0f;
    p = p * z + 1.0f / 7.0f;
    p = p * z + 1.0f / 5.0f;
    p = p * z + 1.0f / 3.0f;
    p = p * z + 1.0f;
    return sk_at_least(0.0f, x) + 2.0f * (s * p);
}

/// tanh(log(1 + e)) = n / (n + 2), n = e (e + 2), e = exp(x). Beyond 20 it is 1.
SK_INLINE float sk_mish_f32(float x) {
    float e = sk_exp_f32(sk_at_most(20.0f, x));
    float n = e * (e + 2.0f);
    return x * (n / (n + 2.0f));
}

/// erfc(z) for z = |x| / sqrt(2) as t (a1 + t (a2 + ...)) exp(-z^2), t = 1 / (1 + p z) (Abramowitz and Stegun, formula 7.1.26): absolute
/// error below 2e-7.
SK_INLINE float sk_gelu_f32(float x) {
    float z = (x < 0.0f ? -x : x) * 0.70710678f;
    float t = 1.0f / (1.0f + 0.3275911f * z);
    float p = 1.061405429f;
    p = p * t + -1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t + -0.284496736f;
    p = p * t + 0.254829592f;
    float half_tail = 0.5f * ((p * t) * sk_exp_f32(-(z * z)));
    return x < 0.0f ? x * half_tail : x - x * half_tail;
}

/// x sigmoid(2 sqrt(2 / pi) (x + 0.044715 x^3))
SK_INLINE float sk_gelu_tanh_f32(float x) { return x * sk_sigmoid_f32(1.59576912f * (x + 0.044715f * (x * (x * x)))); }

SK_INLINE float sk_thresholded_relu_f32(float x, float threshold) { return x > threshold ? x : 0.0f; }

/// One value; `a`, `b` are the shape's act_a, act_b.
SK_INLINE float sk_activate_f32(float x, int32_t activation, float a, float b) {
    switch (activation) {
    case SK_RELU: return sk_at_least(0.0f, x);
    case SK_CLIP: return sk_at_most(b, sk_at_least(a, x));
    case SK_HARD_SWISH: return sk_hard_swish_f32(x);
    case SK_HARD_SIGMOID: return sk_at_most(1.0f, sk_at_least(0.0f, x * a + b));
    case SK_SIGMOID: return sk_sigmoid_f32(x);
    case SK_SWISH: return x * sk_sigmoid_f32(x);
    case SK_LEAKY_RELU: return sk_leaky_relu_f32(x, a);
    case SK_ELU: return sk_elu_f32(x, a);
    case SK_TANH: return sk_tanh_f32(x);
    case SK_SOFTPLUS: return sk_softplus_f32(x);
    case SK_MISH: return sk_mish_f32(x);
    case SK_GELU: return sk_gelu_f32(x);
    case SK_GELU_TANH: return sk_gelu_tanh_f32(x);
    case SK_THRESHOLDED_RELU: return sk_thresholded_relu_f32(x, a);
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

/// Whether the fast kernels leave this activation to `sk_follow_row_f32`, after the store.
SK_INLINE bool sk_follows_store(int32_t activation) { return activation >= SK_SIGMOID; }

/// Such an activation over values just stored. Plain loops: the compiler turns them into the caller's vector instructions, and the result
/// is the same, operation by operation.
SK_INLINE void sk_follow_row_f32(float *x, int32_t count, const sk_shape *s) {
    const float a = s->act_a;
    switch (s->activation) {
    case SK_SIGMOID:
        for (int32_t i = 0; i < count; i++) x[i] = sk_sigmoid_f32(x[i]);
        break;
    case SK_SWISH:
        for (int32_t i = 0; i < count; i++) x[i] = x[i] * sk_sigmoid_f32(x[i]);
        break;
    case SK_LEAKY_RELU:
        for (int32_t i = 0; i < count; i++) x[i] = sk_leaky_relu_f32(x[i], a);
        break;
    case SK_ELU:
        for (int32_t i = 0; i < count; i++) x[i] = sk_elu_f32(x[i], a);
        break;
    case SK_TANH:
        for (int32_t i = 0; i < count; i++) x[i] = sk_tanh_f32(x[i]);
        break;
    case SK_SOFTPLUS:
        for (int32_t i = 0; i < count; i++) x[i] = sk_softplus_f32(x[i]);
        break;
    case SK_MISH:
        for (int32_t i = 0; i < count; i++) x[i] = sk_mish_f32(x[i]);
        break;
    case SK_GELU:
        for (int32_t i = 0; i < count; i++) x[i] = sk_gelu_f32(x[i]);
        break;
    case SK_GELU_TANH:
        for (int32_t i = 0; i < count; i++) x[i] = sk_gelu_tanh_f32(x[i]);
        break;
    case SK_THRESHOLDED_RELU:
        for (int32_t i = 0; i < count; i++) x[i] = sk_thresholded_relu_f32(x[i], a);
        break;
    default: break;
    }
}

/// The same for the references, as one function: in a loop of its own, each would have a copy for every activation.
__attribute__((noinline)) float sk_reference_f32(float x, int32_t activation, float a, float b);

#endif
