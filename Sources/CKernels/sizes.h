// Byte counts of what is not allocated yet, in 64 bits on every machine. A count that does not fit in them is SK_TOO_LARGE, and whatever is
// added to it or multiplied by it stays beyond every ceiling: one comparison at the end of a computation is enough
// (Sources/SwiftletRuntime/Sizes has the ceilings).
//
// Offsets inside a block are size_t: they are exact wherever the block's size is below the ceilings, all of which an address can hold. The
// same holds for int32_t products of a kernel's loops that count values or positions of a tensor: no tensor of a batch has 2^31 of them.
#ifndef CKERNELS_SIZES_H
#define CKERNELS_SIZES_H

#include "CKernels.h"

#define SK_SIZE static inline __attribute__((always_inline, unused))

SK_SIZE uint64_t sk_sum(uint64_t a, uint64_t b) {
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? SK_TOO_LARGE : sum;
}

SK_SIZE uint64_t sk_product(uint64_t a, uint64_t b) {
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? SK_TOO_LARGE : product;
}

/// `size` up to a multiple of `granule`, a power of two.
SK_SIZE uint64_t sk_padded(uint64_t size, uint64_t granule) {
    uint64_t end = sk_sum(size, granule - 1);
    return end == SK_TOO_LARGE ? SK_TOO_LARGE : end & ~(granule - 1);
}

/// As a distance between addresses; the largest there is, which is beyond every ceiling too, where `bytes` is none.
SK_SIZE size_t sk_distance(uint64_t bytes) { return bytes < SIZE_MAX ? (size_t)bytes : SIZE_MAX; }

#endif
