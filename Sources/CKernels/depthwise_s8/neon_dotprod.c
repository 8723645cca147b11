// DEPTHWISE_S8 by sdot, 3x3 and 5x5 of stride 1 and 2: 8 channels of one output row, or two, from left to right.
//
// Four vertical taps of a column are one 32-bit lane. A column of 8 channels is zipped once, as it comes, and stays in registers until the outputs that see
// it are done: two vectors, four channels each. What a kernel of 5 rows has below the fourth is taken four columns at a time instead: the window of an
// output's last four columns, and the first column's lane of the window before. That is 14 products for 8 outputs, where columns of 8 rows would need 20.
#if defined(__aarch64__)
#include "block_neon.h"

#define TARGET __attribute__((target("dotprod")))
#define INLINE static inline TARGET __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

enum {
    LANES = 4,
    MAX_KERNEL = 5,
    MAX_ROWS = 2,     // of outputs
    MAX_LINES = 5,    // of inputs
    MAX_VECTORS = 14, // of weights
};

/// A layer's form: constant, as everything here is unrolled.
typedef struct form {
    int kernel, stride;
    int rows; // outputs below one another: a 3x3 kernel leaves a lane for the line below
    bool hard_swish;
} form;

SK_INLINE form form_of(const sk_shape *s) {
    return (form){s->kernel_h, s->stride_h, s->kernel_h == 3 && s->stride_h == 1 ? 2 : 1, s->activation == SK_HARD_SWISH};
}
SK_INLINE int lines_of(form f) { return f.kernel + (f.rows - 1) * f.stride; }

// MARK: - Packed: a row of padding pixels, then a record for each block

/// Vectors of weights, two (four channels each) for
///     3x3: [rows][3 columns]; those of the second row are a lane further down
///     5x5: [5 columns], the window's, and those of the window before
SK_INLINE int vectors_of(form f) { return f.kernel == 3 ? f.rows * 3 * 2 : 7 * 2; }

typedef struct record {
    constants constants;
    int8_t weights[MAX_VECTORS][BLOCK / 2][LANES]; // as many as vectors_of
} record;

static size_t record_bytes(const sk_shape *s) { return offsetof(record, weights) + (size_t)vectors_of(form_of(s)) * 16; }
static size_t padding_bytes(const sk_shape *s) { return sk_round_up((size_t)s->in_w * s->in_c, SK_ALIGNMENT) + SK_ALIGNMENT; }
static size_t packed_bytes(const sk_shape *s) { return padding_bytes(s) + block_count(s) * record_bytes(s); }

static bool supports(const sk_shape *s) {
    bool size = s->kernel_h == s->kernel_w && (s->kernel_h == 3 || s->kernel_h == 5);
    bool stride = s->stride_h == s->stride_w && (s->stride_h == 1 || s->stride_h == 2);
    bool padding = s->pad_left <= s->kernel_w - s->stride_w; // only columns before the first output's last ones are left of the picture
    return size && stride && padding && s->dilation_h == 1 && s->dilation_w == 1 && !s->residual;
}

