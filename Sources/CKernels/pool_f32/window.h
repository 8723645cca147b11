// Where a pooling or depthwise window lies: its taps inside the picture, and their addresses.
#ifndef CKERNELS_WINDOW_F32_H
#define CKERNELS_WINDOW_F32_H

#include "../internal.h"

typedef struct sk_window {
    int32_t picture, y, x;      // of the window's first tap, which may lie outside
    int32_t ky_begin, ky_end;   // the taps inside the picture
    int32_t kx_begin, kx_end;
    float factor;               // average: 1 / the number of taps that count
} sk_window;

/// The taps k of `kernel` with 0 <= first + k * dilation < size; begin = end when there are none.
SK_INLINE void sk_taps_inside(int32_t first, int32_t kernel, int32_t dilation, int32_t size, int32_t *begin, int32_t *end) {
    *begin = first < 0 ? sk_min(sk_div_up(-first, dilation), kernel) : 0;
    *end = first < size ? sk_min(sk_div_up(size - first, dilation), kernel) : 0;
    *end = sk_max(*begin, *end);
}

/// `position` counts the outputs of all pictures of the batch in row order.
SK_INLINE sk_window sk_window_at(const sk_shape *s, int32_t position) {
    sk_window w = {.picture = position / (s->out_w * s->out_h)};
    w.y = position / s->out_w % s->out_h * s->stride_h - s->pad_top;
    w.x = position % s->out_w * s->stride_w - s->pad_left;
    sk_taps_inside(w.y, s->kernel_h, s->dilation_h, s->in_h, &w.ky_begin, &w.ky_end);
    sk_taps_inside(w.x, s->kernel_w, s->dilation_w, s->in_w, &w.kx_begin, &w.kx_end);
    int32_t inside = (w.ky_end - w.ky_begin) * (w.kx_end - w.kx_begin);
    w.factor = 1.0f / (float)(s->pool_count_pad ? s->kernel_h * s->kernel_w : inside);
    return w;
}

/// Index of channel 0 of the input position under a tap that is inside the picture.
SK_INLINE size_t sk_window_offset(const sk_shape *s, const sk_window *w, int32_t ky, int32_t kx) {
    size_t y = w->y + ky * s->dilation_h, x = w->x + kx * s->dilation_w;
    return (((size_t)w->picture * s->in_h + y) * s->in_w + x) * s->in_c;
}

#endif
