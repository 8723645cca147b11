// GLOBAL_POOL_F32 on lanes: see vectors/lanes_*.h.
// Each channel's sum is one chain of additions; this many vectors of channels side by side hide its latency.
enum { VECTORS = 8 };

/// The means of `count` <= vectors * LANES channels; all vectors but the last are full.
INLINE void pool_columns(const float *in, size_t stride, int32_t positions, float *out, int32_t count, const int vectors) {
    lanes sum[VECTORS];
    UNROLL
    for (int v = 0; v < vectors; v++) sum[v] = lanes_set(0.0f);
    for (int32_t position = 0; position < positions; position++, in += stride) {
        UNROLL
        for (int v = 0; v < vectors; v++) sum[v] = lanes_add(sum[v], lanes_load(in + v * LANES));
    }
    lanes factor = lanes_set(1.0f / (float)positions);
    UNROLL
    for (int v = 0; v < vectors - 1; v++) lanes_store(out + v * LANES, lanes_mul(sum[v], factor));
    int last = vectors - 1;
    lanes_store_first(out + last * LANES, count - last * LANES, lanes_mul(sum[last], factor));
}

TARGET static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    int32_t positions = s->in_h * s->in_w, begin, end;
    sk_share(s->in_c, SK_ALIGNMENT / (int32_t)sizeof(float), part, parts, &begin, &end);
    begin = sk_max(begin, call->channel_begin);
    end = sk_min(end, sk_channel_end(call));
    for (int32_t picture = 0; picture < s->batch; picture++) {
        const float *in = (const float *)call->in + (size_t)picture * positions * s->in_c;
        float *out = (float *)call->out + (size_t)picture * s->in_c;
        int32_t c = begin;
        for (; end - c >= VECTORS * LANES; c += VECTORS * LANES)
            pool_columns(in + c, s->in_c, positions, out + c, VECTORS * LANES, VECTORS);
        for (; end - c > LANES; c += 2 * LANES) pool_columns(in + c, s->in_c, positions, out + c, sk_min(end - c, 2 * LANES), 2);
        if (c < end) pool_columns(in + c, s->in_c, positions, out + c, end - c, 1);
    }
}

SK_DEFINE_KERNEL(KERNEL, .run = run);
