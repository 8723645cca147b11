// Verification of Ed25519 signatures (RFC 8032). All of it is public, so that nothing needs to take constant time: small and readable
// comes first. A verification takes milliseconds.
#include "CSignature.h"
#include "internal.h"

#include <string.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

// Small comes before fast: this is a board's program.
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

// ---- Numbers modulo p = 2^255 - 19: the sum of f[i] * 2^(16 i). Sums and differences of carried numbers may be multiplied.

typedef int64_t field[16];
typedef uint16_t constant[16];

static const constant curve_d = {0x78a3, 0x1359, 0x4dca, 0x75eb, 0xd8ab, 0x4141, 0x0a4d, 0x0070,
                                 0xe898, 0x7779, 0x4079, 0x8cc7, 0xfe73, 0x2b6f, 0x6cee, 0x5203};
static const constant curve_2d = {0xf159, 0x26b2, 0x9b94, 0xebd6, 0xb156, 0x8283, 0x149a, 0x00e0,
                                  0xd130, 0xeef3, 0x80f2, 0x198e, 0xfce7, 0x56df, 0xd9dc, 0x2406};
static const constant root_of_minus_1 = {0xa0b0, 0x4a0e, 0x1b27, 0xc4ee, 0xe478, 0xad2f, 0x1806, 0x2f43,
                                         0xd7a7, 0x3dfb, 0x0099, 0x2b4d, 0xdf0b, 0x4fc1, 0x2480, 0x2b83};
static const constant base_x = {0xd51a, 0x8f25, 0x2d60, 0xc956, 0xa7b2, 0x9525, 0xc760, 0x692c,
                                0xdc5c, 0xfdd6, 0xe231, 0xc0a4, 0x53fe, 0xcd6e, 0x36d3, 0x2169};
static const constant base_y = {0x6658, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666,
                                0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666};

static void set(field to, const constant from) {
    for (int i = 0; i < 16; i++) to[i] = from[i];
}

static void set_small(field to, int64_t value) {
    memset(to, 0, sizeof(field));
    to[0] = value;
}

// Brings all but the lowest digit into 16 bits; 2^256 is 38.
static void carry(field f) {
    for (int i = 0; i < 16; i++) {
        int64_t above = f[i] >> 16;
        f[i] -= above * 65536;
        f[(i + 1) % 16] += i == 15 ? 38 * above : above;
    }
}

static void add(field to, const field a, const field b) {
    for (int i = 0; i < 16; i++) to[i] = a[i] + b[i];
}

static void subtract(field to, const field a, const field b) {
    for (int i = 0; i < 16; i++) to[i] = a[i] - b[i];
}

// `to` may be `a` or `b`.
static void multiply(field to, const field a, const field b) {
    int64_t product[31] = {0};
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 16; j++) product[i + j] += a[i] * b[j];
    for (int i = 0; i < 15; i++) product[i] += 38 * product[i + 16];
    memcpy(to, product, sizeof(field));
    carry(to);
    carry(to);
}

// a to the power of 2^bits - less, where `less` is below 32 and odd. `to` must not be `a`.
static void power(field to, const field a, int bits, int less) {
    set_small(to, 1);
    for (int i = bits - 1; i >= 0; i--) {
        multiply(to, to, to);
        // 2^bits - less has ones from bit 5 on, below them those of 32 - less.
        if (i >= 5 || ((32 - less) >> i & 1) != 0) multiply(to, to, a);
    }
}

// The least number that is congruent, 255 bits little-endian.
static void pack(uint8_t bytes[32], const field a) {
    field f;
    memcpy(f, a, sizeof f);
    for (int i = 0; i < 3; i++) carry(f);
    for (int i = 0; i < 2; i++) {
        field reduced;
        int64_t borrow = 0;
        for (int j = 0; j < 16; j++) {
            int64_t digit = f[j] - (j == 0 ? 0xffed : j == 15 ? 0x7fff : 0xffff) - borrow;
            borrow = digit < 0;
            reduced[j] = digit + borrow * 65536;
        }
        if (borrow == 0) memcpy(f, reduced, sizeof f);
    }
    for (int i = 0; i < 32; i++) bytes[i] = (uint8_t)(f[i / 2] >> (i % 2 * 8));
}

static bool are_equal(const field a, const field b) {
    uint8_t x[32], y[32];
    pack(x, a);
    pack(y, b);
    return memcmp(x, y, sizeof x) == 0;
}

static bool is_odd(const field a) {
    uint8_t bytes[32];
    pack(bytes, a);
    return (bytes[0] & 1) != 0;
}

// ---- Points of the curve -x^2 + y^2 = 1 + d x^2 y^2, in extended coordinates: x = X / Z, y = Y / Z, x y = T / Z.

typedef struct point {
    field x, y, z, t;
} point;

