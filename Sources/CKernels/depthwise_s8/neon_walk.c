// DEPTHWISE_S8 on NEON without dot products, 3x3 and 5x5 of stride 1 and 2: two vertical taps of a column are a vector.
//
// Two taps at once: smull and smlal add two products in 16 bits, where they fit (2 * 127 * 128 < 2^15), and saddw adds them to 32-bit sums.
// For 16 multiply-accumulates that is two multiplications, on the one pipe of a Cortex-A72 that multiplies, and two additions on either.
#include "../internal.h"

#if SK_ON_A64
#include "block_neon.h"

#define LARGE_APART 0 // little is saved: a Cortex-A72 unzips in three steps
enum {
    PAIRS = 3, // of a column's lines
    MAX_VECTORS = 15, // of weights
    LATER = 1,
};

SK_INLINE int pairs_of(form f) { return (lines_of(f) + 1) / 2; }

/// Vectors of weights: [rows][columns][pairs], those of the second row a line further down.
SK_INLINE int vectors_of(form f) { return f.rows * f.kernel * pairs_of(f); }

/// `weights`: of channel `channel` of a block.
static void pack_weights(form f, const int8_t *weights, int channel, int8_t (*vectors)[16]) {
    for (int row = 0; row < f.rows; row++)
        for (int x = 0; x < f.kernel; x++)
            for (int y = 0; y < f.kernel; y++)
                vectors[(row * f.kernel + x) * pairs_of(f) + (row + y) / 2][(row + y) % 2 * BLOCK + channel] = weights[y * f.kernel + x];
}

// MARK: - Columns

typedef struct column {
    int8x16_t pairs[PAIRS]; // of lines, 8 channels each
} column;

INLINE column load_column(form f, const int8_t *const *lines, size_t at, const column *before) {
    (void)before;
    column c;
    UNROLL
    for (int i = 0; i < pairs_of(f); i++) {
        int8x8_t upper = vld1_s8(lines[2 * i] + at);
        c.pairs[i] = vcombine_s8(upper, 2 * i + 1 < lines_of(f) ? vld1_s8(lines[2 * i + 1] + at) : upper);
    }
    return c;
}

INLINE column padding_column(const int8_t *pixel) {
    column c;
    UNROLL
    for (int i = 0; i < PAIRS; i++) c.pairs[i] = vcombine_s8(vld1_s8(pixel), vld1_s8(pixel));
    return c;
}
INLINE column padding_after(form f, const column *padding, const column *before) {
    (void)f, (void)before;
    return *padding;
}

// MARK: - Outputs

/// Nothing but columns.
typedef struct carried {
    int nothing;
} carried;

INLINE void carry(form f, const column *columns, int phase, carried *to) { (void)f, (void)columns, (void)phase, (void)to; }

/// The pixels and the weights of one tap, for one of the rows of outputs.
INLINE int8x8_t half_of(int8x16_t x, int line) { return line % 2 ? vget_high_s8(x) : vget_low_s8(x); }
INLINE int8x8_t pixel_at(form f, const column *columns, int phase, int row, int tap) {
    int line = row + tap / f.kernel;
    return half_of(columns[(phase + tap % f.kernel) % f.kernel].pairs[line / 2], line);
}
INLINE int8x8_t weight_at(form f, const int8x16_t *weights, int row, int tap) {
    int line = row + tap / f.kernel;
    return half_of(weights[(row * f.kernel + tap % f.kernel) * pairs_of(f) + line / 2], line);
}

/// Some pairs of taps at a time, so that cores that run in order wait for few results.
INLINE void add_products(form f, const column *columns, int phase, const carried *carried, const int8x16_t *weights,
                         int32x4_t sums[MAX_ROWS][2]) {
    (void)carried;
    enum { AT_ONCE = 5 };
    int taps = f.kernel * f.kernel, pairs = (taps + 1) / 2, all = f.rows * pairs;
    UNROLL
    for (int first = 0; first < all; first += AT_ONCE) {
        int16x8_t two[AT_ONCE];
        UNROLL
        for (int i = 0; i < AT_ONCE; i++) {
            int row = (first + i) / pairs, tap = (first + i) % pairs * 2;
            if (first + i < all) two[i] = vmull_s8(pixel_at(f, columns, phase, row, tap), weight_at(f, weights, row, tap));
        }
        UNROLL
        for (int i = 0; i < AT_ONCE; i++) {
            int row = (first + i) / pairs, tap = (first + i) % pairs * 2 + 1;
            if (first + i < all && tap < taps)
                two[i] = vmlal_s8(two[i], pixel_at(f, columns, phase, row, tap), weight_at(f, weights, row, tap));
        }
        UNROLL
        for (int i = 0; i < AT_ONCE; i++) {
            int row = (first + i) / pairs;
            if (first + i >= all) continue;
            sums[row][0] = vaddw_s16(sums[row][0], vget_low_s16(two[i]));
            sums[row][1] = vaddw_s16(sums[row][1], vget_high_s16(two[i]));
        }
    }
}

#include "walk_neon.h"

SK_DEFINE_KERNEL(depthwise_s8_walk__neon, .supports = supports, .packed_bytes = packed_bytes, .pack = pack, .scratch_bytes = scratch_bytes,
                 .run = run);

#endif
