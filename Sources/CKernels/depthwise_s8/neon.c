// DEPTHWISE_S8 on NEON without dot products, AArch64 and 32-bit ARM: 16 channels of two neighboring outputs at a time.
//
// Two taps at once: smull and smlal add two products in 16 bits, where they fit (2 * 127 * 128 < 2^15), and saddw adds them to 32-bit sums.
// For 32 multiply-accumulates that is four multiplications, on the one pipe of a Cortex-A72 that multiplies, and four additions on the
// other. Inputs are read where they are, through a pointer a tap: nothing is zipped or widened in memory. On AArch64 the usual kernels are
// neon_walk.c's.
#include "../internal.h"

#if SK_ON_ARM
#include "../vectors/neon.h"
#include "../vectors/hard_swish.h"

enum {
    BLOCK = 16, // channels
    COLUMNS = 2, // outputs
};

// MARK: - Packed: a row of padding pixels, then a record for each block of channels, the last of which reaches back over channels computed
// before

typedef struct constants {
    int32_t bias[BLOCK];
    float m[BLOCK], k[BLOCK];
    int16_t zero[BLOCK];
} constants;

static int32_t tap_count(const sk_shape *s) { return s->kernel_h * s->kernel_w; }
/// The weights of a block, for an even number of taps: where there is one too many, its weights are 0.
static size_t weight_bytes(const sk_shape *s) { return (size_t)sk_div_up(tap_count(s), 2) * 2 * BLOCK; }
static size_t record_bytes(const sk_shape *s) { return sizeof(constants) + weight_bytes(s); }
static size_t padding_bytes(const sk_shape *s) { return sk_round_up((size_t)s->in_w * s->in_c, SK_ALIGNMENT) + SK_ALIGNMENT; }
static int32_t block_count(const sk_shape *s) { return sk_div_up(s->out_c, BLOCK); }
static int32_t first_channel(const sk_shape *s, int32_t block) { return sk_max(sk_min(block * BLOCK, s->out_c - BLOCK), 0); }

static bool supports(const sk_shape *s) { return !s->residual; }

static uint64_t packed_bytes(const sk_shape *s) { return sk_sum(padding_bytes(s), sk_product(block_count(s), record_bytes(s))); }

static void pack(const sk_shape *s, const sk_params *p, void *packed) {
    memset(packed, 0, (size_t)packed_bytes(s));
    for (int32_t i = 0; i < s->in_w * s->in_c; i++) ((int8_t *)packed)[i] = p->in_zero[i % s->in_c];
    char *record = (char *)packed + padding_bytes(s);
    for (int32_t block = 0; block < block_count(s); block++, record += record_bytes(s)) {
        constants *to = (constants *)record;
        int8_t *weights = (int8_t *)(to + 1);
        for (int32_t i = 0; i < sk_min(BLOCK, s->out_c); i++) {
            int32_t c = first_channel(s, block) + i;
            to->bias[i] = p->bias[c];
            to->m[i] = p->multiplier[c];
            to->k[i] = s->activation == SK_HARD_SWISH ? p->out_factor[c] : 0;
            to->zero[i] = p->out_zero[c];
            for (int32_t tap = 0; tap < tap_count(s); tap++) weights[tap * BLOCK + i] = p->weights[(size_t)c * tap_count(s) + tap];
        }
    }
}

// MARK: - Outputs

SK_INLINE int16x4_t requantize(int32x4_t acc, const constants *c, int first, bool hard_swish) {
    lanes x = lanes_mul(vcvtq_f32_s32(acc), lanes_load(c->m + first));
    if (hard_swish) {
        x = lanes_mul(lanes_mul(x, lanes_gate(x)), lanes_load(c->k + first));
    }
    return vqmovn_s32(vreinterpretq_s32_s8(vec_round(x)));
}

/// 8 values in 32 bits -> activations.
SK_INLINE int8x8_t finish(int32x4_t lo, int32x4_t hi, const constants *c, int first, bool hard_swish) {
    int16x8_t values = vcombine_s16(requantize(lo, c, first, hard_swish), requantize(hi, c, first + 4, hard_swish));
    return vqmovn_s16(vqaddq_s16(values, vld1q_s16(c->zero + first)));
}

/// `count` (constant) outputs of a block of channels; the inputs of the second are `step` bytes after those of the first.
SK_INLINE void compute(const int8_t *const *taps, int32_t pairs, size_t channel, ptrdiff_t step, int count, const constants *c,
                       int8x16_t out[COLUMNS], bool hard_swish) {
    int32x4_t acc[COLUMNS][4];
    for (int t = 0; t < count; t++)
        for (int i = 0; i < 4; i++) acc[t][i] = vld1q_s32(c->bias + 4 * i);
    const int8_t *weights = (const int8_t *)(c + 1);
    for (; pairs > 0; pairs--, taps += 2, weights += 2 * BLOCK) {
        int8x16_t w0 = vld1q_s8(weights), w1 = vld1q_s8(weights + BLOCK);
        const int8_t *first = taps[0] + channel, *second = taps[1] + channel;
        for (int t = 0; t < count; t++) {
            int8x16_t x0 = vld1q_s8(first + t * step), x1 = vld1q_s8(second + t * step);
            int16x8_t lo = vmlal_s8(vmull_s8(vget_low_s8(x0), vget_low_s8(w0)), vget_low_s8(x1), vget_low_s8(w1));
            int16x8_t hi = vmlal_s8(vmull_s8(vget_high_s8(x0), vget_high_s8(w0)), vget_high_s8(x1), vget_high_s8(w1));
            acc[t][0] = vaddw_s16(acc[t][0], vget_low_s16(lo));
            acc[t][1] = vaddw_s16(acc[t][1], vget_high_s16(lo));
            acc[t][2] = vaddw_s16(acc[t][2], vget_low_s16(hi));
            acc[t][3] = vaddw_s16(acc[t][3], vget_high_s16(hi));
        }
    }
    for (int t = 0; t < count; t++)
        out[t] = vcombine_s8(finish(acc[t][0], acc[t][1], c, 0, hard_swish), finish(acc[t][2], acc[t][3], c, 8, hard_swish));
}

