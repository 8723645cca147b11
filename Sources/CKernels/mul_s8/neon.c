// MUL_S8 on NEON, AArch64 and 32-bit ARM. By a gate, two blocks of the same channels are computed side by side: they share all constants.
#include "../internal.h"

#if SK_ON_ARM
#include "../vectors/neon.h"

#include "../vectors/flat.h"
#include "../vectors/rounded_neon.h"

#include <math.h>

enum { MAX_COUNT = 2 };

/// The parameters of one block's values; the inputs' zero points are negated.
typedef struct constants {
    int16_t minus_in_zero[VEC_BYTES], minus_in2_zero[VEC_BYTES], out_zero[VEC_BYTES];
    int32_t large[4]; // the first: whether the layer is not small (../small.h)
    float m[VEC_BYTES];
} constants;

static uint64_t packed_bytes(const sk_shape *s) { return sk_product(flat_period(s), sizeof(constants)); }

static void pack(const sk_shape *s, const sk_params *params, void *packed) {
    float largest = 0;
    for (int32_t c = 0; c < s->in_c; c++) largest = fmaxf(largest, 255.0f * 255.0f * fabsf(params->multiplier[c]));
    constants *to = packed;
    for (int32_t block = 0; block < flat_period(s); block++, to++) {
        to->large[0] = !(largest < SK_SMALL_BOUND);
        for (int byte = 0; byte < VEC_BYTES; byte++) {
            int32_t c = flat_channel(s, block, byte);
            to->minus_in_zero[byte] = -params->in_zero[c];
            to->minus_in2_zero[byte] = -params->in2_zero[c];
            to->out_zero[byte] = params->out_zero[c];
            to->m[byte] = params->multiplier[c];
        }
    }
}

/// Scratch of each thread: a period of blocks of the gate's bytes, and of its factors.
static size_t scratch_of_part(const sk_shape *s) { return flat_gate_bytes(s) * (1 + sizeof(int16_t)); }
static uint64_t scratch_bytes(const sk_shape *s, int parts) { return sk_product(scratch_of_part(s), parts); }

/// 8 factors of the second operand.
SK_INLINE int16x8_t factors_at(const constants *k, const int8_t *in2, int first) {
    return vaddw_s8(vld1q_s16(k->minus_in2_zero + first), vld1_s8(in2 + first));
}

/// `count` (constant) blocks with the same constants, `step` bytes apart. Step by step for all: cores that run in order wait for no result
/// then.
SK_INLINE void multiply_blocks(const constants *k, const int8_t *in, const int16_t *factors, int8_t *out, size_t step, int count,
                               bool large) {
    static const int32_t base[4] = {SK_ROUNDER_BITS, SK_ROUNDER_BITS, SK_ROUNDER_BITS, SK_ROUNDER_BITS};
    int8x16_t x[MAX_COUNT];
    int16x8_t a[MAX_COUNT][2];
    int32x4_t sums[MAX_COUNT][4];
    float32x4_t y[MAX_COUNT][4];
    int8x8_t bytes[MAX_COUNT][2];
    UNROLL
    for (int i = 0; i < count; i++) x[i] = vld1q_s8(in + (size_t)i * step);
    UNROLL
    for (int i = 0; i < count; i++) {
        a[i][0] = vaddw_s8(vld1q_s16(k->minus_in_zero), vget_low_s8(x[i]));
        a[i][1] = vaddw_s8(vld1q_s16(k->minus_in_zero + 8), vget_high_s8(x[i]));
    }
    UNROLL
    for (int half = 0; half < 2; half++) {
        int16x8_t b = vld1q_s16(factors + 8 * half);
        UNROLL
        for (int i = 0; i < count; i++) {
            sums[i][2 * half] = vmlal_s16(load_again(base), vget_low_s16(a[i][half]), vget_low_s16(b));
            sums[i][2 * half + 1] = vmlal_s16(load_again(base), vget_high_s16(a[i][half]), vget_high_s16(b));
        }
    }
    UNROLL
    for (int quad = 0; quad < 4; quad++) {
        UNROLL
        for (int i = 0; i < count; i++) y[i][quad] = vsubq_f32(vreinterpretq_f32_s32(sums[i][quad]), rounder());
    }
    UNROLL
    for (int quad = 0; quad < 4; quad++) {
        UNROLL
        for (int i = 0; i < count; i++) y[i][quad] = vmulq_f32(y[i][quad], vld1q_f32(k->m + 4 * quad));
    }
    UNROLL
    for (int half = 0; half < 2; half++) {
        int16x8_t zero = vld1q_s16(k->out_zero + 8 * half);
        UNROLL
        for (int i = 0; i < count; i++) bytes[i][half] = rounded_to_bytes(y[i][2 * half], y[i][2 * half + 1], zero, large);
    }
    UNROLL
    for (int i = 0; i < count; i++) vst1q_s8(out + (size_t)i * step, vcombine_s8(bytes[i][0], bytes[i][1]));
}

