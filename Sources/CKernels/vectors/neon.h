// NEON of AArch64 and of 32-bit ARM: vectors of 16 bytes.
//
// The primitives that quads.h and the kernel bodies are written in. VEC_TARGET may be set by the including file to a larger set. 32-bit ARM's NEON
// flushes subnormal numbers to zero, which changes no result: none that occurs is ever multiplied back into the range of the grid (see
// ../conv_s8/epilogue_neon.h).
#ifndef CKERNELS_VECTOR_H
#define CKERNELS_VECTOR_H

#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>

#ifdef VEC_TARGET
#define VEC_FUNCTION __attribute__((target(VEC_TARGET)))
#define VEC_INLINE inline __attribute__((target(VEC_TARGET), always_inline))
#else
#define VEC_FUNCTION
#define VEC_INLINE inline __attribute__((always_inline))
#endif
#define VEC_BYTES 16

typedef int8x16_t vec;
typedef float32x4_t vecf;

#define AS8 vreinterpretq_s8_s32
#define OF16(x) vreinterpretq_s16_s8(x)
#define OF32(x) vreinterpretq_s32_s8(x)

static VEC_INLINE vec vec_load(const void *p) { return vld1q_s8((const int8_t *)p); }
static VEC_INLINE void vec_store(void *p, vec x) { vst1q_s8((int8_t *)p, x); }
static VEC_INLINE vec vec_zero(void) { return vdupq_n_s8(0); }

static VEC_INLINE vec vec_zip_lo8(vec a, vec b) { return vzipq_s8(a, b).val[0]; }
static VEC_INLINE vec vec_zip_hi8(vec a, vec b) { return vzipq_s8(a, b).val[1]; }
static VEC_INLINE vec vec_zip_lo16(vec a, vec b) { return vreinterpretq_s8_s16(vzipq_s16(OF16(a), OF16(b)).val[0]); }
static VEC_INLINE vec vec_zip_hi16(vec a, vec b) { return vreinterpretq_s8_s16(vzipq_s16(OF16(a), OF16(b)).val[1]); }
static VEC_INLINE vec vec_packs32(vec a, vec b) { return vreinterpretq_s8_s16(vcombine_s16(vqmovn_s32(OF32(a)), vqmovn_s32(OF32(b)))); }

// Activations are signed in memory.
enum { VEC_MAX_SUMMED = 256 }; // activations whose sum fits 16 bits
static VEC_INLINE vec vec_widen_act_lo(vec x) { return vreinterpretq_s8_s16(vmovl_s8(vget_low_s8(x))); }
static VEC_INLINE vec vec_widen_act_hi(vec x) { return vreinterpretq_s8_s16(vmovl_s8(vget_high_s8(x))); }
static VEC_INLINE vec vec_widen_sum_lo(vec x) { return AS8(vmovl_s16(vget_low_s16(OF16(x)))); }
static VEC_INLINE vec vec_widen_sum_hi(vec x) { return AS8(vmovl_s16(vget_high_s16(OF16(x)))); }
static VEC_INLINE vec vec_pack_act(vec a, vec b) { return vcombine_s8(vqmovn_s16(OF16(a)), vqmovn_s16(OF16(b))); }
static VEC_INLINE vec vec_lowest_act(void) { return vdupq_n_s8(-128); }
static VEC_INLINE vec vec_max_act(vec a, vec b) { return vmaxq_s8(a, b); }

