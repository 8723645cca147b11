// Between 32-bit sums, floats and bytes on NEON without conversions, AArch64 and 32-bit ARM.
//
// A sum below 2^22 to which SK_ROUNDER_BITS are added has the bits of the float SK_ROUNDER + sum. A subtraction makes the sum itself of it,
// exactly, on both vector pipes of cores such as the Cortex-A76, which convert on one, at half rate. Adding SK_ROUNDER to a float in turn
// rounds it.
#ifndef CKERNELS_ROUNDED_NEON_H
#define CKERNELS_ROUNDED_NEON_H

#include "../small.h"

#include <arm_neon.h>

SK_INLINE float32x4_t rounder(void) { return vdupq_n_f32(SK_ROUNDER); }

/// Loads what the compiler would rather keep in a register and copy from there to begin a sum: a copy takes a vector pipe, a load doesn't.
SK_INLINE int32x4_t load_again(const int32_t *p) {
    __asm__ volatile("" : "+r"(p));
    return vld1q_s32(p);
}

/// The low halves of 8 32-bit values.
SK_INLINE int16x8_t low_halves(int32x4_t a, int32x4_t b) {
#if SK_ON_A64
    return vuzp1q_s16(vreinterpretq_s16_s32(a), vreinterpretq_s16_s32(b));
#else
    return vcombine_s16(vmovn_s32(a), vmovn_s32(b));
#endif
}

/// 8 floats -> activations. `large`: one of them may not be small (../small.h), which is the exception.
SK_INLINE int8x8_t rounded_to_bytes(float32x4_t lo, float32x4_t hi, int16x8_t zero, bool large) {
    int32x4_t a = vreinterpretq_s32_f32(vaddq_f32(lo, rounder())), b = vreinterpretq_s32_f32(vaddq_f32(hi, rounder()));
    if (__builtin_expect(large, 0)) {
        // Larger floats have larger bits; those below -SK_ROUNDER are negative, and saturate.
        int32x4_t bits = vdupq_n_s32(SK_ROUNDER_BITS);
        int16x8_t values = vcombine_s16(vqmovn_s32(vqsubq_s32(a, bits)), vqmovn_s32(vqsubq_s32(b, bits)));
        return vqmovn_s16(vqaddq_s16(values, zero));
    }
    return vqmovn_s16(vaddq_s16(low_halves(a, b), zero)); // SK_ROUNDER_BITS's low half is 0
}

#endif
