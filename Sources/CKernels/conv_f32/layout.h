// CONV_F32's packed parameters, and the pointers through which a tile finds its input.
//
// Output channels are packed in blocks of 16, the last one of 8 where that is enough. Each group holds
//     bias[columns]  (to 64 bytes)   block 0: [K][16]   block 1: [K][16]   ...   last block: [K][16] or [K][8]
// with K = segments * length, zeros in the columns that do not exist, and after all groups a run of zeros that taps outside the
// picture point at.
//
// A *segment* is a run of `length` input values of one position that lie next to each other in memory: the channels under one tap, or,
// where these are few, those under a whole kernel row. A tile of positions reads segment by segment through an array of pointers, so
// that stride, dilation, padding and groups cost the inner loop nothing.
#ifndef CKERNELS_CONV_F32_LAYOUT_H
#define CKERNELS_CONV_F32_LAYOUT_H

#include "../internal.h"

enum {
    SK_F32_BLOCK = 16,
    SK_F32_POSITIONS = 126, // handled together: a multiple of the tiles' 6, 9 and 14 rows
    SK_F32_MAX_ROWS = 14,
    SK_F32_POINTERS = SK_F32_POSITIONS + SK_F32_MAX_ROWS, // a tile at the end may read pointers beyond the last position
};

typedef struct sk_conv_layout {
    int32_t group_in, group_out;
    int32_t columns;          // group_out, to a multiple of 8
    bool by_row;              // a segment is a kernel row, else a tap
    int32_t segments, length;
    size_t depth;             // K
    size_t weights;           // floats from a group's bias to its weights
    size_t group_floats, zeros; // in floats
    uint64_t total;             // likewise
} sk_conv_layout;

SK_INLINE sk_conv_layout sk_conv_layout_of(const sk_shape *s) {
    sk_conv_layout l = {.group_in = s->in_c / s->groups, .group_out = s->out_c / s->groups};
    l.columns = (int32_t)sk_round_up(l.group_out, 8);
    l.by_row = s->kernel_w > 1 && s->dilation_w == 1 && s->groups == 1 && s->kernel_w * s->in_c <= 64;
    l.segments = l.by_row ? s->kernel_h : s->kernel_h * s->kernel_w;
    l.length = l.by_row ? s->kernel_w * s->in_c : l.group_in;
    uint64_t depth = sk_product(l.segments, l.length);
    l.depth = sk_distance(depth);
    l.weights = sk_round_up(l.columns, SK_F32_BLOCK);
    uint64_t group = sk_sum(l.weights, sk_padded(sk_product(l.columns, depth), SK_F32_BLOCK)), zeros = sk_product(s->groups, group);
    l.group_floats = sk_distance(group);
    l.zeros = sk_distance(zeros);
    l.total = sk_sum(zeros, l.length);
    return l;
}

SK_INLINE uint64_t sk_conv_f32_packed_bytes(const sk_shape *s) { return sk_product(sk_conv_layout_of(s).total, sizeof(float)); }

SK_INLINE void sk_conv_f32_pack(const sk_shape *s, const sk_params *p, void *packed) {
    sk_conv_layout l = sk_conv_layout_of(s);
    memset(packed, 0, (size_t)l.total * sizeof(float));
    for (int32_t o = 0; o < s->out_c; o++) {
        float *group = (float *)packed + o / l.group_out * l.group_floats;
        int32_t column = o % l.group_out, first = column / SK_F32_BLOCK * SK_F32_BLOCK;
        int32_t width = sk_min(l.columns - first, SK_F32_BLOCK);
        float *to = group + l.weights + first * l.depth + (column - first);
        group[column] = p->bias_f32[o];
        for (size_t k = 0; k < l.depth; k++) to[k * width] = p->weights_f32[o * l.depth + k];
    }
}

// MARK: - Pointers

