// DEPTHWISE_F32 on lanes (see vectors/lanes_*.h): lanes are channels, a tile is some columns of one output row.
//
// Packed, for each block of 16 channels: bias[16], then [ky][kx][16]; after all blocks as many zeros as there are channels, which columns
// outside the picture point at.
#include "../activation_f32/epilogue.h"
#include "../pool_f32/window.h"

enum {
    BLOCK = 16,
    COLUMNS = 7,                               // of a tile; all maps of a 224 x 224 network are multiples
    MAX_KERNEL = 5,
    MAX_STRIDE = 2,            // what the tiles are made for
    MAX_INPUTS = (COLUMNS - 1) * MAX_STRIDE + MAX_KERNEL,
};

static size_t block_floats(const sk_shape *s) { return (size_t)(1 + s->kernel_h * s->kernel_w) * BLOCK; }
static int32_t blocks(const sk_shape *s) { return sk_div_up(s->out_c, BLOCK); }

static uint64_t packed_bytes(const sk_shape *s) { return sk_product(blocks(s), (uint64_t)(block_floats(s) + BLOCK) * sizeof(float)); }

static void pack(const sk_shape *s, const sk_params *p, void *packed) {
    int32_t taps = s->kernel_h * s->kernel_w;
    memset(packed, 0, (size_t)packed_bytes(s));
    for (int32_t c = 0; c < s->out_c; c++) {
        float *block = (float *)packed + c / BLOCK * block_floats(s);
        block[c % BLOCK] = p->bias_f32[c];
        for (int32_t tap = 0; tap < taps; tap++) block[(1 + tap) * BLOCK + c % BLOCK] = p->weights_f32[(size_t)c * taps + tap];
    }
}

/// Channel c's bias; its weights follow BLOCK floats apart.
INLINE const float *channel_parameters(const sk_shape *s, const float *packed, int32_t c) {
    return packed + c / BLOCK * block_floats(s) + c % BLOCK;
}

/// Where the results of a tile go.
typedef struct destination {
    const float *residual; // of the first column's channel 0; null: none
    float *out;
    int32_t columns;       // that exist
    int32_t channels;      // from one column to the next
    sk_fused_activation activation;
} destination;

static destination destination_at(const sk_call *call, size_t position, int32_t columns) {
    size_t at = position * call->shape->out_c;
    return (destination){
        .residual = call->shape->residual ? (const float *)call->in2 + at : NULL,
        .out = (float *)call->out + at,
        .columns = columns,
        .channels = call->shape->out_c,
        .activation = sk_fused_activation_of(call->shape),
    };
}

/// Residual, activation, store, for the channels from `c` of `columns` columns; with `partial`, fewer of these may exist.
INLINE void finish(const destination *to, int32_t c, lanes *acc, const int columns, const bool partial) {
    const int32_t left = to->channels - c;
    const size_t step = to->channels;
    const lanes low = lanes_set(to->activation.low), high = lanes_set(to->activation.high);
    if (to->residual) {
        const float *residual = to->residual + c;
        UNROLL
        for (int i = 0; i < columns; i++)
            if (!partial || i < to->columns) acc[i] = lanes_add(acc[i], lanes_load(residual + i * step));
    }
    if (to->activation.hard_swish) {
        UNROLL
        for (int i = 0; i < columns; i++) acc[i] = lanes_hard_swish(acc[i]);
    } else {
        UNROLL
        for (int i = 0; i < columns; i++) acc[i] = lanes_min(high, lanes_max(low, acc[i]));
    }
    float *out = to->out + c;
    if (left >= LANES) {
        UNROLL
        for (int i = 0; i < columns; i++)
            if (!partial || i < to->columns) lanes_store(out + i * step, acc[i]);
    } else {
        UNROLL
        for (int i = 0; i < columns; i++)
            if (!partial || i < to->columns) lanes_store_first(out + i * step, left, acc[i]);
    }
}

// MARK: - Square kernels without dilation

/// `columns` outputs of one row, over channels [c_begin, c_end). rows[ky] is input column 0 of the tile under kernel row ky, for rows
/// inside the picture. With `edge`, columns may be outside it: inputs[ky][j] then is where column j is read.
/// Inputs are read once for all columns they count in, one kernel row after the other, so that each accumulator keeps the order ky, kx.
INLINE void tile(const sk_shape *s, const destination *to, const float *packed, const float *const *rows,
                 const float *const (*inputs)[MAX_INPUTS], int32_t ky_begin, int32_t ky_end, int32_t c_begin, int32_t c_end,
                 const int kernel, const int stride, const int columns, const bool edge) {
    size_t step = to->channels;
    for (int32_t c = c_begin; c < c_end; c += LANES) {
        const float *w = channel_parameters(s, packed, c);
        lanes acc[COLUMNS], weight[MAX_KERNEL];
        UNROLL
        for (int i = 0; i < columns; i++) acc[i] = lanes_load(w);
        w += (1 + ky_begin * kernel) * BLOCK;
        for (int32_t ky = ky_begin; ky < ky_end; ky++, w += kernel * BLOCK) {
            UNROLL
            for (int kx = 0; kx < kernel; kx++) weight[kx] = lanes_load(w + kx * BLOCK);
            UNROLL
            for (int j = 0; j < (columns - 1) * stride + kernel; j++) {
                lanes x = lanes_load((edge ? inputs[ky][j] : rows[ky] + j * step) + c);
                UNROLL
                for (int kx = 0; kx < kernel; kx++) {
                    int i = (j - kx) / stride;
                    if (j >= kx && (j - kx) % stride == 0 && i < columns) acc[i] = lanes_fma(x, weight[kx], acc[i]);
                }
            }
        }
        finish(to, c, acc, columns, edge);
    }
}

