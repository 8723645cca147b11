// QUANTIZE on vectors. The including file has chosen a vector type (../vectors/).
#include "../vectors/flat.h"

/// The parameters of one block's values, in their order.
typedef struct constants {
    float scale[VEC_BYTES], offset[VEC_BYTES];
} constants;

static uint64_t packed_bytes(const sk_shape *s) { return sk_product(flat_period(s), sizeof(constants)); }

static void pack(const sk_shape *s, const sk_params *params, void *packed) {
    constants *to = packed;
    for (int32_t block = 0; block < flat_period(s); block++, to++) {
        for (int i = 0; i < VEC_BYTES; i++) {
            int32_t c = flat_channel(s, block, i);
            to->scale[i] = params->scale[c];
            to->offset[i] = params->offset[c];
        }
    }
}

INLINE void compute(const void *packed, const void *in, const void *in2, void *out) {
    (void)in2;
    const constants *k = packed;
    vec q[4];
    for (int i = 0; i < 4; i++) {
        int at = i * LANES;
        lanes t = lanes_add(lanes_mul(lanes_load((const float *)in + at), lanes_load(k->scale + at)), lanes_load(k->offset + at));
        t = lanes_min(lanes_max(t, lanes_set(-512.0f)), lanes_set(512.0f)); // in this order, so that a NaN is -512
        q[i] = vec_round(t);
    }
    vec zero = vec_broadcast16(SK_ACT_OFFSET);
    vec_store(out, vec_order_packed(halves_to_bytes(quads_to_half(q[0], q[1], zero), quads_to_half(q[2], q[3], zero))));
}

TARGET static void run(const sk_call *call, int part, int parts) {
    flat_share(compute, (flat_sizes){sizeof(float), 0, 1, sizeof(constants)}, call, part, parts);
}

SK_DEFINE_KERNEL(KERNEL, .packed_bytes = packed_bytes, .pack = pack, .run = run);
