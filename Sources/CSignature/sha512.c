// SHA-512 (FIPS 180-4), of a message in parts.
#include "internal.h"

#include <string.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

// The first 64 bits of the fractional parts of the cube roots of the first 80 primes.
static const uint64_t constants[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019,
    0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3,
    0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
    0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b, 0xa2bfe8a14cf10364, 0xa81a664bbc423001,
    0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb,
    0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c, 0xd186b8c721c0c207,
    0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a,
    0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static uint64_t rotated(uint64_t x, int bits) { return x >> bits | x << (64 - bits); }

static uint64_t load(const uint8_t *bytes) {
    uint64_t x = 0;
    for (int i = 0; i < 8; i++) x = x << 8 | bytes[i];
    return x;
}

static void process(uint64_t state[8], const uint8_t *block) {
    uint64_t w[80], s[8];
    for (int i = 0; i < 16; i++) w[i] = load(block + 8 * i);
    for (int i = 16; i < 80; i++) {
        uint64_t a = rotated(w[i - 15], 1) ^ rotated(w[i - 15], 8) ^ w[i - 15] >> 7;
        uint64_t b = rotated(w[i - 2], 19) ^ rotated(w[i - 2], 61) ^ w[i - 2] >> 6;
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 80; i++) {
        uint64_t e = s[4], a = s[0];
        uint64_t sum = s[7] + (rotated(e, 14) ^ rotated(e, 18) ^ rotated(e, 41)) + ((e & s[5]) ^ (~e & s[6])) + constants[i] + w[i];
        uint64_t other = (rotated(a, 28) ^ rotated(a, 34) ^ rotated(a, 39)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += sum;
        s[0] = sum + other;
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
}

void sha512_start(sha512 *hash) {
    // The first 64 bits of the fractional parts of the square roots of the first eight primes.
    static const uint64_t start[8] = {
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    };
    memcpy(hash->state, start, sizeof start);
    hash->count = 0;
}

void sha512_add(sha512 *hash, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    for (; count > 0; count--) {
        hash->block[hash->count++ % 128] = *next++;
        if (hash->count % 128 == 0) process(hash->state, hash->block);
    }
}

void sha512_finish(sha512 *hash, uint8_t digest[64]) {
    uint64_t bits = hash->count * 8; // fewer than 2^64: the length's upper half is 0
    sha512_add(hash, "\x80", 1);
    while (hash->count % 128 != 112) sha512_add(hash, "", 1);
    for (int i = 120; i >= 0; i -= 8) {
        uint8_t byte = i < 64 ? (uint8_t)(bits >> i) : 0;
        sha512_add(hash, &byte, 1);
    }
    for (int i = 0; i < 64; i++) digest[i] = (uint8_t)(hash->state[i / 8] >> (56 - i % 8 * 8));
}

#pragma clang attribute pop

#pragma clang attribute pop