static VEC_INLINE vec vec_add32(vec a, vec b) { return AS8(vaddq_s32(OF32(a), OF32(b))); }
static VEC_INLINE vec vec_broadcast16(int16_t x) { return vreinterpretq_s8_s16(vdupq_n_s16(x)); }
static VEC_INLINE vec vec_add16(vec a, vec b) { return vreinterpretq_s8_s16(vaddq_s16(OF16(a), OF16(b))); }
static VEC_INLINE vec vec_adds16(vec a, vec b) { return vreinterpretq_s8_s16(vqaddq_s16(OF16(a), OF16(b))); }
/// `sum`, 16 bits each, and the lower or the upper half of the activations.
static VEC_INLINE vec vec_add_act_lo(vec sum, vec x) { return vreinterpretq_s8_s16(vaddw_s8(OF16(sum), vget_low_s8(x))); }
static VEC_INLINE vec vec_add_act_hi(vec sum, vec x) { return vreinterpretq_s8_s16(vaddw_s8(OF16(sum), vget_high_s8(x))); }
/// Whole lanes shifted by a count that is the same for all.
static VEC_INLINE vec vec_shift_left32(vec a, int bits) { return AS8(vshlq_s32(OF32(a), vdupq_n_s32(bits))); }
static VEC_INLINE vec vec_shift_right32(vec a, int bits) {
    return vreinterpretq_s8_u32(vshlq_u32(vreinterpretq_u32_s8(a), vdupq_n_s32(-bits)));
}
static VEC_INLINE vec vec_or(vec a, vec b) { return vorrq_s8(a, b); }
static VEC_INLINE vec vec_sub32(vec a, vec b) { return AS8(vsubq_s32(OF32(a), OF32(b))); }
/// Products of 16-bit values, 32 bits each, of the lower and the upper half.
static VEC_INLINE vec vec_mul_widen_lo(vec a, vec b) { return AS8(vmull_s16(vget_low_s16(OF16(a)), vget_low_s16(OF16(b)))); }
static VEC_INLINE vec vec_mul_widen_hi(vec a, vec b) { return AS8(vmull_s16(vget_high_s16(OF16(a)), vget_high_s16(OF16(b)))); }
/// Products of 16-bit pairs, summed: 32 bits, exact.
static VEC_INLINE vec vec_madd16(vec a, vec b) {
    int32x4_t lo = OF32(vec_mul_widen_lo(a, b)), hi = OF32(vec_mul_widen_hi(a, b));
#if SK_ON_A64
    return AS8(vpaddq_s32(lo, hi));
#else
    return AS8(vcombine_s32(vpadd_s32(vget_low_s32(lo), vget_high_s32(lo)), vpadd_s32(vget_low_s32(hi), vget_high_s32(hi))));
#endif
}

static VEC_INLINE vecf vec_loadf(const void *p) { return vld1q_f32((const float *)p); }
static VEC_INLINE void vec_storef(void *p, vecf x) { vst1q_f32((float *)p, x); }
static VEC_INLINE vecf vec_broadcastf(float x) { return vdupq_n_f32(x); }
static VEC_INLINE vecf vec_to_float(vec a) { return vcvtq_f32_s32(OF32(a)); }
/// To the nearest integer, ties to even, where it is below 2^22; else to a number beyond any grid, of the right sign.
///
/// Adding 1.5 * 2^23 leaves the integer in the low bits. Larger floats have larger bits; those below -1.5 * 2^23 are negative, and saturate.
static VEC_INLINE vec vec_round(vecf a) {
    return AS8(vqsubq_s32(vreinterpretq_s32_f32(vaddq_f32(a, vdupq_n_f32(0x1.8p23f))), vdupq_n_s32(0x4b400000)));
}
static VEC_INLINE vecf vec_mulf(vecf a, vecf b) { return vmulq_f32(a, b); }
static VEC_INLINE vecf vec_subf(vecf a, vecf b) { return vsubq_f32(a, b); }
static VEC_INLINE vecf vec_addf(vecf a, vecf b) { return vaddq_f32(a, b); }
/// b where a is not a number.
static VEC_INLINE vecf vec_maxf(vecf a, vecf b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
static VEC_INLINE vecf vec_minf(vecf a, vecf b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
/// x between -bound and bound, which is positive.
static VEC_INLINE vecf vec_limitf(vecf x, vecf bound) { return vminq_f32(vmaxq_f32(x, vnegq_f32(bound)), bound); }

/// VEC_BYTES / 4 activations at p, each in a 32-bit lane, in order.
static VEC_INLINE vec vec_widen8(const uint8_t *p) { return AS8(vmovl_s16(vget_low_s16(vmovl_s8(vld1_s8((const int8_t *)p))))); }

/// Packing keeps the order of consecutive values.
static VEC_INLINE vec vec_order_packed(vec x) { return x; }

/// 16 bytes from the first pointer.
static VEC_INLINE vec vec_gather_units(const uint8_t *const p[], int units) {
    (void)units;
    return vec_load(p[0]);
}

/// The reverse.
static VEC_INLINE void vec_scatter_units(uint8_t *p, ptrdiff_t step, int units, int count, vec x) {
    (void)step, (void)units, (void)count;
    vec_store(p, x);
}

#undef AS8
#undef OF16
#undef OF32

#endif
