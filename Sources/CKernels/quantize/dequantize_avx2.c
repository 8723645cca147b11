// DEQUANTIZE, AVX2.
#if defined(__x86_64__)
#include "../vectors/avx2.h"

#pragma STDC FP_CONTRACT OFF

#include "dequantize_body.h"

const sk_kernel sk_dequantize__avx2 = {
    .name = "dequantize__avx2",
    .op = SK_DEQUANTIZE,
    .isa = SK_AVX2,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .run = run,
};

#endif
