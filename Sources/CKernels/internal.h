// What kernels share: the processors they are for, how they are defined, the float epilogues of CKernels.h in scalar form (the oracle of
// every vector form), memory <-> canonical values, and how work is divided among threads. Every kernel's file includes this first.
#ifndef CKERNELS_INTERNAL_H
#define CKERNELS_INTERNAL_H

#include "CKernels.h"
#include "sizes.h"

#include <string.h>

// No product and sum is ever fused into one operation, in all that follows this line in a translation unit.
#pragma STDC FP_CONTRACT OFF

// MARK: - Processors

// The `processors` of registry/kernels.def. A kernel's file stands between #if SK_ON_... and #endif.
#define SK_ON_ANY 1
#if defined(__x86_64__)
#define SK_ON_X86 1
#else
#define SK_ON_X86 0
#endif
#if defined(__aarch64__)
#define SK_ON_A64 1
#else
#define SK_ON_A64 0
#endif
#if defined(__arm__) && defined(__ARM_NEON)
#define SK_ON_A32 1
#else
#define SK_ON_A32 0
#endif
#if SK_ON_A64 || SK_ON_A32
#define SK_ON_ARM 1
#else
#define SK_ON_ARM 0
#endif

// MARK: - Functions

/// A function of no instruction set of its own: it takes that of the function which it is inlined into.
#define SK_INLINE static inline __attribute__((always_inline, unused))
/// A function of the instruction set TARGET, which the including file defines: as nothing, or as an __attribute__((target(...))).
#define INLINE static inline TARGET __attribute__((always_inline, unused))
/// Before a loop over registers: an array of vectors stays in registers only where every index is a constant.
#define UNROLL _Pragma("clang loop unroll(full)")

/// Defines the kernel `name` of registry/kernels.def, which also gives its operator and instruction set. The functions follow as
/// designated initializers of sk_kernel: SK_DEFINE_KERNEL(add_f32__scalar, .run = run). Without .supports it takes every shape.
#define SK_DEFINE_KERNEL(name, ...) SK_DEFINE_EXPANDED_KERNEL(name, __VA_ARGS__)
#define SK_DEFINE_EXPANDED_KERNEL(name_, ...)                                                                                              \
    extern const sk_kernel sk_##name_;                                                                                                     \
    const sk_kernel sk_##name_ = {.name = #name_, __VA_ARGS__}

// MARK: - Arithmetic

SK_INLINE int32_t sk_min(int32_t a, int32_t b) { return a < b ? a : b; }
SK_INLINE int32_t sk_max(int32_t a, int32_t b) { return a > b ? a : b; }
SK_INLINE int32_t sk_sat8(int32_t q) { return sk_min(sk_max(q, -128), 127); }

/// What memory holds <-> the canonical value in [-128, 127].
SK_INLINE int32_t sk_load(sk_act value) { return (int32_t)value - SK_ACT_OFFSET; }
SK_INLINE sk_act sk_stored(int32_t q) { return (sk_act)(q + SK_ACT_OFFSET); }

SK_INLINE int32_t sk_div_up(int32_t a, int32_t b) { return (a + b - 1) / b; }
SK_INLINE size_t sk_round_up(size_t size, size_t multiple) { return (size + multiple - 1) / multiple * multiple; }

// MARK: - Requantizing

/// 1.5 * 2^23. Added to a float between -2^22 and 2^22 it rounds it to an integer, to nearest, ties to even, and leaves that integer in the
/// low bits of the sum: exact on every CPU, without a library call.
#define SK_ROUNDER 0x1.8p23f
/// The same float, as an integer of the same bits: the bits of SK_ROUNDER + i are SK_ROUNDER_BITS + i.
#define SK_ROUNDER_BITS 0x4b400000

/// sat8(rne(x) + zero) for a finite x. Clamping first changes nothing, as |zero| <= 128.
SK_INLINE int32_t sk_round_sat8(float x, int32_t zero) {
    x = x > -512.0f ? x : -512.0f;
    x = x < 512.0f ? x : 512.0f;
    float shifted = x + SK_ROUNDER;
    int32_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    return sk_sat8(bits - SK_ROUNDER_BITS + zero);
}

/// SK_LINEAR.
SK_INLINE int32_t sk_requantize(int32_t acc, float m, int32_t zero) { return sk_round_sat8((float)acc * m, zero); }

/// SK_LINEAR with a residual (and ADD_S8): `other` is q_in2 - in2_zero.
SK_INLINE int32_t sk_requantize_residual(int32_t acc, float m, int32_t other, float other_m, int32_t zero) {
    float a = (float)acc * m, b = (float)other * other_m;
    return sk_round_sat8(a + b, zero);
}

/// SK_HARD_SWISH: x * clamp(x + 3, 0, 6) * k with x = acc * s.
SK_INLINE int32_t sk_requantize_hard_swish(int32_t acc, float s, float k, int32_t zero) {
    float x = (float)acc * s;
    float gate = x + 3.0f;
    gate = gate > 0.0f ? gate : 0.0f;
    gate = gate < 6.0f ? gate : 6.0f;
    return sk_round_sat8((x * gate) * k, zero);
}

// MARK: - Dividing work

/// Behind the last output channel that a call is about.
SK_INLINE int32_t sk_channel_end(const sk_call *call) { return call->channel_end ? call->channel_end : call->shape->out_c; }

/// The share of `part` among `parts` of `count` items in whole groups of `granule`: [*begin, *end), at most one group apart in size.
SK_INLINE void sk_share(int32_t count, int32_t granule, int part, int parts, int32_t *begin, int32_t *end) {
    int64_t groups = sk_div_up(count, granule);
    *begin = sk_min((int32_t)(groups * part / parts) * granule, count);
    *end = sk_min((int32_t)(groups * (part + 1) / parts) * granule, count);
}

#endif
