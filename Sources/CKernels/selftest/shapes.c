// Random shapes of every operator. The ranges aim at where kernels break: channel counts around vector widths, odd sums, picture edges,
// rows longer than a kernel takes at once.
#include "selftest.h"

#include "../internal.h"

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

static int32_t channels(sk_random *random) {
    static const int16_t usual[] = {1, 2, 3, 4, 6, 8, 10, 16, 22, 24, 32, 40, 48, 64, 72, 80, 88, 96, 112, 120, 160, 184, 200, 240};
    if (sk_one_in(random, 3)) return sk_random_int(random, 1, sk_one_in(random, 2) ? 40 : 300);
    return usual[sk_random_bits(random) % (sizeof usual / sizeof usual[0])];
}

/// A window along one axis and the axis' length, drawn so that at least one output exists.
static void draw_axis(sk_random *random, int32_t kernel, int32_t stride, int32_t dilation, int32_t longest, int32_t *in, int32_t *out,
                      int32_t *pad_before, int32_t *pad_after) {
    int32_t extent = (kernel - 1) * dilation + 1;
    *pad_before = sk_one_in(random, 2) ? (extent - 1) / 2 : sk_random_int(random, 0, extent - 1);
    *pad_after = sk_one_in(random, 2) ? (extent - 1) / 2 : sk_random_int(random, 0, extent - 1);
    *in = sk_max(sk_random_int(random, 1, longest), extent - *pad_before - *pad_after);
    *out = (*in + *pad_before + *pad_after - extent) / stride + 1;
}

static void draw_window(sk_random *random, sk_shape *s, int32_t highest, int32_t widest) {
    draw_axis(random, s->kernel_h, s->stride_h, s->dilation_h, highest, &s->in_h, &s->out_h, &s->pad_top, &s->pad_bottom);
    draw_axis(random, s->kernel_w, s->stride_w, s->dilation_w, widest, &s->in_w, &s->out_w, &s->pad_left, &s->pad_right);
}

static int32_t kernel_size(sk_random *random) {
    static const int8_t sizes[] = {1, 3, 3, 3, 5, 5, 7, 2};
    return sizes[sk_random_bits(random) % sizeof sizes];
}

static sk_shape plain_shape(sk_random *random) {
    sk_shape s = {.kernel_h = 1, .kernel_w = 1, .stride_h = 1, .stride_w = 1, .dilation_h = 1, .dilation_w = 1, .groups = 1};
    s.batch = sk_one_in(random, 2) ? 1 : sk_random_int(random, 1, 3);
    s.in_c = s.out_c = channels(random);
    s.in_h = s.out_h = sk_random_int(random, 1, 15);
    s.in_w = s.out_w = sk_random_int(random, 1, 15);
    return s;
}

static void draw_kernel(sk_random *random, sk_shape *s) {
    s->kernel_h = kernel_size(random);
    s->kernel_w = sk_one_in(random, 4) ? kernel_size(random) : s->kernel_h;
    s->stride_h = sk_random_int(random, 1, 2);
    s->stride_w = sk_one_in(random, 6) ? sk_random_int(random, 1, 3) : s->stride_h;
    if (sk_one_in(random, 6)) {
        s->dilation_h = sk_random_int(random, 1, 3);
        s->dilation_w = sk_random_int(random, 1, 3);
    }
}

