// The epilogue on NEON, the same for AArch64 and ARMv7. Included by the instruction sets' files, after TARGET and INLINE are defined.
//
// Rounding is an addition of 1.5 * 2^23, which leaves the integer in the low bits: ARMv7 has no instruction for it, and on AArch64's cores the two
// instructions below cost no more than fcvtns, which many of them run on one pipe at half rate. Nothing is clamped before: the bits of a float,
// read as an integer, grow with it from -1.5 * 2^23 on, and are negative below, so that a saturating subtraction brings every value that
// does not fit to its end.
//
// NEON of ARMv7 flushes denormals to zero. None is met that matters: a file's factors are between 1e-20 and 1e20 (Bounds in the runtime), an acc
// that is not 0 is at least 1, and x + 3 is 0 or at least 2^-22. So x is 0 or at least 1e-20, x * gate 0 or at least 1e-27, and both are normal.
// The last product may be denormal: then it is rounded to 0, as it would be unflushed.
#ifndef CKERNELS_CONV_S8_EPILOGUE_NEON_H
#define CKERNELS_CONV_S8_EPILOGUE_NEON_H

#include "driver.h"

#include <arm_neon.h>

#pragma STDC FP_CONTRACT OFF

#define UNROLL _Pragma("clang loop unroll(full)")

/// What the epilogue of four channels needs in registers.
typedef struct finish_constants {
    float32x4_t multiplier, second;
    int32x4_t base; // the bits of 1.5 * 2^23, less the zero point
} finish_constants;

INLINE finish_constants finish_constants_of(const conv_constants *c, int first, conv_form form) {
    return (finish_constants){
        .multiplier = vld1q_f32(c->multiplier + first),
        .second = form == CONV_LINEAR ? vdupq_n_f32(0) : vld1q_f32(c->second + first),
        .base = vsubq_s32(vdupq_n_s32(0x4b400000), vld1q_s32(c->out_zero + first)),
    };
}

/// 4 sums -> 4 values that are right once they are saturated to 8 bits. `other`: of the residual, less its zero point.
INLINE int32x4_t finish_four(int32x4_t acc, finish_constants c, int16x4_t other, conv_form form) {
    float32x4_t x = vmulq_f32(vcvtq_f32_s32(acc), c.multiplier);
    if (form == CONV_RESIDUAL) {
        x = vaddq_f32(x, vmulq_f32(vcvtq_f32_s32(vmovl_s16(other)), c.second));
    } else if (form == CONV_HARD_SWISH) {
        float32x4_t limited = vminq_f32(vmaxq_f32(x, vdupq_n_f32(-3.0f)), vdupq_n_f32(3.0f));
        float32x4_t gate = vaddq_f32(limited, vdupq_n_f32(3.0f)); // the same as clamp(x + 3, 0, 6), with a constant less
        x = vmulq_f32(vmulq_f32(x, gate), c.second);
    }
    return vqsubq_s32(vreinterpretq_s32_f32(vaddq_f32(x, vdupq_n_f32(0x1.8p23f))), c.base);
}

#endif
