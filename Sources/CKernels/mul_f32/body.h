// MUL_F32 on lanes: see vectors/lanes_*.h.
#ifndef TOO_NARROW
#define TOO_NARROW 0
#endif
static bool supports(const sk_shape *shape) { return !shape->gate || shape->out_c > TOO_NARROW; }

TARGET static void multiply_row(const float *in, const float *in2, float *out, int32_t count) {
    int32_t i = 0;
    for (; i + LANES <= count; i += LANES) lanes_store(out + i, lanes_mul(lanes_load(in + i), lanes_load(in2 + i)));
    if (i < count) lanes_store_first(out + i, count - i, lanes_mul(lanes_load(in + i), lanes_load(in2 + i)));
}

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const float *in = call->in, *in2 = call->in2;
    float *out = call->out;
    int32_t positions = s->out_h * s->out_w, begin, end;
    if (!s->gate) {
        sk_share(s->batch * positions * s->out_c, SK_ALIGNMENT / (int32_t)sizeof(float), part, parts, &begin, &end);
        multiply_row(in + begin, in2 + begin, out + begin, end - begin);
        return;
    }
    sk_share(s->batch * positions, 1, part, parts, &begin, &end);
    for (int32_t position = begin; position < end; position++) {
        size_t at = (size_t)position * s->out_c, at2 = (size_t)(position / positions) * s->out_c;
        multiply_row(in + at, in2 + at2, out + at, s->out_c);
    }
}

SK_DEFINE_KERNEL(KERNEL, .supports = supports, .run = run);
