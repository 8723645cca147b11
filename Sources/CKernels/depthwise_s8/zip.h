// Zipping the input columns of a panel into scratch memory.

/// A panel's stretch of the output row (and of each further segment: `output_columns` to the right of the one before).
typedef struct stretch {
    panel panel;
    int32_t output_columns;
    int32_t full;             // outputs up to here exist in all segments
    int32_t begin, end;       // the chunk of its outputs at hand
    const uint8_t *padding;   // the padding row, from the panel's first channel
} stretch;

INLINE void zip_store(const vec rows[DOT_TAPS], char *to) {
    vec lo = vec_zip_lo8(rows[0], rows[1]), hi = vec_zip_hi8(rows[0], rows[1]);
#if DOT_TAPS == 4
    vec lo2 = vec_zip_lo8(rows[2], rows[3]), hi2 = vec_zip_hi8(rows[2], rows[3]);
    vec_store(to, vec_zip_lo16(lo, lo2));
    vec_store(to + VEC_BYTES, vec_zip_hi16(lo, lo2));
    vec_store(to + 2 * VEC_BYTES, vec_zip_lo16(hi, hi2));
    vec_store(to + 3 * VEC_BYTES, vec_zip_hi16(hi, hi2));
#else
    vec_store(to, vec_widen_act_lo(lo));
    vec_store(to + VEC_BYTES, vec_widen_act_hi(lo));
    vec_store(to + 2 * VEC_BYTES, vec_widen_act_lo(hi));
    vec_store(to + 3 * VEC_BYTES, vec_widen_act_hi(hi));
#endif
}

/// Zips a column of which some segments are in the picture and some may not be.
INLINE void zip_edge(const sk_shape *s, const stretch *stretch, const uint8_t *const rows[DOT_TAPS], int units, int32_t column, char *to) {
    vec taps[DOT_TAPS];
    for (int tap = 0; tap < DOT_TAPS; tap++) {
        const uint8_t *p[UNITS];
        int32_t x = stretch->begin * s->stride_w - s->pad_left + column;
        for (int segment = 0; segment < UNITS / units; segment++, x += stretch->output_columns * s->stride_w)
            p[segment] = x >= 0 && x < s->in_w ? rows[tap] + (size_t)x * s->in_c : stretch->padding;
        taps[tap] = vec_gather_units(p, units);
    }
    zip_store(taps, to);
}

/// Zips the columns of one group of taps. `column_bytes`: from one column to the next.
INLINE void zip_group(const sk_shape *s, const stretch *stretch, const uint8_t *const rows[DOT_TAPS], int units, size_t column_bytes,
                      char *to) {
    int32_t segment_width = stretch->output_columns * s->stride_w, columns = columns_of(s, stretch->end - stretch->begin);
    // All segments are inside the picture from column `inside` to column `outside`.
    int32_t left = stretch->begin * s->stride_w - s->pad_left;
    int32_t inside = sk_min(sk_max(-left, 0), columns);
    int32_t outside = sk_max(sk_min(s->in_w - left - (UNITS / units - 1) * segment_width, columns), inside);
    for (int32_t i = 0; i < inside; i++) zip_edge(s, stretch, rows, units, i, to + i * column_bytes);
    for (int32_t i = outside; i < columns; i++) zip_edge(s, stretch, rows, units, i, to + i * column_bytes);

    size_t at[UNITS]; // of the segments' pixels in a row
    for (int segment = 0; segment < UNITS / units; segment++) at[segment] = ((size_t)segment * segment_width + left + inside) * s->in_c;
    char *end = to + outside * column_bytes;
    for (to += inside * column_bytes; to < end; to += column_bytes) {
        vec taps[DOT_TAPS];
        for (int tap = 0; tap < DOT_TAPS; tap++) {
            const uint8_t *p[UNITS];
            for (int segment = 0; segment < UNITS / units; segment++) p[segment] = rows[tap] + at[segment];
            taps[tap] = vec_gather_units(p, units);
        }
        zip_store(taps, to);
        for (int segment = 0; segment < UNITS / units; segment++) at[segment] += s->in_c;
    }
}

/// Input row `y` of `picture`, from the panel's first channel; the padding row outside the picture.
static inline const uint8_t *input_row(const sk_shape *s, const stretch *stretch, const uint8_t *picture, int32_t y) {
    bool inside = y >= 0 && y < s->in_h;
    return inside ? picture + (size_t)y * s->in_w * s->in_c + stretch->panel.first : stretch->padding;
}

/// Zips what the output rows from `out_y` on need of `picture`.
TARGET static void zip_columns(const sk_shape *s, const plan *p, const stretch *stretch, const uint8_t *picture, int32_t out_y,
                               char *columns) {
    int32_t needed = (p->rows - 1) * s->stride_h + s->kernel_h;
    for (int32_t group = 0; group < p->groups; group++, columns += 4 * VEC_BYTES) {
        const uint8_t *rows[DOT_TAPS];
        for (int tap = 0; tap < DOT_TAPS; tap++) {
            int32_t row = group * DOT_TAPS + tap, y = out_y * s->stride_h - s->pad_top + row * s->dilation_h;
            rows[tap] = row < needed ? input_row(s, stretch, picture, y) : stretch->padding;
        }
        size_t column_bytes = (size_t)p->groups * 4 * VEC_BYTES;
        switch (stretch->panel.units) {
        case 1: zip_group(s, stretch, rows, 1, column_bytes, columns); break;
#if UNITS == 4
        case 2: zip_group(s, stretch, rows, 2, column_bytes, columns); break;
#endif
        default: zip_group(s, stretch, rows, UNITS, column_bytes, columns);
        }
    }
}
