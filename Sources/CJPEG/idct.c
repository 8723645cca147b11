#include "idct.h"

#include <stdbool.h>
#include <stdint.h>

// The beginning of libjpeg's `struct jpeg_inverse_dct` (jpegint.h, which is not installed): the same in every libjpeg since version 6.
typedef struct inverse_dct {
    void (*start_pass)(j_decompress_ptr jpeg);
    sj_idct methods[MAX_COMPONENTS];
} inverse_dct;

void sj_guard_idcts(j_decompress_ptr jpeg, sj_idcts *idcts, sj_idct guard) {
    inverse_dct *inverse = (inverse_dct *)jpeg->idct;
    for (int i = 0; i < jpeg->num_components; i++) {
        idcts->own[i] = inverse->methods[i];
        inverse->methods[i] = guard;
    }
}

// |pixel - 128| <= |F00| / 8 + sum of other |F| / 4. Up to 511 libjpeg's scalar code clamps (beyond, its table wraps around), and with
// |F00| + 2 * sum of other |F| <= 4088 the sums of the SIMD code's first pass, at most 4 * sqrt(2) times the sum of |F|, stay within 16
// bits.
#define LARGEST_SUM 4088

// The products fit: coefficients are -2^15 to 2^15 - 1, factors below 2^16. The sum fits since what alone is too much counts as no more.
static bool is_tame(const JCOEF *block, const UINT16 *factors) {
    uint32_t sum = 0;
    for (int row = 0; row < DCTSIZE2; row += DCTSIZE) {
        uint32_t of_row = 0;
        for (int i = row; i < row + DCTSIZE; i++) {
            int32_t value = (int32_t)block[i] * factors[i];
            uint32_t magnitude = value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
            of_row += magnitude < LARGEST_SUM ? magnitude : LARGEST_SUM;
        }
        sum += of_row;
    }
    int32_t first = (int32_t)block[0] * factors[0];
    uint32_t magnitude = first < 0 ? 0u - (uint32_t)first : (uint32_t)first;
    return magnitude <= LARGEST_SUM && 2 * sum - magnitude <= LARGEST_SUM;
}

#define FRACTION_BITS 13 // of the constants
#define PASS_BITS 2      // that the first pass leaves for the second

static int64_t descale(int64_t value, int bits) { return (value + ((int64_t)1 << (bits - 1))) >> bits; }

// Eight values at `in`, `step` apart, to `out`: Loeffler, Ligtenberg and Moschytz (ICASSP 1989), as in libjpeg's jidctint.c, to the bit.
// The constants are the paper's times 2^13.
static void invert_line(const int64_t *in, int64_t *out, int step, int bits) {
    int64_t z1 = (in[2 * step] + in[6 * step]) * 4433;
    int64_t even2 = z1 - in[6 * step] * 15137, even3 = z1 + in[2 * step] * 6270;
    int64_t even0 = (in[0] + in[4 * step]) * (1 << FRACTION_BITS), even1 = (in[0] - in[4 * step]) * (1 << FRACTION_BITS);
    int64_t sums[4] = {even0 + even3, even1 + even2, even1 - even2, even0 - even3};

    int64_t t0 = in[7 * step], t1 = in[5 * step], t2 = in[3 * step], t3 = in[step];
    int64_t z5 = (t0 + t2 + t1 + t3) * 9633;
    int64_t za = (t0 + t3) * -7373, zb = (t1 + t2) * -20995, zc = (t0 + t2) * -16069 + z5, zd = (t1 + t3) * -3196 + z5;
    int64_t odd[4] = {t3 * 12299 + za + zd, t2 * 25172 + zb + zc, t1 * 16819 + zb + zd, t0 * 2446 + za + zc};
    for (int i = 0; i < 4; i++) {
        out[i * step] = descale(sums[i] + odd[i], bits);
        out[(7 - i) * step] = descale(sums[i] - odd[i], bits);
    }
}

static void invert_exactly(const JCOEF *block, const UINT16 *factors, JSAMPARRAY rows, JDIMENSION column) {
    int64_t values[DCTSIZE2], lines[DCTSIZE2];
    for (int i = 0; i < DCTSIZE2; i++) values[i] = (int64_t)block[i] * factors[i];
    for (int x = 0; x < DCTSIZE; x++) invert_line(values + x, lines + x, DCTSIZE, FRACTION_BITS - PASS_BITS);
    for (int y = 0; y < DCTSIZE; y++) {
        int64_t line[DCTSIZE];
        invert_line(lines + y * DCTSIZE, line, 1, FRACTION_BITS + PASS_BITS + 3);
        for (int x = 0; x < DCTSIZE; x++) {
            int64_t sample = line[x] + CENTERJSAMPLE;
            rows[y][column + (JDIMENSION)x] = (JSAMPLE)(sample < 0 ? 0 : sample > MAXJSAMPLE ? MAXJSAMPLE : sample);
        }
    }
}

void sj_invert(const sj_idcts *idcts, j_decompress_ptr jpeg, jpeg_component_info *component, JCOEFPTR block, JSAMPARRAY rows,
               JDIMENSION column) {
    const UINT16 *factors = component->quant_table->quantval;
    if (is_tame(block, factors)) idcts->own[component->component_index](jpeg, component, block, rows, column);
    else invert_exactly(block, factors, rows, column);
}

#if SJ_STATIC_LIBJPEG
// libjpeg's own for processors without SIMD (JSIMD_FORCENONE=1), which shares an object with 38 KB of inverse DCTs for scaled pictures: see
// unreached.c. What it is called for is tame, so that this gives the same pixels.
void jpeg_idct_islow(j_decompress_ptr jpeg, jpeg_component_info *component, JCOEFPTR block, JSAMPARRAY rows, JDIMENSION column);
void jpeg_idct_islow(j_decompress_ptr jpeg, jpeg_component_info *component, JCOEFPTR block, JSAMPARRAY rows, JDIMENSION column) {
    (void)jpeg;
    invert_exactly(block, component->quant_table->quantval, rows, column);
}
#endif
