// MUL_S8 on x86's vectors. The including file has chosen a vector type (../vectors/).
#include "../vectors/flat.h"

/// The parameters of one block's values: zero points in halves (as in memory), the inputs' negated; multipliers in quad order.
typedef struct constants {
    int16_t minus_in_zero[VEC_BYTES], minus_in2_zero[VEC_BYTES], out_zero[VEC_BYTES];
    float m[VEC_BYTES];
} constants;

static uint64_t packed_bytes(const sk_shape *s) { return sk_product(flat_period(s), sizeof(constants)); }
static uint64_t scratch_bytes(const sk_shape *s, int parts) { return sk_product(flat_gate_bytes(s), parts); }

static void pack(const sk_shape *s, const sk_params *params, void *packed) {
    constants *to = packed;
    for (int32_t block = 0; block < flat_period(s); block++, to++) {
        for (int byte = 0; byte < VEC_BYTES; byte++) {
            int32_t c = flat_channel(s, block, byte);
            to->minus_in_zero[half_index(byte)] = -(params->in_zero[c] + SK_ACT_OFFSET);
            to->minus_in2_zero[half_index(byte)] = -(params->in2_zero[c] + SK_ACT_OFFSET);
            to->out_zero[half_index(byte)] = params->out_zero[c] + SK_ACT_OFFSET;
            to->m[quad_index(byte)] = params->multiplier[c];
        }
    }
}

INLINE void compute(const void *packed, const void *in, const void *in2, void *out) {
    const constants *k = packed;
    vec x = vec_load(in), y = vec_load(in2), quads[4];
    vec a = vec_add_act_lo(vec_load(k->minus_in_zero), x), b = vec_add_act_lo(vec_load(k->minus_in2_zero), y);
    quads[0] = vec_mul_widen_lo(a, b);
    quads[1] = vec_mul_widen_hi(a, b);
    a = vec_add_act_hi(vec_load(k->minus_in_zero + LANES * 2), x);
    b = vec_add_act_hi(vec_load(k->minus_in2_zero + LANES * 2), y);
    quads[2] = vec_mul_widen_lo(a, b);
    quads[3] = vec_mul_widen_hi(a, b);
    for (int quad = 0; quad < 4; quad++) quads[quad] = vec_round(lanes_mul(vec_to_float(quads[quad]), lanes_load(k->m + quad * LANES)));
    vec_store(out, quads_to_bytes(quads, k->out_zero));
}

TARGET static void run(const sk_call *call, int part, int parts) {
    flat_share(compute, (flat_sizes){1, 1, 1, sizeof(constants)}, call, part, parts);
}

SK_DEFINE_KERNEL(KERNEL, .packed_bytes = packed_bytes, .pack = pack, .scratch_bytes = scratch_bytes, .run = run);
