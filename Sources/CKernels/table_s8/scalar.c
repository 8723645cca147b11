// TABLE_S8: a load a value. It serves every instruction set: byte look-ups of 256 entries gain nothing from vectors that lack them.
#include "../channels.h"

static uint64_t packed_bytes(const sk_shape *shape) { return sk_product(256, shape->table_per_channel ? shape->out_c : 1); }

/// Turns the index and the entries from q + 128 into what memory holds.
static void pack(const sk_shape *shape, const sk_params *params, void *packed) {
    sk_act *to = packed;
    for (size_t start = 0; start < packed_bytes(shape); start += 256)
        for (int32_t q = -128; q < 128; q++) to[start + (uint8_t)sk_stored(q)] = sk_stored(params->table[start + (size_t)(q + 128)] - 128);
}

static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const sk_act *table = call->packed;
    const uint8_t *in = call->in;
    sk_act *out = call->out;
    int64_t count = (int64_t)sk_input_count(s);
    int64_t begin = count * part / parts, end = count * (part + 1) / parts;
    if (!s->table_per_channel) {
        for (int64_t i = begin; i < end; i++) out[i] = table[in[i]];
        return;
    }
    int32_t c = (int32_t)(begin % s->in_c);
    for (int64_t i = begin; i < end; i++) {
        out[i] = table[(size_t)c * 256 + in[i]];
        c = c + 1 == s->in_c ? 0 : c + 1;
    }
}

SK_DEFINE_KERNEL(table_s8__scalar, .packed_bytes = packed_bytes, .pack = pack, .run = run);
