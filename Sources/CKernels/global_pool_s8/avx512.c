// GLOBAL_POOL_S8, AVX-512.
#if defined(__x86_64__)
#include "../vectors/avx512.h"

#pragma STDC FP_CONTRACT OFF

#define TOO_NARROW (VEC_BYTES / 2) // with fewer channels, folding the pixels of a vector takes longer than twice as many vectors

#include "body.h"

const sk_kernel sk_global_pool_s8__avx512 = {
    .name = "global_pool_s8__avx512",
    .op = SK_GLOBAL_POOL_S8,
    .isa = SK_AVX512,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .run = run,
};

#endif
