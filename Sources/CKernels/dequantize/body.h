// DEQUANTIZE on vectors. The including file has chosen a vector type (../vectors/).
#include "../vectors/flat.h"

/// The parameters of one block's values, in their order; zero points as in memory.
typedef struct constants {
    int32_t zero[VEC_BYTES];
    float scale[VEC_BYTES];
} constants;

static uint64_t packed_bytes(const sk_shape *s) { return sk_product(flat_period(s), sizeof(constants)); }

static void pack(const sk_shape *s, const sk_params *params, void *packed) {
    constants *to = packed;
    for (int32_t block = 0; block < flat_period(s); block++, to++) {
        for (int i = 0; i < VEC_BYTES; i++) {
            int32_t c = flat_channel(s, block, i);
            to->zero[i] = params->in_zero[c] + SK_ACT_OFFSET;
            to->scale[i] = params->scale[c];
        }
    }
}

INLINE void compute(const void *packed, const void *in, const void *in2, void *out) {
    (void)in2;
    const constants *k = packed;
    for (int i = 0; i < 4; i++) {
        int at = i * LANES;
        vec q = vec_sub32(vec_widen8((const uint8_t *)in + at), vec_load(k->zero + at));
        lanes_store((float *)out + at, lanes_mul(vec_to_float(q), lanes_load(k->scale + at)));
    }
}

TARGET static void run(const sk_call *call, int part, int parts) {
    flat_share(compute, (flat_sizes){1, 0, sizeof(float), sizeof(constants)}, call, part, parts);
}

SK_DEFINE_KERNEL(KERNEL, .packed_bytes = packed_bytes, .pack = pack, .run = run);
