// Element-wise kernels: the tensor as one run of values, a vector of bytes (a block) at a time, whatever the number of channels.
//
// Which channels a block holds repeats every `period` blocks, so constants are laid out for a period of blocks once, when packing; small
// and odd channel counts need no code of their own. Only a run's last block may be short: it goes through buffers.
#ifndef CKERNELS_FLAT_H
#define CKERNELS_FLAT_H

#include "../channels.h"
#include "quads.h"

static int32_t greatest_common_divisor(int32_t a, int32_t b) { return b == 0 ? a : greatest_common_divisor(b, a % b); }

/// Blocks after which the channels repeat.
static int32_t flat_period(const sk_shape *s) { return s->in_c / greatest_common_divisor(s->in_c, VEC_BYTES); }

/// The channel of `byte` in block `block`.
static int32_t flat_channel(const sk_shape *s, int32_t block, int byte) { return (int32_t)(((int64_t)block * VEC_BYTES + byte) % s->in_c); }

/// Computes a block of outputs from a block of inputs. `constants` are those of the block's place in the period.
typedef void flat_block(const void *constants, const void *in, const void *in2, void *out);

typedef struct flat_sizes {
    size_t in, in2, out;  // bytes a value; in2: 0 where there is none
    size_t constants;     // bytes a block
} flat_sizes;

INLINE void flat_short_block(flat_block *compute, flat_sizes size, size_t values, const void *constants, const char *in, const char *in2,
                             char *out) {
    char a[VEC_BYTES * 4] = {0}, b[VEC_BYTES] = {0}, y[VEC_BYTES * 4];
    memcpy(a, in, values * size.in);
    if (size.in2) memcpy(b, in2, values * size.in2);
    compute(constants, a, b, y);
    memcpy(out, y, values * size.out);
}

/// Blocks [begin, end) of a run of `count` values. `gate`: in2 is one period of blocks instead of a tensor.
INLINE void flat_run(flat_block *compute, flat_sizes size, bool gate, int32_t period, int64_t count, int64_t begin, int64_t end,
                     const void *constants, const char *in, const char *in2, char *out) {
    int32_t phase = (int32_t)(begin % period);
    for (int64_t block = begin; block < end; block++) {
        size_t first = (size_t)block * VEC_BYTES, values = (size_t)count - first;
        const void *k = (const char *)constants + (size_t)phase * size.constants;
        const char *b = in2 + (gate ? (size_t)phase * VEC_BYTES : first) * size.in2;
        if (values >= VEC_BYTES) compute(k, in + first * size.in, b, out + first * size.out);
        else flat_short_block(compute, size, values, k, in + first * size.in, b, out + first * size.out);
        phase = phase + 1 == period ? 0 : phase + 1;
    }
}

/// Writes a period of blocks of a gate, [c] bytes repeated.
static void flat_repeat_gate(const sk_shape *s, const char *gate, char *row) {
    size_t bytes = (size_t)flat_period(s) * VEC_BYTES, channels = s->in_c;
    for (size_t at = 0; at < bytes; at += channels) memcpy(row + at, gate, bytes - at < channels ? bytes - at : channels);
}

/// Scratch of the kernels with two inputs: a repeated gate for each thread.
static size_t flat_gate_bytes(const sk_shape *s) { return s->gate ? (size_t)flat_period(s) * VEC_BYTES : 0; }

/// A thread's share of an operator on one or (in2 != 0) two tensors.
INLINE void flat_share(flat_block *compute, flat_sizes size, const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    int32_t period = flat_period(s);
    bool gate = size.in2 != 0 && s->gate; // then each picture is a run of its own
    int32_t pictures = gate ? s->batch : 1;
    int64_t count = (int64_t)sk_input_count(s) / pictures, blocks = (count + VEC_BYTES - 1) / VEC_BYTES;
    int64_t begin = pictures * blocks * part / parts, end = pictures * blocks * (part + 1) / parts;
    char *row = (char *)call->scratch + flat_gate_bytes(s) * (size_t)part;
    while (begin < end) {
        int64_t picture = begin / blocks, first = begin % blocks, last = first + (end - begin) < blocks ? first + (end - begin) : blocks;
        const char *in2 = call->in2;
        if (gate) {
            flat_repeat_gate(s, in2 + picture * s->in_c, row);
            in2 = row;
        }
        flat_run(compute, size, gate, period, count, first, last, call->packed,
                 (const char *)call->in + (size_t)(picture * count) * size.in, in2,
                 (char *)call->out + (size_t)(picture * count) * size.out);
        begin += last - first;
    }
}

#endif
