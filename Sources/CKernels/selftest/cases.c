// Random parameters and inputs of every operator: extreme values, saturating multipliers, exact ties in rounding.
#include "selftest.h"

#include "../internal.h"

#include <math.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

static void *parameter(sk_case *c, size_t bytes, sk_random *random) {
    sk_block *block = &c->parameters[c->parameter_count++];
    *block = sk_block_make(bytes, random);
    return block->data;
}

typedef enum profile { UNIFORM, LOWEST, HIGHEST, ENDS } profile; // ENDS: lowest and highest mixed

static profile draw_profile(sk_random *random) {
    uint32_t bits = sk_random_bits(random) % 12;
    return bits < 3 ? (profile)(LOWEST + bits) : UNIFORM;
}

static int8_t *int8_values(sk_case *c, size_t count, int32_t low, int32_t high, sk_random *random) {
    int8_t *values = parameter(c, count, random);
    profile p = draw_profile(random);
    for (size_t i = 0; i < count; i++) {
        bool at_low = p == LOWEST || (p == ENDS && sk_one_in(random, 2));
        values[i] = (int8_t)(p == UNIFORM ? sk_random_int(random, low, high) : at_low ? low : high);
    }
    return values;
}

/// Around `typical`, with channels that saturate, that vanish, and exact powers of two, whose products meet ties.
static float *multipliers(sk_case *c, size_t count, float typical, sk_random *random) {
    float *values = parameter(c, count * sizeof(float), random);
    for (size_t i = 0; i < count; i++) {
        float m = typical * sk_random_float(random, 0.5f, 2.0f);
        switch (sk_random_bits(random) % 8) {
        case 0: m *= 30.0f; break;
        case 1: m *= 0.02f; break;
        case 2: {
            int exponent;
            frexpf(typical, &exponent);
            m = ldexpf(1.0f, exponent);
            break;
        }
        default: break;
        }
        values[i] = m;
    }
    return values;
}

static float *floats(sk_case *c, size_t count, float low, float high, sk_random *random) {
    float *values = parameter(c, count * sizeof(float), random);
    for (size_t i = 0; i < count; i++) values[i] = sk_random_float(random, low, high);
    return values;
}

static sk_block activations(size_t count, sk_random *random) {
    sk_block block = sk_tensor_make(count * sizeof(sk_act), sizeof(sk_act), random);
    profile p = draw_profile(random);
    for (size_t i = 0; p != UNIFORM && i < count; i++)
        ((sk_act *)block.data)[i] = sk_stored(p == LOWEST || (p == ENDS && sk_one_in(random, 2)) ? -128 : 127);
    return block;
}

static sk_block float_map(size_t count, bool special, sk_random *random) {
    sk_block block = sk_tensor_make(count * sizeof(float), sizeof(float), random);
    float range = sk_one_in(random, 4) ? 300.0f : 4.0f;
    float *values = (float *)block.data;
    for (size_t i = 0; i < count; i++) {
        values[i] = sk_random_float(random, -range, range);
        if (sk_one_in(random, 8)) values[i] = nearbyintf(values[i]); // -3, 0, 3: the corners of activations
        if (special && sk_one_in(random, 50)) values[i] = sk_one_in(random, 3) ? NAN : sk_one_in(random, 2) ? INFINITY : -INFINITY;
    }
    return block;
}

