// DEPTHWISE_S8 on NEON, 3x3 and 5x5 of stride 1 and 2: 8 channels of one output row, or two, from left to right. A column of pixels is
// loaded once and stays in registers until the outputs that see it are done.
//
// Included by an instruction set's file after block_neon.h. That file defines TARGET, MAX_VECTORS, and for a constant form:
//     vectors_of        16-byte vectors of a block's weights
//     pack_weights      puts those of one channel there
//     column            one pixel of each line; load_column, padding_column, padding_after make one
//     carried, carry    what else an output leaves to the next one
//     add_products      of the columns that an output sees and the weights
//     LARGE_APART        1: large blocks have functions of their own, as others save instructions; 0: all are taken for large
//     LATER             1: an output is finished while the next one's products are added, so that cores that run in order wait less; the
//     first one finishes
//                       nothing, in its own place. 0: at once, which leaves more registers to cores that reorder

// MARK: - Packed: a row of padding pixels, then a record for each block

typedef struct record {
    constants constants;
    int8_t weights[MAX_VECTORS][16]; // as many as vectors_of
} record;

static size_t record_bytes(const sk_shape *s) { return offsetof(record, weights) + (size_t)vectors_of(form_of(s)) * 16; }
static size_t padding_bytes(const sk_shape *s) { return sk_round_up((size_t)s->in_w * s->in_c, SK_ALIGNMENT) + SK_ALIGNMENT; }
static uint64_t packed_bytes(const sk_shape *s) { return sk_sum(padding_bytes(s), sk_product(block_count(s), record_bytes(s))); }

static bool supports(const sk_shape *s) {
    bool size = s->kernel_h == s->kernel_w && (s->kernel_h == 3 || s->kernel_h == 5);
    bool stride = s->stride_h == s->stride_w && (s->stride_h == 1 || s->stride_h == 2);
    bool padding = s->pad_left <= s->kernel_w - s->stride_w; // only columns before the first output's last ones are left of the picture
    return size && stride && padding && s->dilation_h == 1 && s->dilation_w == 1 && !s->residual;
}

static void pack(const sk_shape *s, const sk_params *p, void *packed) {
    memset(packed, 0, (size_t)packed_bytes(s));
    for (int32_t i = 0; i < s->in_w * s->in_c; i++) ((int8_t *)packed)[i] = p->in_zero[i % s->in_c];
    char *at = (char *)packed + padding_bytes(s);
    for (int32_t block = 0; block < block_count(s); block++, at += record_bytes(s)) {
        record *to = (record *)at;
        int32_t first = first_channel(s, block);
        pack_constants(s, p, first, &to->constants);
        for (int32_t i = 0; i < sk_min(BLOCK, s->out_c); i++)
            pack_weights(form_of(s), p->weights + (size_t)(first + i) * tap_count(s), i, to->weights);
    }
}

// MARK: - Outputs

/// Lines of the picture, from a block's first channel on.
typedef struct source {
    const int8_t *lines[MAX_LINES], *padding; // a pixel
    int32_t width;
    size_t channels;
    bool hard_swish;
} source;

/// Where outputs go: the pixel of the next one, in one or two rows.
typedef struct target {
    int8_t *pixels[MAX_ROWS];
    size_t steps[MAX_ROWS];
} target;

/// A block's way along a row.
typedef struct walk {
    const constants *constants;
    int8x16_t weights[MAX_VECTORS];
    const int8_t *lines[MAX_LINES];
    size_t step;                // from a column to the next
    column padding;
    ptrdiff_t at, width;        // the next column, bytes from the first; of the picture, in bytes
    ptrdiff_t inside, end;      // as far as outputs see the picture alone; the end of all
    column columns[MAX_KERNEL]; // those that an output sees, from its phase on, round and round
    carried carried;
    int32x4_t sums[MAX_ROWS][2]; // of the output that is finished next
    size_t advance[MAX_ROWS];    // from its pixel to the next one
    target to;
} walk;

INLINE void next_column(form f, walk *w, column *to, const column *before) {
    if ((size_t)w->at < (size_t)w->width) {
        *to = load_column(f, w->lines, w->at, before);
    } else {
        *to = padding_after(f, &w->padding, before);
    }
    w->at += w->step;
}