/// A block of two tensors.
static void multiply_tensors(const void *packed, const void *in, const void *in2, void *out) {
    const constants *k = packed;
    int16_t factors[VEC_BYTES];
    for (int first = 0; first < VEC_BYTES; first += 8) vst1q_s16(factors + first, factors_at(k, in2, first));
    multiply_blocks(k, in, factors, out, 0, 1, k->large[0]);
}

/// `blocks` neighboring blocks, and the same channels `step` bytes after them where `count` (constant) is 2.
SK_INLINE void multiply_stretch(const constants *k, const int8_t *in, const int16_t *factors, int8_t *out, size_t step, int64_t blocks,
                                int count, bool large) {
    for (; blocks > 0; blocks--, k++, in += VEC_BYTES, factors += VEC_BYTES, out += VEC_BYTES)
        multiply_blocks(k, in, factors, out, step, count, large);
}

/// Whole blocks [begin, end) of one picture.
SK_INLINE void multiply_by_gate(const constants *packed, const int16_t *factors, int64_t period, int64_t begin, int64_t end,
                                const int8_t *in, int8_t *out, bool large) {
    size_t step = (size_t)period * VEC_BYTES;
    while (begin < end) {
        int64_t phase = begin % period, count = end - begin < period - phase ? end - begin : period - phase;
        bool two = count == period && begin + 2 * period <= end;
        const constants *k = packed + phase;
        const int16_t *b = factors + phase * VEC_BYTES;
        const int8_t *from = in + begin * VEC_BYTES;
        int8_t *to = out + begin * VEC_BYTES;
        if (two) multiply_stretch(k, from, b, to, step, count, 2, large);
        else multiply_stretch(k, from, b, to, step, count, 1, large);
        begin += two ? 2 * period : count;
    }
}

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    if (!s->gate) {
        flat_share(multiply_tensors, (flat_sizes){1, 1, 1, sizeof(constants)}, call, part, parts);
        return;
    }
    const constants *packed = call->packed;
    int32_t period = flat_period(s);
    int64_t count = (int64_t)s->in_h * s->in_w * s->in_c, whole = count / VEC_BYTES, blocks = (count + VEC_BYTES - 1) / VEC_BYTES;
    int64_t begin = s->batch * blocks * part / parts, end = s->batch * blocks * (part + 1) / parts, first, last;
    int8_t *row = (int8_t *)call->scratch + scratch_of_part(s) * (size_t)part;
    int16_t *factors = (int16_t *)(row + flat_gate_bytes(s));
    for (; begin < end; begin += last - first) {
        int64_t picture = begin / blocks;
        first = begin % blocks;
        last = first + (end - begin) < blocks ? first + (end - begin) : blocks;
        flat_repeat_gate(s, (const char *)call->in2 + picture * s->in_c, (char *)row);
        for (int32_t at = 0; at < period * VEC_BYTES; at += 8) {
            const constants *k = packed + at / VEC_BYTES;
            vst1q_s16(factors + at, factors_at(k, row + at / VEC_BYTES * VEC_BYTES, at % VEC_BYTES));
        }
        const int8_t *in = (const int8_t *)call->in + picture * count;
        int8_t *out = (int8_t *)call->out + picture * count;
        int64_t stop = last < whole ? last : whole;
        if (packed->large[0]) multiply_by_gate(packed, factors, period, first, stop, in, out, true);
        else multiply_by_gate(packed, factors, period, first, stop, in, out, false);
        if (last > whole) {
            size_t phase = (size_t)(whole % period), at = (size_t)whole * VEC_BYTES;
            flat_short_block(multiply_tensors, (flat_sizes){1, 1, 1, 0}, (size_t)count - at, packed + phase, (const char *)in + at,
                             (const char *)row + phase * VEC_BYTES, (char *)out + at);
        }
    }
}

SK_DEFINE_KERNEL(mul_s8__neon, .packed_bytes = packed_bytes, .pack = pack, .scratch_bytes = scratch_bytes, .run = run);

#endif
