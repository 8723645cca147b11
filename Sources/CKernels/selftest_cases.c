// Random shapes, parameters and inputs of every operator. The ranges aim at where kernels break: channel counts around vector widths, odd
// sums, picture edges, extreme values, exact ties in rounding.
#include "selftest.h"

#include "internal.h"

#include <math.h>

static bool one_in(sk_random *random, int n) { return sk_random_bits(random) % (uint32_t)n == 0; }

static void *parameter(sk_case *c, size_t bytes, sk_random *random) {
    sk_block *block = &c->parameters[c->parameter_count++];
    *block = sk_block_make(bytes, random);
    return block->data;
}

// MARK: - Shapes

static int32_t channels(sk_random *random) {
    static const int16_t usual[] = {1, 2, 3, 4, 6, 8, 10, 16, 22, 24, 32, 40, 48, 64, 72, 80, 88, 96, 112, 120, 160, 184, 200, 240};
    if (one_in(random, 3)) return sk_random_int(random, 1, one_in(random, 2) ? 40 : 300);
    return usual[sk_random_bits(random) % (sizeof usual / sizeof usual[0])];
}

/// A window along one axis and the axis' length, drawn so that at least one output exists.
static void draw_axis(sk_random *random, int32_t kernel, int32_t stride, int32_t dilation, int32_t longest, int32_t *in, int32_t *out,
                      int32_t *pad_before, int32_t *pad_after) {
    int32_t extent = (kernel - 1) * dilation + 1;
    *pad_before = one_in(random, 2) ? (extent - 1) / 2 : sk_random_int(random, 0, extent - 1);
    *pad_after = one_in(random, 2) ? (extent - 1) / 2 : sk_random_int(random, 0, extent - 1);
    *in = sk_max(sk_random_int(random, 1, longest), extent - *pad_before - *pad_after);
    *out = (*in + *pad_before + *pad_after - extent) / stride + 1;
}

static void draw_window(sk_random *random, sk_shape *s, int32_t longest) {
    draw_axis(random, s->kernel_h, s->stride_h, s->dilation_h, longest, &s->in_h, &s->out_h, &s->pad_top, &s->pad_bottom);
    draw_axis(random, s->kernel_w, s->stride_w, s->dilation_w, longest, &s->in_w, &s->out_w, &s->pad_left, &s->pad_right);
}

static int32_t kernel_size(sk_random *random) {
    static const int8_t sizes[] = {1, 3, 3, 3, 5, 5, 7, 2};
    return sizes[sk_random_bits(random) % sizeof sizes];
}

static sk_shape plain_shape(sk_random *random) {
    sk_shape s = {.kernel_h = 1, .kernel_w = 1, .stride_h = 1, .stride_w = 1, .dilation_h = 1, .dilation_w = 1, .groups = 1};
    s.batch = one_in(random, 2) ? 1 : sk_random_int(random, 1, 3);
    s.in_c = s.out_c = channels(random);
    s.in_h = s.out_h = sk_random_int(random, 1, 15);
    s.in_w = s.out_w = sk_random_int(random, 1, 15);
    return s;
}

static void draw_kernel(sk_random *random, sk_shape *s) {
    s->kernel_h = kernel_size(random);
    s->kernel_w = one_in(random, 4) ? kernel_size(random) : s->kernel_h;
    s->stride_h = sk_random_int(random, 1, 2);
    s->stride_w = one_in(random, 6) ? sk_random_int(random, 1, 3) : s->stride_h;
    if (one_in(random, 6)) {
        s->dilation_h = sk_random_int(random, 1, 3);
        s->dilation_w = sk_random_int(random, 1, 3);
    }
}

static sk_shape conv_shape(sk_random *random) {
    sk_shape s = plain_shape(random);
    s.out_c = channels(random);
    switch (sk_random_bits(random) % 6) {
    case 0: case 1: // pointwise
        break;
    case 2: // a linear layer
        s.in_h = s.out_h = s.in_w = s.out_w = 1;
        s.batch = sk_random_int(random, 1, 9);
        if (one_in(random, 2)) s.in_c = sk_random_int(random, 1, 1000);
        if (one_in(random, 2)) s.out_c = sk_random_int(random, 1, 1300);
        break;
    case 3: // the first layer
        s.in_c = one_in(random, 4) ? 1 : 3;
        s.out_c = sk_random_int(random, 1, 40);
        s.kernel_h = s.kernel_w = 3;
        s.stride_h = s.stride_w = 2;
        draw_window(random, &s, 40);
        break;
    case 4:
        draw_kernel(random, &s);
        s.in_c = sk_random_int(random, 1, 80);
        draw_window(random, &s, 12);
        break;
    default: // grouped, not depthwise
        draw_kernel(random, &s);
        s.groups = sk_random_int(random, 2, 4);
        s.in_c = s.groups * sk_random_int(random, 1, 20);
        s.out_c = s.groups * sk_random_int(random, s.in_c == s.groups ? 2 : 1, 20);
        draw_window(random, &s, 12);
    }
    // The reference does about 10^9 products a second.
    while ((int64_t)s.batch * s.out_h * s.out_w * s.out_c * s.kernel_h * s.kernel_w * (s.in_c / s.groups) > 3000000) {
        if (s.batch > 1) s.batch--;
        else if (s.kernel_h * s.kernel_w == 1 && s.in_h > 1) s.out_h = --s.in_h;
        else if (s.out_c / s.groups > 16) s.out_c = s.out_c / s.groups / 2 * s.groups;
        else break;
    }
    return s;
}

