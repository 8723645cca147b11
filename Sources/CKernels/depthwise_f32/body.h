// DEPTHWISE_F32 on lanes (see activation_f32/lanes_*.h): lanes are channels, a tile is some columns of one output row.
//
// Packed, for each block of 16 channels: bias[16], then [ky][kx][16]; behind all blocks as many zeros as there are channels, which columns
// outside the picture point at.
#include "../activation_f32/epilogue.h"
#include "../pool_f32/window.h"

enum {
    BLOCK = 16,
    COLUMNS = 7,                               // of a tile; all maps of a 224 x 224 network are multiples
    MAX_KERNEL = 5, MAX_STRIDE = 2,            // what the tiles are made for
    MAX_INPUTS = (COLUMNS - 1) * MAX_STRIDE + MAX_KERNEL,
};

static size_t block_floats(const sk_shape *s) { return (size_t)(1 + s->kernel_h * s->kernel_w) * BLOCK; }
static int32_t blocks(const sk_shape *s) { return sk_div_up(s->out_c, BLOCK); }

static size_t packed_bytes(const sk_shape *s) { return blocks(s) * (block_floats(s) + BLOCK) * sizeof(float); }

static void pack(const sk_shape *s, const sk_params *p, void *packed) {
    int32_t taps = s->kernel_h * s->kernel_w;
    memset(packed, 0, packed_bytes(s));
    for (int32_t c = 0; c < s->out_c; c++) {
        float *block = (float *)packed + c / BLOCK * block_floats(s);
        block[c % BLOCK] = p->bias_f32[c];
        for (int32_t tap = 0; tap < taps; tap++) block[(1 + tap) * BLOCK + c % BLOCK] = p->weights_f32[c * taps + tap];
    }
}

/// Channel c's bias; its weights follow BLOCK floats apart.
LANES_INLINE const float *channel_parameters(const sk_shape *s, const float *packed, int32_t c) {
    return packed + c / BLOCK * block_floats(s) + c % BLOCK;
}

/// Where a tile's results go: `at` is the index of the first column's channel 0.
typedef struct destination {
    const sk_shape *shape;
    const float *residual; // null: none
    float *out;
    size_t at;
    int32_t columns;       // that exist
} destination;

LANES_INLINE void store_column(const destination *to, int32_t column, int32_t c, lanes acc, lanes_activation f) {
    size_t at = to->at + (size_t)column * to->shape->out_c + c;
    if (to->residual) acc = lanes_add(acc, lanes_load(to->residual + at));
    acc = lanes_activate(acc, f);
    int32_t left = to->shape->out_c - c;
    if (left >= LANES) lanes_store(to->out + at, acc);
    else lanes_store_first(to->out + at, left, acc);
}

// MARK: - Square kernels without dilation

/// `columns` outputs of one row, over channels [c_begin, c_end). rows[ky] is input column 0 of the tile under kernel row ky, for rows inside the
/// picture. With `edge`, columns may be outside it: inputs[ky][j] then is where column j is read.
/// Inputs are read once for all columns they count in, one kernel row after the other, so that each accumulator keeps the order ky, kx.
LANES_INLINE void tile(const destination *to, const float *packed, const float *const *rows, const float *const (*inputs)[MAX_INPUTS], int32_t ky_begin,
                       int32_t ky_end, int32_t c_begin, int32_t c_end, const int kernel, const int stride, const int columns, const bool edge) {
    const sk_shape *s = to->shape;
    lanes_activation f = lanes_activation_of(s);
    size_t step = s->in_c;
    for (int32_t c = c_begin; c < c_end; c += LANES) {
        const float *w = channel_parameters(s, packed, c);
        lanes acc[COLUMNS], weight[MAX_KERNEL];
        LANES_UNROLL
        for (int i = 0; i < columns; i++) acc[i] = lanes_load(w);
        w += (1 + ky_begin * kernel) * BLOCK;
        for (int32_t ky = ky_begin; ky < ky_end; ky++, w += kernel * BLOCK) {
            LANES_UNROLL
            for (int kx = 0; kx < kernel; kx++) weight[kx] = lanes_load(w + kx * BLOCK);
            LANES_UNROLL
            for (int j = 0; j < (columns - 1) * stride + kernel; j++) {
                lanes x = lanes_load((edge ? inputs[ky][j] : rows[ky] + j * step) + c);
                LANES_UNROLL
                for (int kx = 0; kx < kernel; kx++) {
                    int i = (j - kx) / stride;
                    if (j >= kx && (j - kx) % stride == 0 && i < columns) acc[i] = lanes_fma(x, weight[kx], acc[i]);
                }
            }
        }
        LANES_UNROLL
        for (int i = 0; i < columns; i++)
            if (!edge || i < to->columns) store_column(to, i, c, acc[i], f);
    }
}

