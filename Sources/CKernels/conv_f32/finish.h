// What AVX2's and NEON's tiles end with. Included after lanes and MAX_ROWS, MAX_VECTORS are defined.
#ifndef CKERNELS_CONV_F32_FINISH_H
#define CKERNELS_CONV_F32_FINISH_H

#include "../activation_f32/epilogue.h"
#include "driver.h"

/// Residual, activation, store: row by row, so that the stores spread among the arithmetic.
INLINE void finish(const sk_conv_tile *t, lanes (*acc)[MAX_VECTORS], const int rows, const int vectors) {
    const lanes low = lanes_set(t->activation.low), high = lanes_set(t->activation.high);
    const bool hard_swish = t->activation.hard_swish, full = t->columns == vectors * LANES;
    const size_t stride = t->shape->out_c;
    const float *residual = t->residual;
    float *out = t->out;
    UNROLL
    for (int r = 0; r < rows; r++) {
        if (residual) {
            UNROLL
            for (int v = 0; v < vectors; v++) acc[r][v] = lanes_add(acc[r][v], lanes_load(residual + v * LANES));
            residual += r + 1 < t->rows ? stride : 0;
        }
        if (hard_swish) {
            UNROLL
            for (int v = 0; v < vectors; v++) acc[r][v] = lanes_hard_swish(acc[r][v]);
        } else {
            UNROLL
            for (int v = 0; v < vectors; v++) acc[r][v] = lanes_min(high, lanes_max(low, acc[r][v]));
        }
        UNROLL
        for (int v = 0; v < vectors; v++) {
            if (full) lanes_store(out + v * LANES, acc[r][v]);
            else if (t->columns > v * LANES) lanes_store_first(out + v * LANES, sk_min(t->columns - v * LANES, LANES), acc[r][v]);
        }
        out += r + 1 < t->rows ? stride : 0;
    }
}

#endif
