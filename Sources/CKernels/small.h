// *Small* channels, panels and layers: those whose results, less the zero point, are below SK_SMALL_BOUND whatever the input, as nearly all
// are in a network. They fit in 16 bits, which saves their epilogue instructions. What is not small is *large*.
#ifndef CKERNELS_SMALL_H
#define CKERNELS_SMALL_H

#include "internal.h"

/// What is below this stays within 16 bits when it is rounded and a zero point is added.
#define SK_SMALL_BOUND 32000.0f

/// The lowest and the highest sum of an output, whatever the input.
typedef struct sk_sum_range {
    int64_t lowest, highest;
} sk_sum_range;

/// The range of bias + sum of weights[i] * q_in over `count` weights of one output channel.
SK_INLINE sk_sum_range sk_sum_range_of(const int8_t *weights, int32_t count, int32_t bias) {
    sk_sum_range range = {bias, bias};
    for (const int8_t *weight = weights; weight < weights + count; weight++) {
        range.lowest += *weight * (*weight > 0 ? -128 : 127);
        range.highest += *weight * (*weight > 0 ? 127 : -128);
    }
    return range;
}

/// The largest magnitude in a range.
SK_INLINE float sk_largest(sk_sum_range range) { return (float)(range.highest > -range.lowest ? range.highest : -range.lowest); }

#endif
