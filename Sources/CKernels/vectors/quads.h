// Quad order: how the 8-bit element-wise and depthwise kernels spread bytes over 32-bit lanes and bring them back.
//
// A vector of bytes is UNITS units of 16. Zipping a unit with zeros (or with the bytes of other rows) twice gives four vectors, the
// quads: quad j holds, in the 128-bit lane of each unit, what belongs to the unit's bytes 4j ... 4j + 3, 32 bits each. Two rounds of
// packing inside 128-bit lanes restore the order of the bytes exactly, so nothing is ever permuted across lanes: tables of constants
// are simply written in quad order once, when a kernel packs.
//
// Included after avx2.h, avx512.h or neon.h, which define the vector type and its primitives. Every file compiles its own copy, with its
// own instruction set.
#ifndef CKERNELS_QUADS_H
#define CKERNELS_QUADS_H

#include <string.h>

#define UNITS (VEC_BYTES / 16)

/// Where a byte's 32-bit value stands in [4 quads][LANES].
static inline int quad_index(int byte) { return byte % 16 / 4 * LANES + byte / 16 * 4 + byte % 4; }

/// Where a byte's 16-bit value stands in [2 halves][LANES * 2]; half 0 has the first eight of each unit.
static inline int half_index(int byte) { return byte % 16 / 8 * LANES * 2 + byte / 16 * 8 + byte % 8; }

/// Bytes -> halves of 16-bit values.
INLINE void bytes_to_halves(vec x, vec halves[2]) {
    halves[0] = vec_widen_act_lo(x);
    halves[1] = vec_widen_act_hi(x);
}

/// Halves of activations, or of sums of activations -> quads.
INLINE void halves_to_quads(const vec halves[2], vec quads[4]) {
    quads[0] = vec_widen_sum_lo(halves[0]);
    quads[1] = vec_widen_sum_hi(halves[0]);
    quads[2] = vec_widen_sum_lo(halves[1]);
    quads[3] = vec_widen_sum_hi(halves[1]);
}

/// Rounded sums of two quads -> a half, plus its zero points (SK_ACT_OFFSET included). Saturating to 16 bits on the way changes nothing: a
/// zero point cannot bring a sum of more than 15 bits back into the range of a byte.
INLINE vec quads_to_half(vec quad_a, vec quad_b, vec zero) { return vec_adds16(vec_packs32(quad_a, quad_b), zero); }

/// Rounded sums -> bytes. `zero`: two halves.
INLINE vec quads_to_bytes(const vec quads[4], const int16_t *zero) {
    return vec_pack_act(quads_to_half(quads[0], quads[1], vec_load(zero)), quads_to_half(quads[2], quads[3], vec_load(zero + LANES * 2)));
}

/// Both halves -> activations, saturated.
INLINE vec halves_to_bytes(vec half_a, vec half_b) { return vec_pack_act(half_a, half_b); }

#endif
