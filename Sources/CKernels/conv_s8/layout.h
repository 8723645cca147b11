// How a shape is laid out in the packed parameters and in scratch, and worked through: what packing and running must agree on. See
// driver.h.
#ifndef CKERNELS_CONV_S8_LAYOUT_H
#define CKERNELS_CONV_S8_LAYOUT_H

#include "driver.h"

/// Panels below this size stay in the first-level cache while rows pass by; larger ones stay while a chunk of rows passes.
#define RESIDENT_BYTES 20480

/// A *unit* is what is staged and shared out among threads: one position of a dense 1x1 convolution, else one row of an output.
typedef struct geometry {
    int32_t group_in, group_out;
    int32_t segments, segment_k, segment_padded; // inputs of a segment, and the same in whole groups
    int32_t panels;                              // per group
    int32_t last_channels;                       // of a group's last panel
    bool half;                                   // the last panel is half a panel
    size_t panel_bytes, group_bytes;
    size_t constants, offsets, padding, small;   // where they begin in the packed parameters; the weights come first
    uint64_t total;
    bool has_lines;                              // lines of the picture are staged, not rows of A
    int32_t units, unit_positions;
    int32_t line_pixels;
    size_t line_bytes, row_bytes;                // staged: from line to line, from one row of A to the next
    int32_t chunk_units;                         // staged at a time
    int32_t resident_units;                      // that pass by all panels while both stay in the first-level cache
} geometry;

/// For shapes whose sizes are too large, those that do not fit are the largest size_t, and no kernel may run.
geometry sk_conv_geometry(const conv_method *method, const sk_shape *shape);
/// Lines of the input under `units` output rows.
SK_INLINE int32_t line_count(const sk_shape *s, int32_t units) { return (units - 1) * s->stride_h + (s->kernel_h - 1) * s->dilation_h + 1; }

#endif