/// Bytes of one thread's pointers, and of the copies of kernel rows that cross the picture's edge.
SK_INLINE uint64_t sk_conv_pointer_bytes(const sk_conv_layout *l) {
    return sk_padded(sk_product(l->segments, SK_F32_POINTERS * sizeof(float *)), SK_ALIGNMENT);
}
SK_INLINE uint64_t sk_conv_patch_bytes(const sk_conv_layout *l) {
    return l->by_row ? sk_padded(sk_product(l->depth, SK_F32_POSITIONS * sizeof(float)), SK_ALIGNMENT) : 0;
}
/// Bytes of scratch for one thread.
SK_INLINE uint64_t sk_conv_part_bytes(const sk_conv_layout *l) { return sk_sum(sk_conv_pointer_bytes(l), sk_conv_patch_bytes(l)); }
SK_INLINE uint64_t sk_conv_f32_scratch_bytes(const sk_shape *s, int parts) {
    sk_conv_layout l = sk_conv_layout_of(s);
    return sk_product(sk_conv_part_bytes(&l), parts);
}

/// The kernel row of `s->kernel_w` taps from column x of `row`, where some of them lie outside the picture.
SK_INLINE const float *sk_conv_copy_row(const sk_shape *s, const float *row, int32_t x, float *copy) {
    for (int32_t kx = 0; kx < s->kernel_w; kx++) {
        bool inside = x + kx >= 0 && x + kx < s->in_w;
        for (int32_t c = 0; c < s->in_c; c++) copy[kx * s->in_c + c] = inside ? row[(x + kx) * s->in_c + c] : 0.0f;
    }
    return copy;
}

/// One segment's pointers for `count` positions of one output row, the first of which reads from column x of `row`.
static inline void sk_conv_point_row(const sk_shape *s, const sk_conv_layout *l, const float *row, const float *zeros, int32_t x,
                                     int32_t count, const float **to, float *patch) {
    int32_t width = l->by_row ? s->kernel_w : 1, i = 0;
    for (; i < count && x < 0; i++, x += s->stride_w) to[i] = x + width <= 0 ? zeros : sk_conv_copy_row(s, row, x, patch + i * l->depth);
    const float *from = row + (ptrdiff_t)x * s->in_c;
    size_t step = (size_t)s->stride_w * s->in_c;
    int32_t inside_end = x + width > s->in_w ? i : sk_min(count, i + (s->in_w - width - x) / s->stride_w + 1);
    for (x += (inside_end - i) * s->stride_w; i < inside_end; i++, from += step) to[i] = from;
    for (; i < count; i++, x += s->stride_w) to[i] = x >= s->in_w ? zeros : sk_conv_copy_row(s, row, x, patch + i * l->depth);
}

/// Fills pointers[segment][i], for output positions first + i, i < count <= SK_F32_POSITIONS, with the address of the segment's values in
/// `in` (advanced to the group's first channel), in `zeros` or in `patches`. The last position is repeated for tiles that reach beyond it.
static inline void sk_conv_point(const sk_shape *s, const sk_conv_layout *l, const float *in, const float *zeros, int32_t first,
                                 int32_t count, const float **pointers, float *patches) {
    for (int32_t i = 0; i < count;) {
        int32_t position = first + i, picture = position / (s->out_w * s->out_h), x = position % s->out_w;
        int32_t y = position / s->out_w % s->out_h, run = sk_min(count - i, s->out_w - x); // of positions in this output row
        for (int32_t segment = 0; segment < l->segments; segment++) {
            int32_t ky = l->by_row ? segment : segment / s->kernel_w, kx = l->by_row ? 0 : segment % s->kernel_w;
            int32_t in_y = y * s->stride_h - s->pad_top + ky * s->dilation_h, in_x = x * s->stride_w - s->pad_left + kx * s->dilation_w;
            const float **to = &pointers[(size_t)segment * SK_F32_POINTERS + i];
            if (in_y < 0 || in_y >= s->in_h) {
                for (int32_t j = 0; j < run; j++) to[j] = zeros;
            } else {
                const float *row = in + ((size_t)picture * s->in_h + in_y) * s->in_w * s->in_c;
                sk_conv_point_row(s, l, row, zeros, in_x, run, to, patches + i * l->depth + (size_t)segment * l->length);
            }
        }
        i += run;
    }
    for (int32_t segment = 0; segment < l->segments; segment++) {
        const float **row = pointers + (size_t)segment * SK_F32_POINTERS;
        for (int32_t i = count; i < count + SK_F32_MAX_ROWS; i++) row[i] = row[count - 1];
    }
}

#endif