static void draw_int8_parameters(sk_case *c, sk_operator op, sk_random *random) {
    const sk_shape *s = &c->shape;
    sk_params *p = &c->params;
    size_t n = s->out_c, inner = (size_t)s->kernel_h * s->kernel_w * (s->in_c / s->groups);
    float sum = 1; // a typical sum's size
    if (op == SK_CONV_S8 || op == SK_DEPTHWISE_S8) {
        sum = 74.0f * 74.0f * sqrtf((float)inner);
        p->weights = int8_values(c, n * inner, -127, 127, random);
    } else if (op == SK_GLOBAL_POOL_S8) {
        sum = (float)(s->in_h * s->in_w) * 40.0f;
    } else if (op == SK_MUL_S8) {
        sum = 74.0f * 74.0f;
    } else {
        sum = 60.0f;
    }
    if (op == SK_CONV_S8 || op == SK_DEPTHWISE_S8 || op == SK_GLOBAL_POOL_S8) {
        int32_t *bias = parameter(c, n * sizeof(int32_t), random);
        // Some channels of trained networks are dead: their bias is all that counts.
        bool dead = (op == SK_CONV_S8 || op == SK_DEPTHWISE_S8) && sk_one_in(random, 3);
        for (size_t i = 0; i < n; i++) {
            bias[i] = sk_random_int(random, -(int32_t)(2 * sum), (int32_t)(2 * sum));
            if (dead && sk_one_in(random, 8)) bias[i] = sk_one_in(random, 2) ? 1 << 26 : -(1 << 26);
        }
        p->bias = bias;
    }
    bool hard_swish = s->activation == SK_HARD_SWISH;
    p->multiplier = multipliers(c, n, (hard_swish ? 4.0f : 60.0f) / sum, random);
    if (hard_swish) p->out_factor = multipliers(c, n, 2.0f, random);
    p->in_zero = int8_values(c, s->in_c, -128, 127, random);
    p->out_zero = int8_values(c, n, -128, 127, random);
    p->in2_zero = int8_values(c, n, -128, 127, random);
    p->in2_multiplier = multipliers(c, n, 1.0f, random);
    p->scale = multipliers(c, n, op == SK_QUANTIZE ? 30.0f : 0.02f, random);
    p->offset = floats(c, n, -140.0f, 140.0f, random);
    p->table = parameter(c, 256 * (s->table_per_channel ? n : 1), random);
}

static void draw_float_parameters(sk_case *c, sk_random *random) {
    const sk_shape *s = &c->shape;
    size_t n = s->out_c, inner = (size_t)s->kernel_h * s->kernel_w * (s->in_c / s->groups);
    float range = 1.0f / sqrtf((float)inner);
    c->params.weights_f32 = floats(c, n * inner, -range, range, random);
    c->params.bias_f32 = floats(c, n, -1.0f, 1.0f, random);
}

sk_case sk_case_make(sk_operator op, sk_random *random) {
    sk_case c = {.shape = sk_shape_draw(op, random)};
    const sk_shape *s = &c.shape;
    bool is_float = op >= SK_CONV_F32;
    bool adds = op == SK_ADD_S8 || op == SK_ADD_F32, multiplies = op == SK_MUL_S8 || op == SK_MUL_F32;
    size_t in_count = (size_t)s->batch * s->in_h * s->in_w * s->in_c, out_count = (size_t)s->batch * s->out_h * s->out_w * s->out_c;
    if (is_float) draw_float_parameters(&c, random);
    else draw_int8_parameters(&c, op, random);

    c.in = is_float || op == SK_QUANTIZE ? float_map(in_count, op == SK_QUANTIZE, random) : activations(in_count, random);
    size_t in2_count = s->gate ? (size_t)s->batch * s->in_c : s->residual || adds || multiplies ? out_count : 0;
    if (in2_count) c.in2 = is_float ? float_map(in2_count, false, random) : activations(in2_count, random);
    c.out_is_float = is_float || op == SK_DEQUANTIZE;
    c.out_bytes = out_count * (c.out_is_float ? sizeof(float) : sizeof(sk_act));
    c.in_place = (op == SK_MUL_S8 || op == SK_ADD_S8 || op == SK_TABLE_S8 || op == SK_MUL_F32 || op == SK_ADD_F32) && sk_one_in(random, 3);
    return c;
}

void sk_case_free(sk_case *c) {
    sk_block_free(&c->in);
    sk_block_free(&c->in2);
    for (int i = 0; i < c->parameter_count; i++) sk_block_free(&c->parameters[i]);
}

#pragma clang attribute pop
