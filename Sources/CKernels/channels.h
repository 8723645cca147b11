// The packed form of the scalar element-wise and depthwise kernels: one record a channel.
#ifndef CKERNELS_CHANNELS_H
#define CKERNELS_CHANNELS_H

#include "internal.h"

typedef struct sk_channel {
    int32_t bias;
    float m, k, in2_m;
    int32_t in_zero, in2_zero, out_zero;
    float scale, offset;
} sk_channel;

SK_INLINE uint64_t sk_channels_bytes(const sk_shape *shape) {
    return sk_padded(sk_product(sizeof(sk_channel), shape->out_c), SK_ALIGNMENT);
}

/// Fills in what the operator names in `params`, 0 elsewhere.
SK_INLINE void sk_channels_pack(const sk_shape *shape, const sk_params *params, void *packed) {
    sk_channel *channels = packed;
    for (int32_t c = 0; c < shape->out_c; c++) {
        channels[c] = (sk_channel){
            .bias = params->bias ? params->bias[c] : 0,
            .m = params->multiplier ? params->multiplier[c] : 0,
            .k = params->out_factor ? params->out_factor[c] : 0,
            .in2_m = params->in2_multiplier ? params->in2_multiplier[c] : 0,
            .in_zero = params->in_zero ? params->in_zero[c] : 0,
            .in2_zero = params->in2_zero ? params->in2_zero[c] : 0,
            .out_zero = params->out_zero ? params->out_zero[c] : 0,
            .scale = params->scale ? params->scale[c] : 0,
            .offset = params->offset ? params->offset[c] : 0,
        };
    }
}

/// Values of one tensor of `shape`, the batch included.
SK_INLINE size_t sk_input_count(const sk_shape *shape) { return (size_t)shape->batch * shape->in_h * shape->in_w * shape->in_c; }

#endif
