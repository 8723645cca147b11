// How the vector kernels of DEPTHWISE_S8 cut a layer up. Nothing here depends on an instruction set but the vector's size.
//
// Channels go in units of 16, a vector holds UNITS of them. A panel is 1, 2 or 4 units of neighboring channels; where it is narrower
// than a vector, the vector's segments take several stretches of the output row at once, so that 16 channels cost no more than their
// share. Every panel but one of fewer than 16 channels reads and writes whole units: the last ones reach back over channels that the
// panel before has computed too, instead of past the end.
#ifndef CKERNELS_DEPTHWISE_PLAN_H
#define CKERNELS_DEPTHWISE_PLAN_H

#include "../internal.h"

typedef struct panel {
    int32_t first;     // channel
    int32_t covered;   // by the panels before it: first, or more where this one reaches back
    int32_t next;      // covered with this one
    int32_t units;     // 16 channels each
    int32_t segments;  // UNITS / units
} panel;

static inline panel panel_after(int32_t channels, int32_t covered, int32_t units_per_vector) {
    int32_t wanted = sk_div_up(channels - covered, 16), units = units_per_vector;
    bool reaches_back = units == 4 && wanted == 3 && channels >= 64; // better than a panel of two and one of one
    while (units > 1 && (units * 16 > channels || (units > wanted && !reaches_back))) units /= 2;
    int32_t first = sk_max(sk_min(covered, channels - units * 16), 0);
    return (panel){first, covered, first + units * 16, units, units_per_vector / units};
}

static inline int32_t panel_count(int32_t channels, int32_t units_per_vector) {
    int32_t count = 0;
    for (int32_t covered = 0; covered < channels; count++) covered = panel_after(channels, covered, units_per_vector).next;
    return count;
}

static inline panel panel_at(int32_t channels, int32_t units_per_vector, int32_t index) {
    panel p = panel_after(channels, 0, units_per_vector);
    while (index-- > 0) p = panel_after(channels, p.next, units_per_vector);
    return p;
}

enum {
    TILE = 7,                 // neighboring outputs computed side by side; the networks' maps are multiples of 7 wide
    ZIPPED_BYTES = 16 * 1024, // of columns at a time: half of a first-level cache
};

/// Input columns that `outputs` neighboring outputs see.
static inline int32_t columns_of(const sk_shape *s, int32_t outputs) {
    return (outputs - 1) * s->stride_w + (s->kernel_w - 1) * s->dilation_w + 1;
}

/// What follows from the shape alone. The vertical taps of a column are multiplied `taps` at a time (one 32-bit lane), which leaves room
/// for input rows below the kernel: output rows that fit share the zipped columns and differ in how far their weights are shifted.
typedef struct plan {
    int32_t taps;       // input rows per 32-bit lane: 4 bytes, or 2 16-bit values
    int32_t groups;     // lanes that cover a kernel column
    int32_t rows;       // output rows that one set of zipped columns serves
    int32_t chunk;      // outputs of a row that are computed from one set of zipped columns
    int32_t columns;    // zipped, of a chunk
    size_t weights;     // bytes, of one output row and panel
} plan;

static inline plan plan_of(const sk_shape *s, int32_t taps, size_t vector_bytes) {
    plan p = {.taps = taps};
    p.groups = sk_div_up(s->kernel_h, taps);
    p.rows = s->dilation_h == 1 ? (p.groups * taps - s->kernel_h) / s->stride_h + 1 : 1;
    p.rows = sk_min(p.rows, s->out_h);
    int32_t affordable = (int32_t)(ZIPPED_BYTES / (p.groups * 4 * vector_bytes * s->stride_w)) / TILE
    *TILE;
    p.chunk = sk_min(sk_max(affordable, TILE), s->out_w);
    p.columns = columns_of(s, p.chunk);
    p.weights = (size_t)p.groups * s->kernel_w * 4 * vector_bytes;
    return p;
}

#endif
