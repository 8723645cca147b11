// What the fast CONV_S8 kernels share: any convolution as a product of matrices, A (positions x inputs) times B (inputs x outputs).
//
// A row of A is the window of one output position, in *segments*: the inputs under one row of the kernel, which lie next to each other in a
// line of the picture (under one tap, where the kernel is dilated). A 1x1 convolution with stride 1 has one segment, and A is the input
// itself. Otherwise lines of the picture are copied into scratch, padding around them, and neighboring positions' rows of A overlap there.
//
// B is packed into panels of `lanes` output channels: panel[k / k_group][lane][k % k_group], each segment filled up to whole groups, with
// zeros there and beyond the last channel. A tile function multiplies some rows with one to three neighboring panels and writes finished
// outputs; the driver decides which rows and panels, in which order.
#ifndef CKERNELS_CONV_S8_DRIVER_H
#define CKERNELS_CONV_S8_DRIVER_H

#include "../internal.h"

/// Channels of the widest panel.
#define CONV_MAX_LANES 16
/// Panels that any tile function takes at most.
#define CONV_MAX_WIDTH 3

typedef enum conv_form { CONV_LINEAR, CONV_RESIDUAL, CONV_HARD_SWISH } conv_form;

/// What the epilogue of one panel reads. Bias and zero points are in memory's terms (SK_ACT_OFFSET folded in).
typedef struct conv_constants {
    int32_t bias[CONV_MAX_LANES];
    float multiplier[CONV_MAX_LANES];
    float second[CONV_MAX_LANES]; // hard-swish: out_factor; residual: in2_multiplier
    int32_t out_zero[CONV_MAX_LANES];
    int32_t in2_zero[CONV_MAX_LANES];
} conv_constants;

/// Some rows of A times some panels.
typedef struct conv_tile {
    const char *a;
    size_t a_stride; // bytes from row to row
    const size_t *segments; // where each begins, in bytes from the row's begin
    int32_t segment_count;
    int32_t k_groups; // of a segment
    const int8_t *panel;
    size_t panel_bytes;
    const conv_constants *constants;
    const sk_act *in2; // for CONV_RESIDUAL
    sk_act *out;
    size_t out_stride; // also in2's
    int32_t last_channels; // of the last panel: fewer than `lanes` at the end of a group
    conv_form form;
    bool small; // the panel is: see conv_method
} conv_tile;

/// One instruction set's way.
typedef struct conv_method {
    int32_t lanes;
    int32_t k_group;
    bool half_panel; // a last panel of at most lanes / 2 channels is packed, and handed over, as half a panel
    int32_t rows; // of the usual tile; shares and chunks of a 1x1 convolution are multiples of it
    int32_t width; // panels that `multiply` takes at most
    int32_t a_bytes; // of one value of A; 1: as in memory, 2: widened to int16 in scratch
    /// There is a shorter epilogue for *small* panels, whose sums are in [-2^22, 2^22) and whose results, less the zero point, fit in 16
    /// bits, whatever the input.
    bool small_panels;
    int32_t small_bias; // is added to the biases of small panels
    /// Multiplies `rows` rows with `width` panels, the last of which may be half a panel.
    void (*multiply)(const conv_tile *tile, int32_t rows, int32_t width, bool half);
    /// Widens `count` values (rounded up to 32: both sides have room). Null when a_bytes is 1.
    void (*widen)(const sk_act *values, int16_t *wide, int32_t count);
} conv_method;

uint64_t sk_conv_s8_packed_bytes(const conv_method *method, const sk_shape *shape);
void sk_conv_s8_pack(const conv_method *method, const sk_shape *shape, const sk_params *params, void *packed);
uint64_t sk_conv_s8_scratch_bytes(const conv_method *method, const sk_shape *shape, int parts);
void sk_conv_s8_run(const conv_method *method, const sk_call *call, int part, int parts);

/// Defines the kernel `name` (see SK_DEFINE_KERNEL) that runs any convolution by `method`.
#define CONV_S8_KERNEL(name, method)                                                                                                       \
    static uint64_t packed_bytes(const sk_shape *shape) { return sk_conv_s8_packed_bytes(&method, shape); }                                \
    static void pack(const sk_shape *shape, const sk_params *params, void *packed) { sk_conv_s8_pack(&method, shape, params, packed); }    \
    static uint64_t scratch_bytes(const sk_shape *shape, int parts) { return sk_conv_s8_scratch_bytes(&method, shape, parts); }            \
    static void run(const sk_call *call, int part, int parts) { sk_conv_s8_run(&method, call, part, parts); }                              \
    SK_DEFINE_KERNEL(name, .packed_bytes = packed_bytes, .pack = pack, .scratch_bytes = scratch_bytes, .run = run)

#endif
