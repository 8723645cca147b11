#ifndef INTERNAL_H
#define INTERNAL_H

#include <stddef.h>
#include <stdint.h>

typedef struct sha512 {
    uint64_t state[8];
    uint64_t count; // bytes so far
    uint8_t block[128];
} sha512;

void sha512_start(sha512 *hash);
void sha512_add(sha512 *hash, const void *bytes, size_t count);
void sha512_finish(sha512 *hash, uint8_t digest[64]);

#endif
