// GLOBAL_POOL_S8, AVX2.
#if defined(__x86_64__)
#include "../vectors/avx2.h"

#pragma STDC FP_CONTRACT OFF

#define TOO_NARROW 0

#include "body.h"

const sk_kernel sk_global_pool_s8__avx2 = {
    .name = "global_pool_s8__avx2",
    .op = SK_GLOBAL_POOL_S8,
    .isa = SK_AVX2,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .run = run,
};

#endif
