// What the NEON kernels of DEPTHWISE_S8 share: blocks of 8 channels and requantizing.
//
// A sum begins with SK_ROUNDER_BITS, so that it is a float (../vectors/rounded_neon.h) as long as it stays below 2^22. Products alone do
// (MAX_TAPS). A bias may not: dead channels have large ones. So the bias' multiple of 256 is left out of the sum and subtracted together
// with SK_ROUNDER, which is one rounding, as in a conversion.
#ifndef CKERNELS_DEPTHWISE_S8_BLOCK_NEON_H
#define CKERNELS_DEPTHWISE_S8_BLOCK_NEON_H

#include "../vectors/lanes_neon.h"
#include "../vectors/hard_swish.h"
#include "../vectors/rounded_neon.h"

#include <math.h>

enum {
    BLOCK = 8,      // channels
    MAX_TAPS = 256, // 256 * 127 * 128 + 255 < 2^22
};

/// The parameters of a block's channels.
typedef struct constants {
    int32_t bias[BLOCK]; // modulo 256, and SK_ROUNDER_BITS
    float base[BLOCK];   // SK_ROUNDER less the bias' multiple of 256
    float m[BLOCK], k[BLOCK];
    int16_t zero[BLOCK];
    int32_t large;       // whether a channel is not small (../small.h)
    int32_t unused[3];
} constants;

static int32_t tap_count(const sk_shape *s) { return s->kernel_h * s->kernel_w; }
static int32_t block_count(const sk_shape *s) { return sk_div_up(s->out_c, BLOCK); }
/// The last block reaches back over channels computed before. Fewer than 8 channels are one block, whose outputs are copied from `scratch`.
static int32_t first_channel(const sk_shape *s, int32_t block) { return sk_max(sk_min(block * BLOCK, s->out_c - BLOCK), 0); }

static void pack_constants(const sk_shape *s, const sk_params *p, int32_t first, constants *to) {
    for (int32_t i = 0; i < sk_min(BLOCK, s->out_c); i++) {
        int32_t c = first + i, low = p->bias[c] & 255;
        to->bias[i] = low + SK_ROUNDER_BITS;
        to->base[i] = SK_ROUNDER - (float)(p->bias[c] - low);
        to->m[i] = p->multiplier[c];
        to->k[i] = s->activation == SK_HARD_SWISH ? p->out_factor[c] : 0;
        to->zero[i] = p->out_zero[c];
        float largest = sk_largest(sk_sum_range_of(p->weights + (size_t)c * tap_count(s), tap_count(s), p->bias[c])) * fabsf(to->m[i]);
        if (s->activation == SK_HARD_SWISH) largest *= 6 * fabsf(to->k[i]);
        if (!(largest < SK_SMALL_BOUND)) to->large = 1;
    }
}

/// 4 sums -> 4 values before rounding. `hard_swish` is constant.
INLINE lanes requantize(int32x4_t sums, const constants *c, int first, bool hard_swish) {
    lanes x = lanes_mul(lanes_sub(vreinterpretq_f32_s32(sums), lanes_load(c->base + first)), lanes_load(c->m + first));
    return hard_swish ? lanes_mul(lanes_mul(x, lanes_gate(x)), lanes_load(c->k + first)) : x;
}

/// The sums of 8 channels -> activations.
INLINE int8x8_t finish_block(const int32x4_t sums[2], const constants *c, bool hard_swish, bool large) {
    return rounded_to_bytes(requantize(sums[0], c, 0, hard_swish), requantize(sums[1], c, 4, hard_swish), vld1q_s16(c->zero), large);
}

// MARK: - 3x3 and 5x5 kernels of stride 1 and 2 (walk_neon.h)

enum {
    MAX_KERNEL = 5,
    MAX_ROWS = 2, // of outputs
    MAX_LINES = 5, // of inputs
};

/// A layer's form: constant wherever the compiler is to unroll.
typedef struct form {
    int kernel, stride;
    int rows; // outputs below one another: a fourth line adds little to what a 3x3 kernel loads
    bool hard_swish, large;
} form;

SK_INLINE form form_of(const sk_shape *s) {
    return (form){s->kernel_h, s->stride_h, s->kernel_h == 3 && s->stride_h == 1 ? 2 : 1, s->activation == SK_HARD_SWISH, false};
}

SK_INLINE int lines_of(form f) { return f.kernel + (f.rows - 1) * f.stride; }

#endif
