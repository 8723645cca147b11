// ADD_S8 on vectors. The including file has chosen a vector type (../vectors/).
#include "../vectors/flat.h"

/// The parameters of one block's values: zero points as in memory; all in quad order but the output's zero points, which are in halves.
typedef struct constants {
    int32_t in_zero[VEC_BYTES], in2_zero[VEC_BYTES];
    float m[VEC_BYTES], in2_m[VEC_BYTES];
    int16_t out_zero[VEC_BYTES];
} constants;

static uint64_t packed_bytes(const sk_shape *s) { return sk_product(flat_period(s), sizeof(constants)); }
static uint64_t scratch_bytes(const sk_shape *s, int parts) { return sk_product(flat_gate_bytes(s), parts); }

static void pack(const sk_shape *s, const sk_params *params, void *packed) {
    constants *to = packed;
    for (int32_t block = 0; block < flat_period(s); block++, to++) {
        for (int byte = 0; byte < VEC_BYTES; byte++) {
            int32_t c = flat_channel(s, block, byte);
            to->in_zero[quad_index(byte)] = params->in_zero[c] + SK_ACT_OFFSET;
            to->in2_zero[quad_index(byte)] = params->in2_zero[c] + SK_ACT_OFFSET;
            to->m[quad_index(byte)] = params->multiplier[c];
            to->in2_m[quad_index(byte)] = params->in2_multiplier[c];
            to->out_zero[half_index(byte)] = params->out_zero[c] + SK_ACT_OFFSET;
        }
    }
}

/// f(q - zero) * m of one quad.
INLINE lanes scaled(vec q, const int32_t *zero, const float *m) {
    return lanes_mul(vec_to_float(vec_sub32(q, vec_load(zero))), lanes_load(m));
}

INLINE void compute(const void *packed, const void *in, const void *in2, void *out) {
    const constants *k = packed;
    vec halves[2], a[4], b[4];
    bytes_to_halves(vec_load(in), halves);
    halves_to_quads(halves, a);
    bytes_to_halves(vec_load(in2), halves);
    halves_to_quads(halves, b);
    for (int quad = 0; quad < 4; quad++) {
        int at = quad * LANES;
        a[quad] = vec_round(lanes_add(scaled(a[quad], k->in_zero + at, k->m + at), scaled(b[quad], k->in2_zero + at, k->in2_m + at)));
    }
    vec_store(out, quads_to_bytes(a, k->out_zero));
}

TARGET static void run(const sk_call *call, int part, int parts) {
    flat_share(compute, (flat_sizes){1, 1, 1, sizeof(constants)}, call, part, parts);
}

SK_DEFINE_KERNEL(KERNEL, .packed_bytes = packed_bytes, .pack = pack, .scratch_bytes = scratch_bytes, .run = run);