// RFC 8032, 5.1.4; also where both are the same. `to` may be `p` or `q`.
static void add_points(point *to, const point *p, const point *q) {
    field a, b, c, d, e, f;
    subtract(a, p->y, p->x);
    subtract(e, q->y, q->x);
    multiply(a, a, e);
    add(b, p->y, p->x);
    add(e, q->y, q->x);
    multiply(b, b, e);
    set(e, curve_2d);
    multiply(c, p->t, q->t);
    multiply(c, c, e);
    multiply(d, p->z, q->z);
    add(d, d, d);
    subtract(e, b, a);
    subtract(f, d, c);
    add(d, d, c);
    add(b, b, a);
    multiply(to->x, e, f);
    multiply(to->y, b, d);
    multiply(to->z, d, f);
    multiply(to->t, e, b);
}

// -P of the point whose y and sign of x `bytes` are; false where there is none on the curve.
static bool unpack_negative(point *p, const uint8_t bytes[32]) {
    field numerator, denominator, check, root;
    for (int i = 0; i < 16; i++) p->y[i] = bytes[2 * i] + 256 * (bytes[2 * i + 1] & (i == 15 ? 127 : 255));
    set_small(p->z, 1);
    multiply(numerator, p->y, p->y);
    set(denominator, curve_d);
    multiply(denominator, numerator, denominator);
    subtract(numerator, numerator, p->z);   // y^2 - 1
    add(denominator, denominator, p->z);    // d y^2 + 1
    // x = u v^3 (u v^7)^((p - 5) / 8), times the root of -1 where x^2 v is -u
    multiply(check, denominator, denominator);
    multiply(p->x, check, denominator);
    multiply(p->x, p->x, numerator);        // u v^3
    multiply(check, check, check);
    multiply(check, check, p->x);           // u v^7
    power(root, check, 252, 3);
    multiply(p->x, p->x, root);
    for (int i = 0;; i++) {
        multiply(check, p->x, p->x);
        multiply(check, check, denominator);
        if (are_equal(check, numerator)) break;
        if (i == 1) return false;
        set(root, root_of_minus_1);
        multiply(p->x, p->x, root);
    }
    if (is_odd(p->x) == (bytes[31] >> 7 != 0)) {
        set_small(root, 0);
        subtract(p->x, root, p->x);
        carry(p->x);
    }
    multiply(p->t, p->x, p->y);
    return true;
}

static void pack_point(uint8_t bytes[32], const point *p) {
    field inverse, x, y;
    power(inverse, p->z, 255, 21);
    multiply(x, p->x, inverse);
    multiply(y, p->y, inverse);
    pack(bytes, y);
    bytes[31] |= (uint8_t)(is_odd(x) << 7);
}

// ---- Numbers modulo the group's order, L.

static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                  0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

static bool is_below_order(const uint8_t bytes[32]) {
    for (int i = 31; i >= 0; i--)
        if (bytes[i] != order[i]) return bytes[i] < order[i];
    return false;
}

// 512 bits modulo L, bit by bit: twice what there is, and the next bit, less L where that is not below it.
static void reduce(uint8_t result[32], const uint8_t bytes[64]) {
    memset(result, 0, 32);
    for (int bit = 511; bit >= 0; bit--) {
        int carried = bytes[bit / 8] >> bit % 8 & 1;
        for (int i = 0; i < 32; i++) {
            carried += 2 * result[i];
            result[i] = (uint8_t)carried;
            carried >>= 8;
        }
        if (is_below_order(result)) continue;
        int borrow = 0;
        for (int i = 0; i < 32; i++) {
            borrow = result[i] - order[i] - borrow;
            result[i] = (uint8_t)borrow;
            borrow = borrow < 0;
        }
    }
}

bool sg_verify(const uint8_t key[32], const uint8_t signature[64], const void *message, size_t count) {
    const uint8_t *scalar = signature + 32;
    point negative_key, base, sum;
    // A scalar that is not reduced would be a second signature of the same message.
    if (!is_below_order(scalar) || !unpack_negative(&negative_key, key)) return false;
    sha512 hash;
    uint8_t digest[64], factor[32], result[32];
    sha512_start(&hash);
    sha512_add(&hash, signature, 32);
    sha512_add(&hash, key, 32);
    sha512_add(&hash, message, count);
    sha512_finish(&hash, digest);
    reduce(factor, digest);

    set(base.x, base_x);
    set(base.y, base_y);
    set_small(base.z, 1);
    multiply(base.t, base.x, base.y);
    // S B - h A must be R, which a signature gives in its packed form.
    set_small(sum.x, 0);
    set_small(sum.y, 1);
    set_small(sum.z, 1);
    set_small(sum.t, 0);
    for (int bit = 252; bit >= 0; bit--) {
        add_points(&sum, &sum, &sum);
        if ((scalar[bit / 8] >> bit % 8 & 1) != 0) add_points(&sum, &sum, &base);
        if ((factor[bit / 8] >> bit % 8 & 1) != 0) add_points(&sum, &sum, &negative_key);
    }
    pack_point(result, &sum);
    return memcmp(result, signature, sizeof result) == 0;
}

#pragma clang attribute pop

#pragma clang attribute pop