/// Finishes an output, and goes on to the next pixel.
INLINE void finish_output(form f, walk *w) {
    UNROLL
    for (int row = 0; row < f.rows; row++) {
        vst1_s8(w->to.pixels[row], finish_block(w->sums[row], w->constants, f.hard_swish, f.large));
        w->to.pixels[row] += w->advance[row];
    }
}

/// The next output, or two below one another. As many phases as columns: then they are in the same registers again. False: there is none.
INLINE bool next_output(form f, walk *w, int index) {
    int phase = index * f.stride % f.kernel;
    __asm__("" : "+r"(w->at)); // else the compiler keeps a pointer for each line and phase, on the stack
    bool inside = w->at < w->inside;
    if (!inside && w->at == w->end) return false;
    UNROLL
    for (int n = f.kernel - f.stride; n < f.kernel; n++) {
        column *to = &w->columns[(phase + n) % f.kernel];
        const column *before = &w->columns[(phase + n + f.kernel - 1) % f.kernel];
        if (inside) {
            *to = load_column(f, w->lines, w->at, before);
            w->at += w->step;
        } else {
            next_column(f, w, to, before);
        }
    }
    carry(f, w->columns, phase, &w->carried);
    int32x4_t sums[MAX_ROWS][2];
    UNROLL
    for (int row = 0; row < f.rows; row++) {
        sums[row][0] = load_again(w->constants->bias);
        sums[row][1] = load_again(w->constants->bias + 4);
    }
    add_products(f, w->columns, phase, &w->carried, w->weights, sums);
    if (LATER) finish_output(f, w);
    UNROLL
    for (int row = 0; row < f.rows; row++) {
        w->advance[row] = w->to.steps[row];
        w->sums[row][0] = sums[row][0];
        w->sums[row][1] = sums[row][1];
    }
    if (!LATER) finish_output(f, w);
    return true;
}

/// Before the first of `count` outputs. `first`: the input column of its first tap.
INLINE walk walk_from(form f, const source *from, int32_t first, int32_t count, const record *record, const target *to) {
    walk w = {.constants = &record->constants, .step = from->channels, .to = *to};
    UNROLL
    for (int i = 0; i < vectors_of(f); i++) w.weights[i] = vld1q_s8(record->weights[i]);
    UNROLL
    for (int i = 0; i < lines_of(f); i++) w.lines[i] = from->lines[i];
    w.padding = padding_column(from->padding);
    int shared = f.kernel - f.stride; // columns of an output that the one before, had there been one, would have seen too
    ptrdiff_t step = (ptrdiff_t)w.step;
    w.at = first * step;
    w.width = from->width * step;
    w.end = (first + shared + count * f.stride) * step;
    w.inside = sk_min(first + shared + count * f.stride, from->width - f.stride + 1) * step;
    UNROLL
    for (int i = 0; i < shared; i++) next_column(f, &w, &w.columns[i], i == 0 ? &w.padding : &w.columns[i - 1]);
    carry(f, w.columns, f.kernel - f.stride, &w.carried);
    UNROLL
    for (int row = 0; row < f.rows; row++) {
        w.sums[row][0] = w.sums[row][1] = vdupq_n_s32(0);
        w.advance[row] = LATER ? 0 : to->steps[row];
    }
    return w;
}

/// A row of outputs, or two.
INLINE void compute_row(form f, const source *from, int32_t first, int32_t count, const record *record, const target *to) {
    walk w = walk_from(f, from, first, count, record, to);
    while (next_output(f, &w, 0) && next_output(f, &w, 1) && next_output(f, &w, 2)
           && (f.kernel == 3 || (next_output(f, &w, 3) && next_output(f, &w, 4)))) {
    }
    if (LATER) finish_output(f, &w);
}

#if LARGE_APART
/// A row of outputs of a large block, which is the exception: one output at a time, for little code.
INLINE void compute_large_row(form f, const source *from, int32_t first, int32_t count, const record *record, const target *to) {
    target at = *to;
    for (int32_t i = 0; i < count; i++) {
        walk w = walk_from(f, from, first + i * f.stride, 1, record, &at);
        next_output(f, &w, 0);
        if (LATER) finish_output(f, &w);
        at = w.to;
    }
}
#endif

typedef void row_function(const source *, int32_t first, int32_t count, const record *, const target *);

#define ROW_FUNCTION(name, compute, ...)                                                                                                   \
    TARGET static void name(const source *from, int32_t first, int32_t count, const record *record, const target *to) {                    \
        compute((form)__VA_ARGS__, from, first, count, record, to);                                                                        \
    }
