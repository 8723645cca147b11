// The reference of POOL_S8: any window.
#include "../channels.h"

static sk_act pool_max(const sk_shape *s, const sk_act *in, int32_t top, int32_t bottom, int32_t left, int32_t right) {
    int32_t q = -128;
    for (int32_t y = top; y < bottom; y += s->dilation_h)
        for (int32_t x = left; x < right; x += s->dilation_w) q = sk_max(q, sk_load(in[((size_t)y * s->in_w + x) * s->in_c]));
    return sk_stored(q);
}

static sk_act pool_average(const sk_shape *s, const sk_channel *channel, const sk_act *in, int32_t top, int32_t bottom, int32_t left,
                           int32_t right) {
    int32_t acc = 0, inside = 0;
    for (int32_t y = top; y < bottom; y += s->dilation_h) {
        for (int32_t x = left; x < right; x += s->dilation_w) {
            acc += sk_load(in[((size_t)y * s->in_w + x) * s->in_c]) - channel->in_zero;
            inside++;
        }
    }
    int32_t n = s->pool_count_pad ? s->kernel_h * s->kernel_w : sk_max(inside, 1);
    float mean = (float)acc * (1.0f / (float)n);
    return sk_stored(sk_round_sat8(mean * channel->m, channel->out_zero));
}

/// The first position of a window that lies inside the picture: `start`, or `start` and as many steps as it takes.
static int32_t first_inside(int32_t start, int32_t step) { return start >= 0 ? start : start + sk_div_up(-start, step) * step; }

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const sk_channel *channels = call->packed;
    const sk_act *in = call->in;
    sk_act *out = call->out;

    int32_t begin, end; // output positions, over all pictures of the batch
    sk_share(s->batch * s->out_h * s->out_w, 1, part, parts, &begin, &end);
    for (int32_t position = begin; position < end; position++) {
        int32_t x = position % s->out_w, y = position / s->out_w % s->out_h, picture = position / (s->out_w * s->out_h);
        int32_t top = y * s->stride_h - s->pad_top, left = x * s->stride_w - s->pad_left;
        int32_t bottom = sk_min(top + (s->kernel_h - 1) * s->dilation_h + 1, s->in_h);
        int32_t right = sk_min(left + (s->kernel_w - 1) * s->dilation_w + 1, s->in_w);
        top = first_inside(top, s->dilation_h);
        left = first_inside(left, s->dilation_w);
        for (int32_t c = 0; c < s->out_c; c++) {
            const sk_act *map = in + (size_t)picture * s->in_h * s->in_w * s->in_c + c;
            out[(size_t)position * s->out_c + c] =
                s->pool_max ? pool_max(s, map, top, bottom, left, right) : pool_average(s, &channels[c], map, top, bottom, left, right);
        }
    }
}

SK_DEFINE_KERNEL(pool_s8__scalar, .packed_bytes = sk_channels_bytes, .pack = sk_channels_pack, .run = run);
