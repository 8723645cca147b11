// DEQUANTIZE, AVX-512.
#if defined(__x86_64__)
#include "../vectors/avx512.h"

#pragma STDC FP_CONTRACT OFF

#include "dequantize_body.h"

const sk_kernel sk_dequantize__avx512 = {
    .name = "dequantize__avx512",
    .op = SK_DEQUANTIZE,
    .isa = SK_AVX512,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .run = run,
};

#endif
