// The epilogue on NEON, the same for AArch64 and ARMv7. Included by the instruction sets' files, after TARGET is defined.
//
// Rounding is an addition of SK_ROUNDER, which leaves the integer in the low bits: ARMv7 has no instruction for it, and on AArch64's cores
// it and what follows cost no more than fcvtns, which many of them run on one pipe at half rate. The results of a small panel (driver.h)
// are then the lower 16 bits; see store_large for others.
//
// NEON of ARMv7 flushes denormals to zero. None is met that matters: a file's factors are between 1e-20 and 1e20 (Bounds in the runtime),
// an acc that is not 0 is at least 1, and x + 3 is 0 or at least 2^-22. So x is 0 or at least 1e-20, x * gate 0 or at least 1e-27, and both
// are normal. The last product may be denormal: then it is rounded to 0, as it would be unflushed.
#ifndef CKERNELS_CONV_S8_EPILOGUE_NEON_H
#define CKERNELS_CONV_S8_EPILOGUE_NEON_H

#include "driver.h"

#include <arm_neon.h>

INLINE float32x4_t float_bits(int32x4_t bits) { return vreinterpretq_f32_s32(bits); }
INLINE int32x4_t int_bits(float32x4_t value) { return vreinterpretq_s32_f32(value); }
INLINE int16x8_t join(int16x4_t low, int16x4_t high) { return vcombine_s16(low, high); }

/// What the epilogue of four channels needs in registers.
typedef struct finish_constants {
    float32x4_t multiplier, second;
} finish_constants;

INLINE finish_constants finish_constants_of(const conv_constants *c, int first, conv_form form) {
    return (finish_constants){
        .multiplier = vld1q_f32(c->multiplier + first),
        .second = form == CONV_LINEAR ? vdupq_n_f32(0) : vld1q_f32(c->second + first),
    };
}

/// 8 zero points of 16 bits.
INLINE int16x8_t zeros_of(const int32_t *zeros) { return join(vmovn_s32(vld1q_s32(zeros)), vmovn_s32(vld1q_s32(zeros + 4))); }

/// 4 sums as floats -> the bits of SK_ROUNDER + their results, less the zero point. `other`: of the residual, less its zero point.
INLINE int32x4_t finish_four(float32x4_t sum, finish_constants c, int16x4_t other, float32x4_t rounder, conv_form form) {
    float32x4_t x = vmulq_f32(sum, c.multiplier);
    if (form == CONV_RESIDUAL) {
        x = vaddq_f32(x, vmulq_f32(vcvtq_f32_s32(vmovl_s16(other)), c.second));
    } else if (form == CONV_HARD_SWISH) {
        // Clamped as integers, which floats that are not negative are ordered as: on a Cortex-A72 these cost half as much.
        int32x4_t gate = vmaxq_s32(int_bits(vaddq_f32(x, vdupq_n_f32(3.0f))), vdupq_n_s32(0));
        gate = vminq_s32(gate, int_bits(vdupq_n_f32(6.0f)));
        x = vmulq_f32(vmulq_f32(x, float_bits(gate)), c.second);
    }
    return int_bits(vaddq_f32(x, rounder));
}

#endif
