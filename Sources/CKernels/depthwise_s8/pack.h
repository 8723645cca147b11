// The packed parameters of the vector kernels:
// [padding row: the input's width of padding pixels, and a vector of slack], then a record for each panel:
//     weights  [group][kernel_w][4 quads] vectors, a lane holding DOT_TAPS vertical taps, zeros below the kernel
//     constants

/// In quad order; `zero` in halves, SK_ACT_OFFSET included.
typedef struct constants {
    int32_t bias[4 * LANES];
    float m[4 * LANES], k[4 * LANES];
    int16_t zero[VEC_BYTES];
} constants;

static size_t padding_bytes(const sk_shape *s) { return sk_round_up((size_t)s->in_w * s->in_c, SK_ALIGNMENT) + 64; }
static size_t record_bytes(const plan *p) { return p->weights + sizeof(constants); }

static bool supports(const sk_shape *s) { return !s->residual; }

static uint64_t packed_bytes(const sk_shape *s) {
    plan p = plan_of(s, DOT_TAPS, VEC_BYTES);
    return sk_sum(padding_bytes(s), sk_product(panel_count(s->out_c, UNITS), record_bytes(&p)));
}

static void pack_panel(const sk_shape *s, const sk_params *params, const plan *p, panel panel, char *record) {
    int8_t *weights = (int8_t *)record;
    constants *to = (constants *)(record + p->weights);
    for (int byte = 0; byte < VEC_BYTES; byte++) {
        int at = quad_index(byte), quad = at / LANES, lane = at % LANES;
        int32_t c = panel.first + byte % (panel.units * 16);
        if (c >= s->out_c) continue; // the panel is one of fewer than 16 channels
        int32_t sum = 0;
        for (int32_t ky = 0; ky < s->kernel_h; ky++) {
            for (int32_t kx = 0; kx < s->kernel_w; kx++) {
                int8_t w = params->weights[((size_t)c * s->kernel_h + ky) * s->kernel_w + kx];
                size_t vector = ((size_t)(ky / DOT_TAPS) * s->kernel_w + kx) * 4 + quad;
                int8_t *taps = weights + vector * VEC_BYTES + lane * 4;
                if (DOT_TAPS == 4) taps[ky % 4] = w;
                else ((int16_t *)taps)[ky % 2] = w;
                sum += w;
            }
        }
        to->bias[at] = params->bias[c] - SK_ACT_OFFSET * sum;
        to->m[at] = params->multiplier[c];
        to->k[at] = s->activation == SK_HARD_SWISH ? params->out_factor[c] : 0;
        to->zero[half_index(byte)] = params->out_zero[c] + SK_ACT_OFFSET;
    }
}

static void pack(const sk_shape *s, const sk_params *params, void *packed) {
    plan p = plan_of(s, DOT_TAPS, VEC_BYTES);
    memset(packed, 0, (size_t)packed_bytes(s));
    for (int32_t i = 0; i < s->in_w * s->in_c; i++) ((sk_act *)packed)[i] = sk_stored(params->in_zero[i % s->in_c]);
    char *record = (char *)packed + padding_bytes(s);
    for (int32_t i = 0; i < panel_count(s->out_c, UNITS); i++, record += record_bytes(&p))
        pack_panel(s, params, &p, panel_at(s->out_c, UNITS, i), record);
}