static sk_shape conv_shape(sk_random *random) {
    sk_shape s = plain_shape(random);
    s.out_c = channels(random);
    switch (sk_random_bits(random) % 6) {
    case 0:
    case 1: // pointwise
        break;
    case 2: // a linear layer
        s.in_h = s.out_h = s.in_w = s.out_w = 1;
        s.batch = sk_random_int(random, 1, 9);
        if (sk_one_in(random, 2)) s.in_c = sk_random_int(random, 1, 1000);
        if (sk_one_in(random, 2)) s.out_c = sk_random_int(random, 1, 1300);
        break;
    case 3: // the first layer
        s.in_c = sk_one_in(random, 4) ? 1 : 3;
        s.out_c = sk_random_int(random, 1, 40);
        s.kernel_h = s.kernel_w = 3;
        s.stride_h = s.stride_w = 2;
        draw_window(random, &s, 40, 40);
        break;
    case 4:
        draw_kernel(random, &s);
        s.in_c = sk_random_int(random, 1, 80);
        draw_window(random, &s, 12, 12);
        break;
    default: // grouped, not depthwise
        draw_kernel(random, &s);
        s.groups = sk_random_int(random, 2, 4);
        s.in_c = s.groups * sk_random_int(random, 1, 20);
        s.out_c = s.groups * sk_random_int(random, s.in_c == s.groups ? 2 : 1, 20);
        draw_window(random, &s, 12, 12);
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
    if (sk_one_in(random, 2)) s.kernel_h = s.kernel_w = sk_one_in(random, 2) ? 3 : 5;
    else draw_kernel(random, &s);
    if (s.stride_h == 1 && sk_one_in(random, 3)) s.stride_h = s.stride_w = 2;
    if (sk_one_in(random, 5)) { // long rows: kernels take them in chunks of up to 252 outputs
        s.batch = 1;
        s.in_c = s.out_c = s.groups = sk_min(s.in_c, 100);
        draw_window(random, &s, 5, 300);
    } else {
        draw_window(random, &s, 18, 18);
    }
    return s;
}

static sk_shape pool_shape(sk_random *random) {
    sk_shape s = plain_shape(random);
    s.kernel_h = s.kernel_w = sk_random_int(random, 1, 4);
    if (sk_one_in(random, 4)) s.kernel_w = sk_random_int(random, 1, 4);
    s.stride_h = s.stride_w = sk_random_int(random, 1, 2);
    draw_window(random, &s, 15, 15);
    s.pool_max = sk_one_in(random, 2);
    s.pool_count_pad = sk_one_in(random, 2);
    return s;
}

static int32_t float_activation(sk_random *random) {
    static const int8_t all[] = {SK_LINEAR,   SK_HARD_SWISH, SK_RELU,       SK_CLIP,      SK_HARD_SIGMOID,
                                 SK_SIGMOID,  SK_SWISH,      SK_LEAKY_RELU, SK_ELU,       SK_TANH,
                                 SK_SOFTPLUS, SK_MISH,       SK_GELU,       SK_GELU_TANH, SK_THRESHOLDED_RELU};
    return all[sk_random_bits(random) % sizeof all];
}

sk_shape sk_shape_draw(sk_operator op, sk_random *random) {
    sk_shape s;
    switch (op) {
    case SK_CONV_S8:
    case SK_CONV_F32: s = conv_shape(random); break;
    case SK_DEPTHWISE_S8:
    case SK_DEPTHWISE_F32: s = depthwise_shape(random); break;
    case SK_POOL_S8:
    case SK_POOL_F32: s = pool_shape(random); break;
    default: s = plain_shape(random);
    }
    switch (op) {
    case SK_CONV_S8:
    case SK_DEPTHWISE_S8:
        s.activation = sk_one_in(random, 3) ? SK_HARD_SWISH : SK_LINEAR;
        s.residual = s.activation == SK_LINEAR && sk_one_in(random, op == SK_CONV_S8 ? 2 : 8);
        break;
    case SK_CONV_F32:
    case SK_DEPTHWISE_F32: s.residual = sk_one_in(random, 4); break;
    case SK_GLOBAL_POOL_S8:
    case SK_GLOBAL_POOL_F32:
        if (sk_one_in(random, 4)) s.in_h = sk_random_int(random, 15, 70); // more than 257 positions: 16-bit sums of bytes overflow
        s.out_h = s.out_w = 1;
        break;
    case SK_MUL_S8:
    case SK_MUL_F32:
    case SK_ADD_S8:
    case SK_ADD_F32: s.gate = sk_one_in(random, 2); break;
    case SK_TABLE_S8: s.table_per_channel = sk_one_in(random, 2); break;
    default: break;
    }
    if (op == SK_CONV_F32 || op == SK_DEPTHWISE_F32 || op == SK_ADD_F32 || op == SK_ACTIVATION_F32) {
        s.activation = float_activation(random);
        s.act_a = s.activation == SK_CLIP ? 0.0f : sk_one_in(random, 2) ? 0.2f : 1.0f / 6.0f;
        s.act_b = s.activation == SK_CLIP ? 6.0f : 0.5f;
    }
    return s;
}

#pragma clang attribute pop
