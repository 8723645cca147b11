// What the NEON kernels of DEPTHWISE_S8 share: records of 8 channels, requantising, and division of the work.
//
// A sum becomes a float without being converted (cores such as the Cortex-A76 convert on one pipe, at half rate): it begins with the bits of 1.5 * 2^23
// added, and as long as it stays below 2^22 it is the float 1.5 * 2^23 + sum. A subtraction of 1.5 * 2^23 is then exact. Products alone stay below that
// bound (MAX_TAPS); a bias may not (dead channels have large ones), so its multiple of 256 is subtracted as part of that float, which rounds once, as a
// conversion does.
#ifndef CKERNELS_DEPTHWISE_S8_BLOCK_NEON_H
#define CKERNELS_DEPTHWISE_S8_BLOCK_NEON_H

#include "../internal.h"

#include <arm_neon.h>
#include <math.h>

#pragma STDC FP_CONTRACT OFF

enum {
    BLOCK = 8,       // channels
    MAX_TAPS = 256,  // 256 * 127 * 128 + 255 < 2^22
    ROUNDER = 0x4b400000, // the bits of 1.5 * 2^23
};

/// Of the channels of a block.
typedef struct constants {
    int32_t bias[BLOCK]; // modulo 256, and ROUNDER
    float base[BLOCK];   // 1.5 * 2^23 less the bias' multiple of 256
    float m[BLOCK], k[BLOCK];
    int16_t zero[BLOCK];
    int32_t wide;        // whether a value before the zero point may not fit 16 bits
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
        if (!(largest < 32000.0f)) to->wide = 1;
    }
}

/// 4 sums with ROUNDER -> 4 values before the zero point, rounded, and ROUNDER.
SK_INLINE int32x4_t requantise(int32x4_t sums, const constants *c, int first, bool hard_swish) {
    float32x4_t x = vmulq_f32(vsubq_f32(vreinterpretq_f32_s32(sums), vld1q_f32(c->base + first)), vld1q_f32(c->m + first));
    if (hard_swish) {
        float32x4_t limited = vminq_f32(vmaxq_f32(x, vdupq_n_f32(-3.0f)), vdupq_n_f32(3.0f));
        float32x4_t gate = vaddq_f32(limited, vdupq_n_f32(3.0f)); // the same as clamp(x + 3, 0, 6)
        x = vmulq_f32(vmulq_f32(x, gate), vld1q_f32(c->k + first));
    }
    return vreinterpretq_s32_f32(vaddq_f32(x, vdupq_n_f32(0x1.8p23f)));
}

/// The low halves of 8 32-bit values. Cortex-A72 unzips in three steps and narrows in one, Cortex-A76 does either in one.
SK_INLINE int16x8_t low_halves(int32x4_t a, int32x4_t b) {
#if defined(__ARM_FEATURE_DOTPROD) || defined(UNZIP)
    return vuzp1q_s16(vreinterpretq_s16_s32(a), vreinterpretq_s16_s32(b));
#else
    return vcombine_s16(vmovn_s32(a), vmovn_s32(b));
#endif
}

/// The sums of 8 channels -> activations. `hard_swish` is constant; that a block is wide is the exception.
SK_INLINE int8x8_t finish_block(const int32x4_t sums[2], const constants *c, bool hard_swish, bool wide) {
    int32x4_t lo = requantise(sums[0], c, 0, hard_swish), hi = requantise(sums[1], c, 4, hard_swish);
    int16x8_t zero = vld1q_s16(c->zero);
    if (__builtin_expect(wide, 0)) {
        // Larger floats have larger bits; those below -1.5 * 2^23 are negative, and saturate.
        int32x4_t rounder = vdupq_n_s32(ROUNDER);
        int16x8_t values = vcombine_s16(vqmovn_s32(vqsubq_s32(lo, rounder)), vqmovn_s32(vqsubq_s32(hi, rounder)));
        return vqmovn_s16(vqaddq_s16(values, zero));
    }
    return vqmovn_s16(vaddq_s16(low_halves(lo, hi), zero)); // ROUNDER's low half is 0
}

#endif
