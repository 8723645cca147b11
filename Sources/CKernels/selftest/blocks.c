// The self-test's random numbers and guarded memory.
#define _GNU_SOURCE // posix_memalign
#include "selftest.h"

#include <stdlib.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

// SplitMix64 (Steele, Lea, Flood 2014).
uint32_t sk_random_bits(sk_random *random) {
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}

int32_t sk_random_int(sk_random *random, int32_t low, int32_t high) {
    return low + (int32_t)(sk_random_bits(random) % (uint32_t)(high - low + 1));
}

float sk_random_float(sk_random *random, float low, float high) {
    return low + (high - low) * ((float)(sk_random_bits(random) >> 8) * 0x1p-24f);
}

#define GUARD(i) ((char)(0xa5 ^ (i) * 29))

static sk_block make(size_t bytes, size_t shift, sk_random *random) {
    void *memory = NULL;
    if (posix_memalign(&memory, SK_ALIGNMENT, SK_ALIGNMENT + shift + bytes + SK_SLACK) != 0) abort();
    sk_block block = {(char *)memory + SK_ALIGNMENT + shift, bytes, shift};
    for (size_t i = 0; i < bytes; i++) block.data[i] = (char)sk_random_bits(random);
    for (int i = 0; i < SK_ALIGNMENT; i++) block.data[i - SK_ALIGNMENT] = GUARD(i);
    for (int i = 0; i < SK_SLACK; i++) block.data[bytes + i] = GUARD(i);
    return block;
}

sk_block sk_block_make(size_t bytes, sk_random *random) { return make(bytes, 0, random); }

sk_block sk_tensor_make(size_t bytes, size_t element, sk_random *random) {
    bool aligned = sk_random_bits(random) & 1;
    return make(bytes, aligned ? 0 : element * sk_random_int(random, 0, SK_ALIGNMENT / (int32_t)element - 1), random);
}

void sk_block_free(sk_block *block) {
    if (block->data) free(block->data - block->shift - SK_ALIGNMENT);
    block->data = NULL;
}

bool sk_block_intact(const sk_block *block) {
    for (int i = 0; i < SK_ALIGNMENT; i++)
        if (block->data[i - SK_ALIGNMENT] != GUARD(i)) return false;
    for (int i = 0; i < SK_SLACK; i++)
        if (block->data[block->bytes + i] != GUARD(i)) return false;
    return true;
}

uint64_t sk_block_sum(const sk_block *block) {
    uint64_t sum = 0xcbf29ce484222325u; // FNV-1a
    for (size_t i = 0; block->data && i < block->bytes; i++) sum = (sum ^ (uint8_t)block->data[i]) * 0x100000001b3u;
    return sum;
}

#pragma clang attribute pop