static sk_shape depthwise_shape(sk_random *random) {
    sk_shape s = plain_shape(random);
    s.groups = s.in_c;
    if (one_in(random, 2)) s.kernel_h = s.kernel_w = one_in(random, 2) ? 3 : 5;
    else draw_kernel(random, &s);
    if (s.stride_h == 1 && one_in(random, 3)) s.stride_h = s.stride_w = 2;
    draw_window(random, &s, 18);
    return s;
}

static sk_shape pool_shape(sk_random *random) {
    sk_shape s = plain_shape(random);
    s.kernel_h = s.kernel_w = sk_random_int(random, 1, 4);
    if (one_in(random, 4)) s.kernel_w = sk_random_int(random, 1, 4);
    s.stride_h = s.stride_w = sk_random_int(random, 1, 2);
    draw_window(random, &s, 15);
    s.pool_max = one_in(random, 2);
    s.pool_count_pad = one_in(random, 2);
    return s;
}

static int32_t float_activation(sk_random *random) {
    static const int8_t all[] = {SK_LINEAR, SK_HARD_SWISH, SK_RELU, SK_CLIP, SK_HARD_SIGMOID, SK_SIGMOID, SK_SWISH};
    return all[sk_random_bits(random) % sizeof all];
}

static sk_shape shape_of(sk_operator op, sk_random *random) {
    sk_shape s;
    switch (op) {
    case SK_CONV_S8: case SK_CONV_F32: s = conv_shape(random); break;
    case SK_DEPTHWISE_S8: case SK_DEPTHWISE_F32: s = depthwise_shape(random); break;
    case SK_POOL_S8: case SK_POOL_F32: s = pool_shape(random); break;
    default: s = plain_shape(random);
    }
    switch (op) {
    case SK_CONV_S8: case SK_DEPTHWISE_S8:
        s.activation = one_in(random, 3) ? SK_HARD_SWISH : SK_LINEAR;
        s.residual = s.activation == SK_LINEAR && one_in(random, op == SK_CONV_S8 ? 2 : 8);
        break;
    case SK_CONV_F32: case SK_DEPTHWISE_F32: s.residual = one_in(random, 4); break;
    case SK_GLOBAL_POOL_S8: case SK_GLOBAL_POOL_F32:
        if (one_in(random, 4)) s.in_h = sk_random_int(random, 15, 70); // more than 257 positions: 16-bit sums of bytes overflow
        s.out_h = s.out_w = 1;
        break;
    case SK_MUL_S8: case SK_MUL_F32: case SK_ADD_S8: case SK_ADD_F32: s.gate = one_in(random, 2); break;
    case SK_TABLE_S8: s.table_per_channel = one_in(random, 2); break;
    default: break;
    }
    if (op == SK_CONV_F32 || op == SK_DEPTHWISE_F32 || op == SK_ADD_F32 || op == SK_ACTIVATION_F32) {
        s.activation = float_activation(random);
        s.act_a = s.activation == SK_CLIP ? 0.0f : one_in(random, 2) ? 0.2f : 1.0f / 6.0f;
        s.act_b = s.activation == SK_CLIP ? 6.0f : 0.5f;
    }
    return s;
}

// MARK: - Values

typedef enum profile { UNIFORM, LOWEST, HIGHEST, ENDS } profile; // ENDS: lowest and highest mixed

static profile draw_profile(sk_random *random) {
    uint32_t bits = sk_random_bits(random) % 12;
    return bits < 3 ? (profile)(LOWEST + bits) : UNIFORM;
}

static int8_t *int8_values(sk_case *c, size_t count, int32_t low, int32_t high, sk_random *random) {
    int8_t *values = parameter(c, count, random);
    profile p = draw_profile(random);
    for (size_t i = 0; i < count; i++)
        values[i] = (int8_t)(p == UNIFORM ? sk_random_int(random, low, high) : p == LOWEST || (p == ENDS && one_in(random, 2)) ? low : high);
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
        ((sk_act *)block.data)[i] = sk_stored(p == LOWEST || (p == ENDS && one_in(random, 2)) ? -128 : 127);
    return block;
}

static sk_block float_map(size_t count, bool special, sk_random *random) {
    sk_block block = sk_tensor_make(count * sizeof(float), sizeof(float), random);
    float range = one_in(random, 4) ? 300.0f : 4.0f;
    float *values = (float *)block.data;
    for (size_t i = 0; i < count; i++) {
        values[i] = sk_random_float(random, -range, range);
        if (one_in(random, 8)) values[i] = nearbyintf(values[i]); // -3, 0, 3: the corners of activations
        if (special && one_in(random, 50)) values[i] = one_in(random, 3) ? NAN : one_in(random, 2) ? INFINITY : -INFINITY;
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
        for (size_t i = 0; i < n; i++) bias[i] = sk_random_int(random, -(int32_t)(2 * sum), (int32_t)(2 * sum));
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
    sk_case c = {.shape = shape_of(op, random)};
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
    c.in_place = (op == SK_MUL_S8 || op == SK_ADD_S8 || op == SK_TABLE_S8 || op == SK_MUL_F32 || op == SK_ADD_F32) && one_in(random, 3);
    return c;
}

void sk_case_free(sk_case *c) {
    sk_block_free(&c->in);
    sk_block_free(&c->in2);
    for (int i = 0; i < c->parameter_count; i++) sk_block_free(&c->parameters[i]);
}