/// One output row, in tiles.
INLINE void square_row(const sk_call *call, int32_t row, int32_t c_begin, int32_t c_end, const int kernel, const int stride) {
    const sk_shape *s = call->shape;
    const float *packed = call->packed, *zeros = packed + blocks(s) * block_floats(s);
    sk_window first = sk_window_at(s, row * s->out_w);
    for (int32_t column = 0; column < s->out_w; column += COLUMNS) {
        destination to = destination_at(call, (size_t)row * s->out_w + column, sk_min(COLUMNS, s->out_w - column));
        int32_t x = column * stride - s->pad_left, width = (COLUMNS - 1) * stride + kernel;
        const float *rows[MAX_KERNEL] = {NULL};
        for (int32_t ky = first.ky_begin; ky < first.ky_end; ky++)
            rows[ky] = (const float *)call->in + ((ptrdiff_t)((first.picture * s->in_h + first.y + ky) * s->in_w) + x) * s->in_c;
        if (x >= 0 && x + width <= s->in_w && to.columns == COLUMNS) {
            tile(s, &to, packed, rows, NULL, first.ky_begin, first.ky_end, c_begin, c_end, kernel, stride, COLUMNS, false);
            continue;
        }
        const float *inputs[MAX_KERNEL][MAX_INPUTS];
        for (int32_t ky = first.ky_begin; ky < first.ky_end; ky++)
            for (int32_t j = 0; j < width; j++) inputs[ky][j] = x + j >= 0 && x + j < s->in_w ? rows[ky] + (ptrdiff_t)j * s->in_c : zeros;
        tile(s, &to, packed, rows, (const float *const(*)[MAX_INPUTS])inputs, first.ky_begin, first.ky_end, c_begin, c_end, kernel, stride,
             COLUMNS, true);
    }
}

#define SQUARE(kernel, stride)                                                                                                             \
    TARGET static void row_##kernel##x##kernel##_##stride(const sk_call *call, int32_t row, int32_t c_begin, int32_t c_end) {              \
        square_row(call, row, c_begin, c_end, kernel, stride);                                                                             \
    }
SQUARE(3, 1)
SQUARE(3, 2)
SQUARE(5, 1)
SQUARE(5, 2)

// MARK: - Everything else

TARGET static void row_of_any(const sk_call *call, int32_t row, int32_t c_begin, int32_t c_end) {
    const sk_shape *s = call->shape;
    const float *in = call->in;
    for (int32_t column = 0; column < s->out_w; column++) {
        int32_t position = row * s->out_w + column;
        destination to = destination_at(call, position, 1);
        sk_window window = sk_window_at(s, position);
        for (int32_t c = c_begin; c < c_end; c += LANES) {
            const float *w = channel_parameters(s, call->packed, c);
            lanes acc = lanes_load(w);
            for (int32_t ky = window.ky_begin; ky < window.ky_end; ky++)
                for (int32_t kx = window.kx_begin; kx < window.kx_end; kx++)
                    acc = lanes_fma(lanes_load(in + sk_window_offset(s, &window, ky, kx) + c),
                                    lanes_load(w + (1 + ky * s->kernel_w + kx) * BLOCK), acc);
            finish(&to, c, &acc, 1, false);
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

#ifndef TOO_NARROW
#define TOO_NARROW 0
#endif
static bool supports(const sk_shape *shape) { return shape->out_c > TOO_NARROW; }

/// Threads share the rows where there are plenty, else the blocks of channels.
TARGET static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    row_function compute_row = row_function_for(s);
    bool complete = sk_fused_activation_of(s).complete;
    int32_t rows = s->batch * s->out_h, row_begin, row_end, c_begin, c_end;
    bool by_rows = (int64_t)sk_div_up(rows, parts) * blocks(s) <= (int64_t)sk_div_up(blocks(s), parts) * rows;
    sk_share(rows, 1, by_rows ? part : 0, by_rows ? parts : 1, &row_begin, &row_end);
    sk_share(s->out_c, BLOCK, by_rows ? 0 : part, by_rows ? 1 : parts, &c_begin, &c_end);
    c_begin = sk_max(c_begin, call->channel_begin);
    c_end = sk_min(c_end, sk_channel_end(call));
    if (c_begin == c_end) return;
    for (int32_t row = row_begin; row < row_end; row++) {
        compute_row(call, row, c_begin, c_end);
        for (int32_t column = 0; column < s->out_w && !complete; column++) {
            float *x = (float *)call->out + ((size_t)row * s->out_w + column) * s->out_c + c_begin;
            lanes_activate_row(x, x, c_end - c_begin, s);
        }
    }
}

SK_DEFINE_KERNEL(KERNEL, .supports = supports, .packed_bytes = packed_bytes, .pack = pack, .run = run);