/// `weights`: of one channel; `to`: the channel's lane of the first vector of its half, from where vectors are 32 bytes apart.
static void pack_weights(form f, const int8_t *weights, int8_t *to) {
    enum { STEP = 32 };
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

static void pack(const sk_shape *s, const sk_params *p, void *packed) {
    memset(packed, 0, packed_bytes(s));
    for (int32_t i = 0; i < s->in_w * s->in_c; i++) ((int8_t *)packed)[i] = p->in_zero[i % s->in_c];
    char *at = (char *)packed + padding_bytes(s);
    for (int32_t block = 0; block < block_count(s); block++, at += record_bytes(s)) {
        record *to = (record *)at;
        int32_t first = first_channel(s, block);
        pack_constants(s, p, first, &to->constants);
        for (int32_t i = 0; i < sk_min(BLOCK, s->out_c); i++)
            pack_weights(form_of(s), p->weights + (size_t)(first + i) * tap_count(s), to->weights[i / 4][i % 4]);
    }
}

// MARK: - Columns

/// One pixel of each line.
typedef struct column {
    int8x16_t quads[2]; // four lines, four channels each
    int8x16_t last;     // the fifth line
    int8x16_t pair;     // of the fifth line: the column before, and this one
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
    UNROLL for (int i = 0; i < lines_of(f); i++) x[i] = vld1q_s8(lines[i] + at); // its first half is used
    zip16(zip8(x[0], x[1]), zip8(x[2], x[lines_of(f) > 3 ? 3 : 2]), c.quads);
    if (f.kernel == 5) {
        c.last = x[4];
        c.pair = zip8(before->last, x[4]);
    }
    return c;
}

/// Lines of the picture, from a block's first channel on.
typedef struct source {
    const int8_t *lines[MAX_LINES], *padding; // a pixel
    int32_t width;
    size_t channels;
} source;

/// A column of padding: what load_column would make of five lines of it.
INLINE column padding_column(const int8_t *pixel) {
    column c;
    int8x16_t x = vld1q_s8(pixel);
    zip16(zip8(x, x), zip8(x, x), c.quads);
    c.last = x;
    c.pair = zip8(x, x);
    return c;
}

// MARK: - Outputs

/// Where outputs go: the pixel of the next one, in one or two rows.
typedef struct target {
    int8_t *pixels[MAX_ROWS];
    size_t steps[MAX_ROWS];
} target;

/// A block's way along a row.
typedef struct walk {
    const constants *constants;
    bool wide;
    int8x16_t weights[MAX_VECTORS];
    const int8_t *lines[MAX_LINES];
    size_t step;                // from a column to the next
    column padding;
    ptrdiff_t at, width;        // the next column, bytes from the first; of the picture, in bytes
    ptrdiff_t inside, end;      // as far as outputs see the picture alone; the end of all
    column columns[MAX_KERNEL]; // those that an output sees, from its phase on, round and round
    int8x16_t before[2];        // the window of the output before
    target to;
} walk;

INLINE void next_column(form f, walk *w, column *to, const column *before) {
    if ((size_t)w->at < (size_t)w->width) {
        *to = load_column(f, w->lines, w->at, before);
    } else {
        *to = w->padding;
        if (f.kernel == 5) to->pair = zip8(before->last, to->last);
    }
    w->at += w->step;
}

/// `window`: of an output in `phase`.
INLINE void window_of(const walk *w, int phase, int8x16_t window[2]) {
    zip16(w->columns[(phase + 2) % MAX_KERNEL].pair, w->columns[(phase + 4) % MAX_KERNEL].pair, window);
}

/// 8 channels of one output.
INLINE int8x8_t output(form f, const walk *w, int phase, int row, const int8x16_t window[2]) {
    int32x4_t sums[2];
    UNROLL for (int quad = 0; quad < 2; quad++) {
        const int8x16_t *weights = w->weights + quad;
        sums[quad] = load_again(w->constants->bias + 4 * quad);
        UNROLL for (int x = 0; x < f.kernel; x++)
            sums[quad] = vdotq_s32(sums[quad], w->columns[(phase + x) % f.kernel].quads[quad], weights[2 * (row * f.kernel + x)]);
        if (f.kernel == 5) {
            sums[quad] = vdotq_s32(sums[quad], window[quad], weights[2 * 5]);
            sums[quad] = vdotq_s32(sums[quad], w->before[quad], weights[2 * 6]);
        }
    }
    return finish_block(sums, w->constants, f.hard_swish, w->wide);
}

/// The next output, or two below one another. As many phases as columns: then they are in the same registers again. False: there is none.
INLINE bool next_output(form f, walk *w, int index) {
    int phase = index * f.stride % f.kernel;
    __asm__("" : "+r"(w->at)); // else the compiler keeps a pointer for each line and phase, on the stack
    bool inside = w->at < w->inside;
    if (!inside && w->at == w->end) return false;
    UNROLL for (int n = f.kernel - f.stride; n < f.kernel; n++) {
        column *to = &w->columns[(phase + n) % f.kernel];
        const column *before = &w->columns[(phase + n + f.kernel - 1) % f.kernel];
        if (inside) *to = load_column(f, w->lines, w->at, before), w->at += w->step;
        else next_column(f, w, to, before);
    }
    int8x16_t window[2];
    if (f.kernel == 5) window_of(w, phase, window);
    UNROLL for (int row = 0; row < f.rows; row++) {
        vst1_s8(w->to.pixels[row], output(f, w, phase, row, window));
        w->to.pixels[row] += w->to.steps[row];
    }
    if (f.kernel == 5) w->before[0] = window[0], w->before[1] = window[1];
    return true;
}

/// A row of outputs, or two. `first`: the input column of the first output's first tap.
INLINE void compute_row(form f, const source *from, int32_t first, int32_t count, const record *record, const target *to) {
    walk w = {.constants = &record->constants, .wide = record->constants.wide, .step = from->channels, .to = *to};
    UNROLL for (int i = 0; i < vectors_of(f); i++) w.weights[i] = vld1q_s8(record->weights[i][0]);
    UNROLL for (int i = 0; i < lines_of(f); i++) w.lines[i] = from->lines[i];
    w.padding = padding_column(from->padding);
    int shared = f.kernel - f.stride; // columns of an output that the one before, had there been one, would have seen too
    ptrdiff_t step = (ptrdiff_t)w.step;
    w.at = first * step;
    w.width = from->width * step;
    w.end = (first + shared + count * f.stride) * step;
    w.inside = sk_min(first + shared + count * f.stride, from->width - f.stride + 1) * step;
    UNROLL for (int i = 0; i < shared; i++) next_column(f, &w, &w.columns[i], i == 0 ? &w.padding : &w.columns[i - 1]);
    if (f.kernel == 5) window_of(&w, MAX_KERNEL - f.stride, w.before);
    while (next_output(f, &w, 0) && next_output(f, &w, 1) && next_output(f, &w, 2)
           && (f.kernel == 3 || (next_output(f, &w, 3) && next_output(f, &w, 4)))) {}
}

typedef void row_function(const source *, int32_t first, int32_t count, const record *, const target *);

#define ROW_FUNCTION(name, ...)                                                                                                             \
    TARGET static void name(const source *from, int32_t first, int32_t count, const record *record, const target *to) {                    \
        compute_row((form)__VA_ARGS__, from, first, count, record, to);                                                                    \
    }
ROW_FUNCTION(row_3_1, {3, 1, 2, false})
ROW_FUNCTION(row_3_1_hard_swish, {3, 1, 2, true})
ROW_FUNCTION(row_3_2, {3, 2, 1, false})
ROW_FUNCTION(row_3_2_hard_swish, {3, 2, 1, true})
ROW_FUNCTION(row_5_1, {5, 1, 1, false})
ROW_FUNCTION(row_5_1_hard_swish, {5, 1, 1, true})
ROW_FUNCTION(row_5_2, {5, 2, 1, false})
ROW_FUNCTION(row_5_2_hard_swish, {5, 2, 1, true})

static row_function *row_function_for(form f) {
    static row_function *const functions[2][2][2] = {{{row_3_1, row_3_1_hard_swish}, {row_3_2, row_3_2_hard_swish}},
                                                     {{row_5_1, row_5_1_hard_swish}, {row_5_2, row_5_2_hard_swish}}};
    return functions[f.kernel == 5][f.stride == 2][f.hard_swish];
}

// MARK: - The layer

/// For each thread: two rows of a block, of which one may be of no use, or all where the output has fewer channels than a block.
static size_t scratch_of_part(const sk_shape *s) { return sk_round_up((size_t)MAX_ROWS * s->out_w * BLOCK, SK_ALIGNMENT); }
static size_t scratch_bytes(const sk_shape *s, int parts) { return (size_t)parts * scratch_of_part(s); }

/// Blocks [begin, end) of one output row, or of as many as form.rows. `row`: the first, counted through all pictures.
static void compute_blocks(const sk_call *call, form f, int32_t row, int32_t begin, int32_t end, int8_t *scratch) {
    const sk_shape *s = call->shape;
    row_function *compute = row_function_for(f);
    int32_t y = row % s->out_h, rows = sk_min(f.rows, s->out_h - y);
    const int8_t *picture = (const int8_t *)call->in + (size_t)(row / s->out_h) * s->in_h * s->in_w * s->in_c;
    const int8_t *padding = call->packed, *lines[MAX_LINES];
    for (int i = 0; i < lines_of(f); i++) {
        int32_t in_y = y * f.stride - s->pad_top + i;
        lines[i] = in_y >= 0 && in_y < s->in_h ? picture + (size_t)in_y * s->in_w * s->in_c : padding;
    }
    bool narrow = s->out_c < BLOCK;
    size_t row_bytes = (size_t)s->out_w * s->out_c;
    int8_t *out = (int8_t *)call->out + row * row_bytes;
    source from = {.width = s->in_w, .channels = s->in_c};
    target to;
    for (int i = 0; i < f.rows; i++) to.steps[i] = i < rows && !narrow ? s->out_c : BLOCK;
    for (int32_t block = begin; block < end; block++) {
        int32_t channel = first_channel(s, block);
        const char *packed = (const char *)call->packed + padding_bytes(s) + block * record_bytes(s);
        for (int i = 0; i < lines_of(f); i++) from.lines[i] = lines[i] + channel;
        from.padding = padding + channel;
        for (int i = 0; i < f.rows; i++)
            to.pixels[i] = i < rows && !narrow ? out + i * row_bytes + channel : scratch + (size_t)i * s->out_w * BLOCK;
        compute(&from, -s->pad_left, s->out_w, (const record *)packed, &to);
    }
    for (int32_t i = 0; narrow && i < rows * s->out_w; i++) memcpy(out + i * s->out_c, scratch + i * BLOCK, s->out_c);
}

/// Rows one after the other, each with all blocks: its lines stay in the first-level cache. Threads cut that sequence into equal parts; but where blocks
/// overlap each takes whole rows, lest two write the same bytes.
static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    form f = form_of(s);
    int8_t *scratch = (int8_t *)call->scratch + part * scratch_of_part(s);
    int32_t blocks = block_count(s), groups = sk_div_up(s->out_h, f.rows), begin, end;
    sk_share(s->batch * groups * blocks, s->out_c % BLOCK == 0 ? 1 : blocks, part, parts, &begin, &end);
    for (int32_t i = begin, next; i < end; i = next) {
        int32_t group = i / blocks, first = i - group * blocks;
        next = sk_min(end, (group + 1) * blocks);
        compute_blocks(call, f, group / groups * s->out_h + group % groups * f.rows, first, first + next - i, scratch);
    }
}

const sk_kernel sk_depthwise_s8__neon_dotprod = {
    .name = "depthwise_s8__neon_dotprod",
    .op = SK_DEPTHWISE_S8,
    .isa = SK_NEON_DOTPROD,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .scratch_bytes = scratch_bytes,
    .run = run,
};

#endif
