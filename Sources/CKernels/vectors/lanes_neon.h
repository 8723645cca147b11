// NEON's vectors of floats, under the names that bodies of kernels use. lanes_store_first touches `n` <= LANES values and no byte after
// them.
//
// 32-bit ARM has no float32 kernels: not all of its cores can multiply and add with one rounding, and its vectors flush subnormal numbers
// to zero, so that float results would differ from other machines'. The int8 kernels' epilogues use these functions there too.
#ifndef CKERNELS_LANES_NEON_H
#define CKERNELS_LANES_NEON_H

#include "../internal.h"

#include <arm_neon.h>

#define LANES 4
#ifndef TARGET
#define TARGET
#endif

typedef float32x4_t lanes;

INLINE lanes lanes_set(float x) { return vdupq_n_f32(x); }
INLINE lanes lanes_load(const float *p) { return vld1q_f32(p); }
INLINE void lanes_store(float *p, lanes x) { vst1q_f32(p, x); }
INLINE void lanes_store_first(float *p, int32_t n, lanes x) {
    if (n >= LANES) return vst1q_f32(p, x);
    if (n & 2) {
        vst1_f32(p, vget_low_f32(x));
        p += 2;
        x = vcombine_f32(vget_high_f32(x), vget_high_f32(x));
    }
    if (n & 1) vst1q_lane_f32(p, x, 0);
}

INLINE lanes lanes_add(lanes a, lanes b) { return vaddq_f32(a, b); }
INLINE lanes lanes_sub(lanes a, lanes b) { return vsubq_f32(a, b); }
INLINE lanes lanes_mul(lanes a, lanes b) { return vmulq_f32(a, b); }
#if SK_ON_A64
/// a * b + c, rounded once.
INLINE lanes lanes_fma(lanes a, lanes b, lanes c) { return vfmaq_f32(c, a, b); }
#endif
/// a > b ? a : b
INLINE lanes lanes_max(lanes a, lanes b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
/// a < b ? a : b
INLINE lanes lanes_min(lanes a, lanes b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
/// x between -bound and bound, which is positive.
INLINE lanes lanes_limit(lanes x, lanes bound) { return vminq_f32(vmaxq_f32(x, vnegq_f32(bound)), bound); }

#endif
