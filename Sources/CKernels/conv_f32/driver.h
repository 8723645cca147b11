// CONV_F32 but for its inner loops: which thread computes what, in which order, by which tile.
#ifndef CKERNELS_CONV_F32_DRIVER_H
#define CKERNELS_CONV_F32_DRIVER_H

#include "../activation_f32/activation.h"
#include "layout.h"

/// The work of one tile: some positions by one panel of output channels.
typedef struct sk_conv_tile {
    const sk_shape *shape;
    const float *const *pointers; // [segments][SK_F32_POINTERS]
    int32_t segments, length;
    size_t depth;
    const float *bias, *weights;  // of the panel's first column
    const float *residual;        // of the first position and column; null: none
    float *out;
    int32_t rows, columns;        // that exist: no more than the tile has. Tiles write the last row again for rows beyond it
    sk_fused_activation activation;
} sk_conv_tile;

/// A panel is `columns` output channels wide; its tiles differ in their number of positions, most first, ending in 1.
typedef struct sk_conv_panel {
    int32_t columns;
    struct {
        int32_t rows;
        void (*run)(const sk_conv_tile *tile);
    } tiles[6];
} sk_conv_panel;

/// What an instruction set brings.
typedef struct sk_conv_panels {
    const sk_conv_panel *widest_for_one; // for a single position: many columns, to hide the latency of their chains
    const sk_conv_panel *regular;
    const sk_conv_panel *endings;        // each takes exactly the columns that are left; the list ends with 0 columns
    void (*activate)(float *x, int32_t count, const sk_shape *s); // for what tiles do not do themselves
} sk_conv_panels;

static inline const sk_conv_panel *sk_conv_choose_panel(const sk_conv_panels *panels, int32_t rows, int32_t columns) {
    if (rows == 1 && columns >= panels->widest_for_one->columns) return panels->widest_for_one;
    for (const sk_conv_panel *ending = panels->endings; ending->columns; ending++)
        if (ending->columns == columns) return ending;
    return panels->regular;
}

/// The tile for the first of `rows` positions: the smallest that takes all, unless more than a quarter of it would be idle.
static inline int sk_conv_choose_tile(const sk_conv_panel *panel, int32_t rows) {
    int i = 0;
    while (panel->tiles[i].rows > 1 && rows * 4 < panel->tiles[i].rows * 3) i++;
    while (panel->tiles[i].rows > 1 && panel->tiles[i + 1].rows >= rows) i++;
    return i;
}

/// One panel over all positions of a block.
static inline void sk_conv_run_panel(const sk_conv_panels *panels, const sk_conv_panel *panel, sk_conv_tile tile, int32_t count) {
    const sk_shape *s = tile.shape;
    tile.activation = sk_fused_activation_of(s);
    for (int32_t row = 0; row < count;) {
        int i = sk_conv_choose_tile(panel, count - row);
        tile.rows = sk_min(panel->tiles[i].rows, count - row);
        panel->tiles[i].run(&tile);
        for (int32_t r = 0; r < tile.rows && !tile.activation.complete; r++)
            panels->activate(tile.out + (size_t)r * s->out_c, tile.columns, s);
        row += tile.rows;
        tile.pointers += tile.rows;
        tile.out += (size_t)tile.rows * s->out_c;
        if (tile.residual) tile.residual += (size_t)tile.rows * s->out_c;
    }
}

/// Threads share the positions, or the blocks of output channels where that balances better.
static inline void sk_conv_share(const sk_shape *s, const sk_conv_layout *l, int part, int parts, int32_t *row, int32_t *row_end,
                                 int32_t *block, int32_t *block_end) {
    int32_t rows = s->batch * s->out_h * s->out_w, granule = 7;
    int32_t blocks = s->groups * sk_div_up(l->columns, SK_F32_BLOCK), granules = sk_div_up(rows, granule);
    bool by_rows = (int64_t)sk_div_up(granules, parts) * blocks <= (int64_t)sk_div_up(blocks, parts) * granules;
    sk_share(rows, granule, by_rows ? part : 0, by_rows ? parts : 1, row, row_end);
    sk_share(blocks, 1, by_rows ? 0 : part, by_rows ? 1 : parts, block, block_end);
}

static inline void sk_conv_f32_run(const sk_call *call, int part, int parts, const sk_conv_panels *panels) {
    const sk_shape *s = call->shape;
    sk_conv_layout l = sk_conv_layout_of(s);
    char *scratch = (char *)call->scratch + (size_t)sk_conv_part_bytes(&l) * part;
    const float **pointers = (const float **)scratch;
    float *patches = (float *)(scratch + (size_t)sk_conv_pointer_bytes(&l));
    const float *zeros = (const float *)call->packed + l.zeros;

    int32_t row_begin, row_end, block_begin, block_end, blocks_per_group = sk_div_up(l.columns, SK_F32_BLOCK);
    sk_conv_share(s, &l, part, parts, &row_begin, &row_end, &block_begin, &block_end);
    if (call->channel_end) {
        block_begin = call->channel_begin / SK_F32_BLOCK;
        block_end = sk_div_up(call->channel_end, SK_F32_BLOCK);
    }
    for (int32_t row = row_begin; row < row_end; row += SK_F32_POSITIONS) {
        int32_t count = sk_min(row_end - row, SK_F32_POSITIONS);
        for (int32_t group = block_begin / blocks_per_group; group * blocks_per_group < block_end; group++) {
            const float *in = (const float *)call->in + group * l.group_in;
            const float *bias = (const float *)call->packed + group * l.group_floats, *weights = bias + l.weights;
            sk_conv_point(s, &l, in, zeros, row, count, pointers, patches);

            int32_t column = sk_max(block_begin - group * blocks_per_group, 0) * SK_F32_BLOCK;
            int32_t end = sk_min((block_end - group * blocks_per_group) * SK_F32_BLOCK, l.columns);
            while (column < end) {
                const sk_conv_panel *panel = sk_conv_choose_panel(panels, count, end - column);
                size_t at = (size_t)row * s->out_c + group * l.group_out + column;
                sk_conv_tile tile = {
                    .shape = s,
                    .pointers = pointers,
                    .segments = l.segments,
                    .length = l.length,
                    .depth = l.depth,
                    .bias = bias + column,
                    .weights = weights + column * l.depth,
                    .residual = s->residual ? (const float *)call->in2 + at : NULL,
                    .out = (float *)call->out + at,
                    .columns = sk_min(panel->columns, l.group_out - column),
                };
                sk_conv_run_panel(panels, panel, tile, count);
                column += panel->columns;
            }
        }
    }
}

/// Defines the kernel `name` (see SK_DEFINE_KERNEL) that runs by `panels` the shapes that `supported` takes; NULL: all.
#define CONV_F32_KERNEL(name, panels, supported)                                                                                           \
    static void run(const sk_call *call, int part, int parts) { sk_conv_f32_run(call, part, parts, &panels); }                             \
    SK_DEFINE_KERNEL(name, .supports = supported, .packed_bytes = sk_conv_f32_packed_bytes, .pack = sk_conv_f32_pack,                      \
                     .scratch_bytes = sk_conv_f32_scratch_bytes, .run = run)

#endif
