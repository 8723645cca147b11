// What the NEON kernels of DEPTHWISE_S8 share: blocks of 8 channels and requantising.
//
// A sum begins with ROUNDER, so that it is a float (../vectors/rounded_neon.h) as long as it stays below 2^22. Products alone do (MAX_TAPS). A bias may
// not: dead channels have large ones. So the bias' multiple of 256 is left out of the sum and subtracted together with ROUNDER, which is one rounding, as
// in a conversion.
#ifndef CKERNELS_DEPTHWISE_S8_BLOCK_NEON_H
#define CKERNELS_DEPTHWISE_S8_BLOCK_NEON_H

#include "../vectors/rounded_neon.h"

#include <math.h>

enum {
    BLOCK = 8,      // channels
    MAX_TAPS = 256, // 256 * 127 * 128 + 255 < 2^22
};

/// Of the channels of a block.
typedef struct constants {
    int32_t bias[BLOCK]; // modulo 256, and ROUNDER
    float base[BLOCK];   // 1.5 * 2^23 less the bias' multiple of 256
    float m[BLOCK], k[BLOCK];
    int16_t zero[BLOCK];
    int32_t wide;        // whether a value before the zero point may not be below ROUNDED_BOUND
    int32_t unused[3];
} constants;

static int32_t tap_count(const sk_shape *s) { return s->kernel_h * s->kernel_w; }
static int32_t block_count(const sk_shape *s) { return sk_div_up(s->out_c, BLOCK); }
/// The last block reaches back over channels computed before. Fewer than 8 channels are one block, whose outputs are copied from `scratch`.
static int32_t first_channel(const sk_shape *s, int32_t block) { return sk_max(sk_min(block * BLOCK, s->out_c - BLOCK), 0); }

static void pack_constants(const sk_shape *s, const sk_params *p, int32_t first, constants *to) {
    for (int32_t i = 0; i < sk_min(BLOCK, s->out_c); i++) {
        int32_t c = first + i, low = p->bias[c] & 255;
        to->bias[i] = low + ROUNDER;
        to->base[i] = 0x1.8p23f - (float)(p->bias[c] - low);
        to->m[i] = p->multiplier[c];
        to->k[i] = s->activation == SK_HARD_SWISH ? p->out_factor[c] : 0;
        to->zero[i] = p->out_zero[c];
        float lowest = (float)p->bias[c], highest = lowest; // sums
        for (int32_t tap = 0; tap < tap_count(s); tap++) {
            float w = p->weights[(size_t)c * tap_count(s) + tap];
            lowest += w > 0 ? -128 * w : 127 * w;
            highest += w > 0 ? 127 * w : -128 * w;
        }
        float largest = fmaxf(fabsf(lowest), fabsf(highest)) * fabsf(to->m[i]) * (s->activation == SK_HARD_SWISH ? 6 * fabsf(to->k[i]) : 1);
        if (!(largest < ROUNDED_BOUND)) to->wide = 1;
    }
}

/// 4 sums -> 4 values before rounding. `hard_swish` is constant.
SK_INLINE float32x4_t requantise(int32x4_t sums, const constants *c, int first, bool hard_swish) {
    float32x4_t x = vmulq_f32(vsubq_f32(vreinterpretq_f32_s32(sums), vld1q_f32(c->base + first)), vld1q_f32(c->m + first));
    if (!hard_swish) return x;
    float32x4_t limited = vminq_f32(vmaxq_f32(x, vdupq_n_f32(-3.0f)), vdupq_n_f32(3.0f));
    float32x4_t gate = vaddq_f32(limited, vdupq_n_f32(3.0f)); // the same as clamp(x + 3, 0, 6)
    return vmulq_f32(vmulq_f32(x, gate), vld1q_f32(c->k + first));
}

/// The sums of 8 channels -> activations.
SK_INLINE int8x8_t finish_block(const int32x4_t sums[2], const constants *c, bool hard_swish, bool wide) {
    return rounded_to_bytes(requantise(sums[0], c, 0, hard_swish), requantise(sums[1], c, 4, hard_swish), vld1q_s16(c->zero), wide);
}

// MARK: - 3x3 and 5x5 kernels of stride 1 and 2 (walk_neon.h)

enum {
    MAX_KERNEL = 5,
    MAX_ROWS = 2,  // of outputs
    MAX_LINES = 5, // of inputs
};

/// A layer's form: constant wherever the compiler is to unroll.
typedef struct form {
    int kernel, stride;
    int rows; // outputs below one another: a fourth line adds little to what a 3x3 kernel loads
    bool hard_swish, wide;
} form;

SK_INLINE form form_of(const sk_shape *s) {
    return (form){s->kernel_h, s->stride_h, s->kernel_h == 3 && s->stride_h == 1 ? 2 : 1, s->activation == SK_HARD_SWISH, false};
}

SK_INLINE int lines_of(form f) { return f.kernel + (f.rows - 1) * f.stride; }

#endif
