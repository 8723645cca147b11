// ADD_S8, AVX2.
#if defined(__x86_64__)
#include "../vectors/avx2.h"

#pragma STDC FP_CONTRACT OFF

#include "body.h"

const sk_kernel sk_add_s8__avx2 = {
    .name = "add_s8__avx2",
    .op = SK_ADD_S8,
    .isa = SK_AVX2,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .scratch_bytes = scratch_bytes,
    .run = run,
};

#endif
