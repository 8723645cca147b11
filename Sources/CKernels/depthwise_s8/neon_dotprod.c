// DEPTHWISE_S8 by sdot: four vertical taps of a column are one 32-bit lane.
//
// A column of 8 channels is zipped as it comes: two vectors, four channels each. What a kernel of 5 rows has below the fourth is taken four
// columns at a time instead: the window of an output's last four columns, and the first column's lane of the window before. That is 14
// products for 8 outputs, where columns of 8 rows would need 20.
#include "../internal.h"

#if SK_ON_A64
#define TARGET __attribute__((target("dotprod")))

#include "block_neon.h"

#define LARGE_APART 1
enum { MAX_VECTORS = 14, LATER = 0 };

/// Vectors of weights, two (four channels each) for
///     3x3: [rows][3 columns]; those of the second row are a lane further down
///     5x5: [5 columns], the window's, and those of the window before
SK_INLINE int vectors_of(form f) { return f.kernel == 3 ? f.rows * 3 * 2 : 7 * 2; }

/// `weights`: of channel `channel` of a block.
static void pack_weights(form f, const int8_t *weights, int channel, int8_t (*vectors)[16]) {
    enum { STEP = 32 };
    int8_t *to = vectors[channel / 4] + channel % 4 * 4;
    if (f.kernel == 3) {
        for (int row = 0; row < f.rows; row++)
            for (int x = 0; x < 3; x++)
                for (int y = 0; y < 3; y++) to[(row * 3 + x) * STEP + row + y] = weights[y * 3 + x];
        return;
    }
    for (int x = 0; x < 5; x++)
        for (int y = 0; y < 4; y++) to[x * STEP + y] = weights[y * 5 + x];
    for (int x = 1; x < 5; x++) to[5 * STEP + x - 1] = weights[4 * 5 + x];
    to[6 * STEP + f.stride - 1] = weights[4 * 5];
}

// MARK: - Columns

typedef struct column {
    int8x16_t quads[2]; // four lines, four channels each
    int8x16_t last; // the fifth line
    int8x16_t pair; // of the fifth line: the column before, and this one
} column;

INLINE int8x16_t zip8(int8x16_t a, int8x16_t b) { return vzip1q_s8(a, b); }
INLINE void zip16(int8x16_t a, int8x16_t b, int8x16_t quads[2]) {
    int16x8_t x = vreinterpretq_s16_s8(a), y = vreinterpretq_s16_s8(b);
    quads[0] = vreinterpretq_s8_s16(vzip1q_s16(x, y));
    quads[1] = vreinterpretq_s8_s16(vzip2q_s16(x, y));
}

INLINE column load_column(form f, const int8_t *const *lines, size_t at, const column *before) {
    column c;
    int8x16_t x[MAX_LINES];
    UNROLL
    for (int i = 0; i < lines_of(f); i++) x[i] = vld1q_s8(lines[i] + at); // its first half is used
    zip16(zip8(x[0], x[1]), zip8(x[2], x[lines_of(f) > 3 ? 3 : 2]), c.quads);
    if (f.kernel == 5) {
        c.last = x[4];
        c.pair = zip8(before->last, x[4]);
    }
    return c;
}

/// What load_column would make of lines of padding.
INLINE column padding_column(const int8_t *pixel) {
    column c;
    int8x16_t x = vld1q_s8(pixel);
    zip16(zip8(x, x), zip8(x, x), c.quads);
    c.last = x;
    c.pair = zip8(x, x);
    return c;
}
INLINE column padding_after(form f, const column *padding, const column *before) {
    column c = *padding;
    if (f.kernel == 5) c.pair = zip8(before->last, c.last);
    return c;
}

// MARK: - Outputs

/// Four columns of the fifth line, which end with an output's last one; and those of the output before.
typedef struct carried {
    int8x16_t window[2], before[2];
} carried;

/// `columns`: those that an output sees, from `phase` on, round and round.
INLINE void carry(form f, const column *columns, int phase, carried *to) {
    if (f.kernel != 5) return;
    to->before[0] = to->window[0];
    to->before[1] = to->window[1];
    zip16(columns[(phase + 2) % 5].pair, columns[(phase + 4) % 5].pair, to->window);
}

INLINE void add_products(form f, const column *columns, int phase, const carried *carried, const int8x16_t *weights,
                         int32x4_t sums[MAX_ROWS][2]) {
    UNROLL
    for (int x = 0; x < f.kernel; x++) {
        UNROLL
        for (int i = 0; i < 2 * f.rows; i++) {
            int8x16_t w = weights[2 * (i / 2 * f.kernel + x) + i % 2];
            sums[i / 2][i % 2] = vdotq_s32(sums[i / 2][i % 2], columns[(phase + x) % f.kernel].quads[i % 2], w);
        }
    }
    if (f.kernel != 5) return;
    UNROLL
    for (int quad = 0; quad < 2; quad++) sums[0][quad] = vdotq_s32(sums[0][quad], carried->before[quad], weights[2 * 6 + quad]);
    UNROLL
    for (int quad = 0; quad < 2; quad++) sums[0][quad] = vdotq_s32(sums[0][quad], carried->window[quad], weights[2 * 5 + quad]);
}

#include "walk_neon.h"

SK_DEFINE_KERNEL(depthwise_s8__neon_dotprod, .supports = supports, .packed_bytes = packed_bytes, .pack = pack,
                 .scratch_bytes = scratch_bytes, .run = run);

#endif
