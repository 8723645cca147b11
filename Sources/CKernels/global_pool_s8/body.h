// GLOBAL_POOL_S8 on vectors. The including file has chosen a vector type (../vectors/).
// A thread takes whole blocks of VEC_BYTES channels. Where several pixels fit into a vector, they are summed side by side first.
#include "../channels.h"
#include "../vectors/quads.h"

/// The parameters of one block's channels: in quad order, the zero points in halves. Channels that do not exist have 0.
typedef struct constants {
    int32_t bias[VEC_BYTES]; // -SK_ACT_OFFSET * positions included
    float m[VEC_BYTES];
    int16_t out_zero[VEC_BYTES];
} constants;

#ifndef TOO_NARROW
#define TOO_NARROW 0
#endif
static bool supports(const sk_shape *shape) { return shape->in_c > TOO_NARROW; }

static uint64_t packed_bytes(const sk_shape *s) { return sk_product(sk_div_up(s->in_c, VEC_BYTES), sizeof(constants)); }

static void pack(const sk_shape *s, const sk_params *params, void *packed) {
    constants *to = packed;
    memset(packed, 0, (size_t)packed_bytes(s));
    for (int32_t c = 0; c < s->in_c; c++) {
        constants *block = &to[c / VEC_BYTES];
        int byte = c % VEC_BYTES;
        block->bias[quad_index(byte)] = params->bias[c] - SK_ACT_OFFSET * s->in_h * s->in_w;
        block->m[quad_index(byte)] = params->multiplier[c];
        block->out_zero[half_index(byte)] = params->out_zero[c] + SK_ACT_OFFSET;
    }
}

/// sums += the bytes at `pixels`, at `pixels` + step, ... in quads.
INLINE void sum_bytes(const uint8_t *pixels, size_t step, int32_t count, vec sums[4]) {
    while (count > 0) {
        int32_t run = sk_min(count, VEC_MAX_SUMMED);
        vec halves[2] = {vec_zero(), vec_zero()}, quads[4];
        for (int32_t i = 0; i < run; i++, pixels += step) {
            vec x = vec_load(pixels);
            halves[0] = vec_add_act_lo(halves[0], x);
            halves[1] = vec_add_act_hi(halves[1], x);
        }
        halves_to_quads(halves, quads);
        for (int quad = 0; quad < 4; quad++) sums[quad] = vec_add32(sums[quad], quads[quad]);
        count -= run;
    }
}

/// Sums of a picture whose pixels fit into a vector several times over, folded to one pixel's channels.
INLINE void sum_narrow(const uint8_t *pixels, int32_t channels, int32_t positions, vec sums[4]) {
    int32_t per_vector = VEC_BYTES / channels, vectors = positions / per_vector;
    int32_t wide[VEC_BYTES], narrow[VEC_BYTES] = {0};
    sum_bytes(pixels, (size_t)per_vector * channels, vectors, sums);
    for (int quad = 0; quad < 4; quad++) vec_store(wide + quad * LANES, sums[quad]);
    for (int byte = 0; byte < per_vector * channels; byte++) narrow[quad_index(byte % channels)] += wide[quad_index(byte)];
    for (int32_t i = vectors * per_vector * channels; i < positions * channels; i++) narrow[quad_index(i % channels)] += (sk_act)pixels[i];
    for (int quad = 0; quad < 4; quad++) sums[quad] = vec_load(narrow + quad * LANES);
}

TARGET static void run(const sk_call *call, int part, int parts) {
    const sk_shape *s = call->shape;
    const constants *packed = call->packed;
    int32_t blocks = sk_div_up(s->in_c, VEC_BYTES), positions = s->in_h * s->in_w, begin, end;
    sk_share(s->batch * blocks, 1, part, parts, &begin, &end);
    for (int32_t i = begin; i < end; i++) {
        int32_t picture = i / blocks, block = i % blocks;
        if (block * VEC_BYTES < call->channel_begin || block * VEC_BYTES >= sk_channel_end(call)) continue;
        int32_t channels = sk_min(s->in_c - block * VEC_BYTES, VEC_BYTES);
        const constants *k = &packed[block];
        const uint8_t *pixels = (const uint8_t *)call->in + (size_t)picture * positions * s->in_c + block * VEC_BYTES;
        uint8_t *out = (uint8_t *)call->out + (size_t)picture * s->in_c + block * VEC_BYTES;

        vec sums[4] = {vec_zero(), vec_zero(), vec_zero(), vec_zero()};
        if (s->in_c <= VEC_BYTES / 2) sum_narrow(pixels, s->in_c, positions, sums);
        else sum_bytes(pixels, s->in_c, positions, sums);
        for (int quad = 0; quad < 4; quad++) {
            int at = quad * LANES;
            vec acc = vec_add32(sums[quad], vec_load(k->bias + at));
            sums[quad] = vec_round(lanes_mul(vec_to_float(acc), lanes_load(k->m + at)));
        }
        vec bytes = quads_to_bytes(sums, k->out_zero);
        if (channels == VEC_BYTES) {
            vec_store(out, bytes);
        } else {
            uint8_t buffer[VEC_BYTES];
            vec_store(buffer, bytes);
            memcpy(out, buffer, channels);
        }
    }
}

SK_DEFINE_KERNEL(KERNEL, .supports = supports, .packed_bytes = packed_bytes, .pack = pack, .run = run);