/// One output row, in tiles.
LANES_INLINE void square_row(const sk_call *call, int32_t row, int32_t c_begin, int32_t c_end, const int kernel, const int stride) {
    const sk_shape *s = call->shape;
    const float *packed = call->packed, *zeros = packed + blocks(s) * block_floats(s);
    sk_window first = sk_window_at(s, row * s->out_w);
    for (int32_t column = 0; column < s->out_w; column += COLUMNS) {
        destination to = {s, s->residual ? call->in2 : NULL, call->out, ((size_t)row * s->out_w + column) * s->out_c, sk_min(COLUMNS, s->out_w - column)};
        int32_t x = column * stride - s->pad_left, width = (COLUMNS - 1) * stride + kernel;
        const float *rows[MAX_KERNEL] = {NULL};
        for (int32_t ky = first.ky_begin; ky < first.ky_end; ky++)
            rows[ky] = (const float *)call->in + ((ptrdiff_t)((first.picture * s->in_h + first.y + ky) * s->in_w) + x) * s->in_c;
        if (x >= 0 && x + width <= s->in_w && to.columns == COLUMNS) {
            tile(&to, packed, rows, NULL, first.ky_begin, first.ky_end, c_begin, c_end, kernel, stride, COLUMNS, false);
            continue;
        }
        const float *inputs[MAX_KERNEL][MAX_INPUTS];
        for (int32_t ky = first.ky_begin; ky < first.ky_end; ky++)
            for (int32_t j = 0; j < width; j++)
                inputs[ky][j] = x + j >= 0 && x + j < s->in_w ? rows[ky] + (ptrdiff_t)j * s->in_c : zeros;
        tile(&to, packed, rows, (const float *const(*)[MAX_INPUTS])inputs, first.ky_begin, first.ky_end, c_begin, c_end, kernel, stride, COLUMNS, true);
    }
}

#define SQUARE(kernel, stride) \
    LANES_TARGET static void row_##kernel##x##kernel##_##stride(const sk_call *call, int32_t row, int32_t c_begin, int32_t c_end) { \
        square_row(call, row, c_begin, c_end, kernel, stride); \
    }
SQUARE(3, 1) SQUARE(3, 2) SQUARE(5, 1) SQUARE(5, 2)

// MARK: - Everything else

LANES_TARGET static void row_of_any(const sk_call *call, int32_t row, int32_t c_begin, int32_t c_end) {
    const sk_shape *s = call->shape;
    const float *in = call->in;
    lanes_activation f = lanes_activation_of(s);
    for (int32_t column = 0; column < s->out_w; column++) {
        int32_t position = row * s->out_w + column;
        destination to = {s, s->residual ? call->in2 : NULL, call->out, (size_t)position * s->out_c, 1};
        sk_window window = sk_window_at(s, position);
        for (int32_t c = c_begin; c < c_end; c += LANES) {
            const float *w = channel_parameters(s, call->packed, c);
            lanes acc = lanes_load(w);
            for (int32_t ky = window.ky_begin; ky < window.ky_end; ky++)
                for (int32_t kx = window.kx_begin; kx < window.kx_end; kx++)
                    acc = lanes_fma(lanes_load(in + sk_window_offset(s, &window, ky, kx) + c), lanes_load(w + (1 + ky * s->kernel_w + kx) * BLOCK), acc);
            store_column(&to, 0, c, acc, f);
        }
    }
}

typedef void (*row_function)(const sk_call *call, int32_t row, int32_t c_begin, int32_t c_end);

static row_function row_function_for(const sk_shape *s) {
    bool square = s->kernel_h == s->kernel_w && s->stride_h == s->stride_w && s->dilation_h == 1 && s->dilation_w == 1;
    if (square && s->kernel_h == 3 && s->stride_h == 1) return row_3x3_1;
    if (square && s->kernel_h == 3 && s->stride_h == 2) return row_3x3_2;
    if (square && s->kernel_h == 5 && s->stride_h == 1) return row_5x5_1;
    if (square && s->kernel_h == 5 && s->stride_h == 2) return row_5x5_2;
    return row_of_any;
}

static bool supports(const sk_shape *shape) {
    (void)shape;
    return true;
}

/// Threads share the rows where there are plenty, else the blocks of channels.
LANES_TARGET static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    row_function compute_row = row_function_for(s);
    int32_t rows = s->batch * s->out_h, row_begin, row_end, c_begin, c_end;
    bool by_rows = (int64_t)sk_div_up(rows, parts) * blocks(s) <= (int64_t)sk_div_up(blocks(s), parts) * rows;
    sk_share(rows, 1, by_rows ? part : 0, by_rows ? parts : 1, &row_begin, &row_end);
    sk_share(s->out_c, BLOCK, by_rows ? 0 : part, by_rows ? 1 : parts, &c_begin, &c_end);
    if (c_begin == c_end) return;
    for (int32_t row = row_begin; row < row_end; row++) {
        compute_row(call, row, c_begin, c_end);
        if (!sk_has_exponential(s->activation)) continue;
        for (int32_t column = 0; column < s->out_w; column++) {
            float *x = (float *)call->out + ((size_t)row * s->out_w + column) * s->out_c;
            sk_exponential_row_f32(x + c_begin, c_end - c_begin, s->activation);
        }
    }
}