#if LARGE_APART
#define ROW_FUNCTIONS(name, kernel, stride, rows)                                                                                          \
    ROW_FUNCTION(name##_linear, compute_row, {kernel, stride, rows, false, false})                                                         \
    ROW_FUNCTION(name##_hard_swish, compute_row, {kernel, stride, rows, true, false})                                                      \
    ROW_FUNCTION(name##_large, compute_large_row, {kernel, stride, rows, from->hard_swish, true})
#define ROWS(name) {name##_linear, name##_hard_swish, name##_large}
#else
#define ROW_FUNCTIONS(name, kernel, stride, rows)                                                                                          \
    ROW_FUNCTION(name##_linear, compute_row, {kernel, stride, rows, false, true})                                                          \
    ROW_FUNCTION(name##_hard_swish, compute_row, {kernel, stride, rows, true, true})
#define ROWS(name) {name##_linear, name##_hard_swish}
#endif
ROW_FUNCTIONS(row_3_1, 3, 1, 2)
ROW_FUNCTIONS(row_3_2, 3, 2, 1)
ROW_FUNCTIONS(row_5_1, 5, 1, 1)
ROW_FUNCTIONS(row_5_2, 5, 2, 1)

static row_function *row_function_for(form f) {
    static row_function *const functions[2][2][2 + LARGE_APART] = {{ROWS(row_3_1), ROWS(row_3_2)}, {ROWS(row_5_1), ROWS(row_5_2)}};
    return functions[f.kernel == 5][f.stride == 2][LARGE_APART && f.large ? 2 : f.hard_swish];
}

// MARK: - The layer

/// For each thread: two rows of a block, of which one may be of no use, or all where the output has fewer channels than a block.
static uint64_t scratch_of_part(const sk_shape *s) { return sk_padded(sk_product(s->out_w, MAX_ROWS * BLOCK), SK_ALIGNMENT); }
static uint64_t scratch_bytes(const sk_shape *s, int parts) { return sk_product(scratch_of_part(s), parts); }

/// Blocks [begin, end) of one output row, or of as many as form.rows. `row`: the first, counted through all pictures.
static void compute_blocks(const sk_call *call, form f, int32_t row, int32_t begin, int32_t end, int8_t *scratch) {
    const sk_shape *s = call->shape;
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
    source from = {.width = s->in_w, .channels = s->in_c, .hard_swish = f.hard_swish};
    target to;
    for (int i = 0; i < f.rows; i++) to.steps[i] = i < rows && !narrow ? s->out_c : BLOCK;
    for (int32_t block = begin; block < end; block++) {
        int32_t channel = first_channel(s, block);
        const record *record = (const struct record *)((const char *)call->packed + padding_bytes(s) + block * record_bytes(s));
        for (int i = 0; i < lines_of(f); i++) from.lines[i] = lines[i] + channel;
        from.padding = padding + channel;
        for (int i = 0; i < f.rows; i++)
            to.pixels[i] = i < rows && !narrow ? out + i * row_bytes + channel : scratch + (size_t)i * s->out_w * BLOCK;
        f.large = record->constants.large;
        row_function_for(f)(&from, -s->pad_left, s->out_w, record, &to);
    }
    for (int32_t i = 0; narrow && i < rows * s->out_w; i++) memcpy(out + i * s->out_c, scratch + i * BLOCK, s->out_c);
}

/// Rows one after the other, each with all blocks: its lines stay in the first-level cache. Threads cut that sequence into equal parts; but
/// where blocks overlap each takes whole rows, lest two write the same bytes.
static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    form f = form_of(s);
    int8_t *scratch = (int8_t *)call->scratch + (size_t)scratch_of_part(s) * part;
    int32_t blocks = block_count(s), groups = sk_div_up(s->out_h, f.rows), begin, end;
    sk_share(s->batch * groups * blocks, s->out_c % BLOCK == 0 ? 1 : blocks, part, parts, &begin, &end);
    for (int32_t i = begin, next; i < end; i = next) {
        int32_t group = i / blocks, first = i - group * blocks;
        next = sk_min(end, (group + 1) * blocks);
        int32_t from = sk_max(first, call->channel_begin / BLOCK), to = sk_min(first + next - i, sk_div_up(sk_channel_end(call), BLOCK));
        compute_blocks(call, f, group / groups * s->out_h + group % groups * f.rows, from, to, scratch);
    }
}
