// What the NEON kernels of DEPTHWISE_S8 share: records of 8 channels, requantising, and division of the work.
//
// A sum begins with ROUNDER, so that it is a float (../vectors/rounded_neon.h) as long as it stays below 2^22. Products alone do (MAX_TAPS). A bias may
// not: dead channels have large ones. So the bias' multiple of 256 is left out of the sum and subtracted together with ROUNDER, which is one rounding, as
// in a conversion.
#ifndef CKERNELS_DEPTHWISE_S8_BLOCK_NEON_H
#define CKERNELS_DEPTHWISE_S8_BLOCK_NEON_H

#include "../vectors/rounded_neon.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

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
        float largest = fabsf((float)p->bias[c]);
        for (int32_t tap = 0; tap < tap_count(s); tap++) largest += 128.0f * fabsf((float)p->weights[(size_t)c * tap_count(s) + tap]);
        largest *= fabsf(to->m[i]) * (s->activation == SK_HARD_SWISH ? 6 * fabsf(to->k[i]) : 1);
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

#endif
