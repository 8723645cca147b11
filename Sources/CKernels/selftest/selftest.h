// What the self-test's parts share: random numbers and guarded memory (blocks.c), random shapes
// (shapes.c) and values (cases.c), the comparison of kernels on them (selftest.c).
#ifndef CKERNELS_SELFTEST_H
#define CKERNELS_SELFTEST_H

#include "CKernels.h"

typedef struct sk_random {
    uint64_t state;
} sk_random;

uint32_t sk_random_bits(sk_random *random);
/// Uniform in [low, high].
int32_t sk_random_int(sk_random *random, int32_t low, int32_t high);
float sk_random_float(sk_random *random, float low, float high);
/// True once in `n` times.
static inline bool sk_one_in(sk_random *random, int n) { return sk_random_bits(random) % (uint32_t)n == 0; }

/// A tensor or parameter array between guards: [SK_ALIGNMENT of pattern][bytes][SK_SLACK of pattern], nothing readable beyond.
typedef struct sk_block {
    char *data;
    size_t bytes;
    size_t shift; // of data from an aligned address
} sk_block;

/// Random contents at an aligned address.
sk_block sk_block_make(size_t bytes, sk_random *random);
/// Random contents at any multiple of `element` bytes, as a tensor may begin.
sk_block sk_tensor_make(size_t bytes, size_t element, sk_random *random);
void sk_block_free(sk_block *block);
/// Whether both guards still hold their pattern.
bool sk_block_intact(const sk_block *block);
/// A hash of the bytes between the guards.
uint64_t sk_block_sum(const sk_block *block);

enum { SK_CASE_PARAMETERS = 13 };

/// One random problem: a shape, parameters, inputs.
typedef struct sk_case {
    sk_shape shape;
    sk_params params;
    sk_block in, in2; // in2.data is null where the operator has no second input
    size_t out_bytes;
    bool out_is_float;
    bool in_place;    // the contract lets `out` be `in`, and this case asks for it
    sk_block parameters[SK_CASE_PARAMETERS];
    int parameter_count;
} sk_case;

sk_shape sk_shape_draw(sk_operator op, sk_random *random);
/// Draws the next case of `op`.
sk_case sk_case_make(sk_operator op, sk_random *random);
void sk_case_free(sk_case *c);

#endif
