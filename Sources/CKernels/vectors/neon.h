// NEON of AArch64 and of 32-bit ARM: vectors of 16 bytes.
//
// The primitives that quads.h and the bodies of kernels are written in; what only x86's bodies use is not here. The including file may
// define TARGET for a larger instruction set. 32-bit ARM's NEON flushes subnormal numbers to zero, which changes no result: none that
// occurs is ever multiplied back into the range of the grid (see ../conv_s8/epilogue_neon.h).
#ifndef CKERNELS_VECTOR_H
#define CKERNELS_VECTOR_H

#include "lanes_neon.h"

#define VEC_BYTES 16

typedef int8x16_t vec;

#define AS8 vreinterpretq_s8_s32
#define OF16(x) vreinterpretq_s16_s8(x)
#define OF32(x) vreinterpretq_s32_s8(x)

INLINE vec vec_load(const void *p) { return vld1q_s8((const int8_t *)p); }
INLINE void vec_store(void *p, vec x) { vst1q_s8((int8_t *)p, x); }
INLINE vec vec_zero(void) { return vdupq_n_s8(0); }

INLINE vec vec_packs32(vec a, vec b) { return vreinterpretq_s8_s16(vcombine_s16(vqmovn_s32(OF32(a)), vqmovn_s32(OF32(b)))); }

// Activations are signed in memory.
enum { VEC_MAX_SUMMED = 256 }; // activations whose sum fits 16 bits
INLINE vec vec_widen_act_lo(vec x) { return vreinterpretq_s8_s16(vmovl_s8(vget_low_s8(x))); }
INLINE vec vec_widen_act_hi(vec x) { return vreinterpretq_s8_s16(vmovl_s8(vget_high_s8(x))); }
INLINE vec vec_widen_sum_lo(vec x) { return AS8(vmovl_s16(vget_low_s16(OF16(x)))); }
INLINE vec vec_widen_sum_hi(vec x) { return AS8(vmovl_s16(vget_high_s16(OF16(x)))); }
INLINE vec vec_pack_act(vec a, vec b) { return vcombine_s8(vqmovn_s16(OF16(a)), vqmovn_s16(OF16(b))); }
INLINE vec vec_lowest_act(void) { return vdupq_n_s8(-128); }
INLINE vec vec_max_act(vec a, vec b) { return vmaxq_s8(a, b); }

INLINE vec vec_add32(vec a, vec b) { return AS8(vaddq_s32(OF32(a), OF32(b))); }
INLINE vec vec_broadcast16(int16_t x) { return vreinterpretq_s8_s16(vdupq_n_s16(x)); }
INLINE vec vec_adds16(vec a, vec b) { return vreinterpretq_s8_s16(vqaddq_s16(OF16(a), OF16(b))); }
/// `sum`, 16 bits each, and the lower or the upper half of the activations.
INLINE vec vec_add_act_lo(vec sum, vec x) { return vreinterpretq_s8_s16(vaddw_s8(OF16(sum), vget_low_s8(x))); }
INLINE vec vec_add_act_hi(vec sum, vec x) { return vreinterpretq_s8_s16(vaddw_s8(OF16(sum), vget_high_s8(x))); }
INLINE vec vec_sub32(vec a, vec b) { return AS8(vsubq_s32(OF32(a), OF32(b))); }

INLINE lanes vec_to_float(vec a) { return vcvtq_f32_s32(OF32(a)); }
/// To the nearest integer, ties to even, where it is below 2^22; else to a number beyond any grid, of the right sign.
///
/// Adding SK_ROUNDER leaves the integer in the low bits. Larger floats have larger bits; those below -SK_ROUNDER are negative, and
/// saturate.
INLINE vec vec_round(lanes a) {
    return AS8(vqsubq_s32(vreinterpretq_s32_f32(vaddq_f32(a, vdupq_n_f32(SK_ROUNDER))), vdupq_n_s32(SK_ROUNDER_BITS)));
}

/// VEC_BYTES / 4 activations at p, each in a 32-bit lane, in order.
INLINE vec vec_widen8(const uint8_t *p) { return AS8(vmovl_s16(vget_low_s16(vmovl_s8(vld1_s8((const int8_t *)p))))); }

/// Packing keeps the order of consecutive values.
INLINE vec vec_order_packed(vec x) { return x; }

#undef AS8
#undef OF16
#undef OF32

#endif