/// The channels of a call, of `count` neighboring outputs.
SK_INLINE void compute_columns(const sk_call *call, const int8_t *const *taps, const char *record, int count, int8_t *out) {
    const sk_shape *s = call->shape;
    int32_t pairs = sk_div_up(tap_count(s), 2), first = call->channel_begin / BLOCK, end = sk_div_up(sk_channel_end(call), BLOCK);
    record += first * record_bytes(s);
    for (int32_t block = first; block < end; block++, record += record_bytes(s)) {
        int8x16_t bytes[COLUMNS];
        size_t channel = first_channel(s, block);
        ptrdiff_t step = (ptrdiff_t)s->stride_w * s->in_c;
        if (s->activation == SK_HARD_SWISH) compute(taps, pairs, channel, step, count, (const constants *)record, bytes, true);
        else compute(taps, pairs, channel, step, count, (const constants *)record, bytes, false);
        for (int t = 0; t < count; t++) {
            int8_t *to = out + t * s->out_c + channel;
            if (s->out_c >= BLOCK) {
                vst1q_s8(to, bytes[t]);
            } else {
                int8_t all[BLOCK];
                vst1q_s8(all, bytes[t]);
                for (int32_t i = 0; i < s->out_c; i++) to[i] = all[i];
            }
        }
    }
}

// MARK: - Rows

/// Pointers to the taps of the output in column `x`, from the lines under it.
static void point(const sk_shape *s, const int8_t *const *lines, const int8_t *padding, int32_t x, const int8_t **taps) {
    int32_t left = x * s->stride_w - s->pad_left;
    for (int32_t ky = 0; ky < s->kernel_h; ky++) {
        for (int32_t kx = 0; kx < s->kernel_w; kx++) {
            int32_t in_x = left + kx * s->dilation_w;
            *taps++ = in_x >= 0 && in_x < s->in_w ? lines[ky] + (size_t)in_x * s->in_c : padding;
        }
    }
}

static uint64_t scratch_bytes(const sk_shape *s, int parts) {
    uint64_t pointers = (uint64_t)s->kernel_h + tap_count(s) + 1;
    return sk_product(sk_padded(sk_product(pointers, sizeof(int8_t *)), SK_ALIGNMENT), parts);
}

/// One output row. `lines`: those of the input under it; the padding row stands for those outside the picture.
static void compute_row(const sk_call *call, const int8_t *const *lines, const int8_t **taps, int8_t *out) {
    const sk_shape *s = call->shape;
    const int8_t *padding = call->packed;
    const char *records = (const char *)call->packed + padding_bytes(s);
    int32_t count = tap_count(s);
    taps[count] = padding; // an odd last tap's partner
    // [begin, end): outputs that see no column outside the picture.
    int32_t reach = (s->kernel_w - 1) * s->dilation_w, last = s->in_w - 1 - reach + s->pad_left;
    int32_t begin = sk_min(sk_div_up(s->pad_left, s->stride_w), s->out_w);
    int32_t end = sk_max(sk_min(last < 0 ? 0 : last / s->stride_w + 1, s->out_w), begin);
    size_t step = (size_t)s->stride_w * s->in_c;
    for (int32_t x = 0; x < s->out_w;) {
        if (x <= begin || x >= end) point(s, lines, padding, x, taps);
        if (x >= begin && x + COLUMNS <= end) {
            compute_columns(call, taps, records, COLUMNS, out + (size_t)x * s->out_c);
            x += COLUMNS;
            for (int32_t i = 0; i < count; i++) taps[i] += COLUMNS * step;
        } else {
            compute_columns(call, taps, records, 1, out + (size_t)x * s->out_c);
            x++;
        }
    }
}

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const int8_t **lines = (const int8_t **)((char *)call->scratch + (size_t)scratch_bytes(s, 1) * part), **taps = lines + s->kernel_h;
    int32_t begin, end;
    sk_share(s->batch * s->out_h, 1, part, parts, &begin, &end);
    for (int32_t row = begin; row < end; row++) {
        const int8_t *picture = (const int8_t *)call->in + (size_t)(row / s->out_h) * s->in_h * s->in_w * s->in_c;
        for (int32_t ky = 0; ky < s->kernel_h; ky++) {
            int32_t y = row % s->out_h * s->stride_h - s->pad_top + ky * s->dilation_h;
            lines[ky] = y >= 0 && y < s->in_h ? picture + (size_t)y * s->in_w * s->in_c : (const int8_t *)call->packed;
        }
        compute_row(call, lines, taps, (int8_t *)call->out + (size_t)row * s->out_w * s->out_c);
    }
}

SK_DEFINE_KERNEL(depthwise_s8__neon, .supports = supports, .packed_bytes = packed_bytes, .pack = pack, .scratch_bytes = scratch_bytes,
                 .run = run);

#endif
