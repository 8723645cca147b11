// QUANTIZE, AVX-512.
#if defined(__x86_64__)
#include "../vectors/avx512.h"

#pragma STDC FP_CONTRACT OFF

#include "quantize_body.h"

const sk_kernel sk_quantize__avx512 = {
    .name = "quantize__avx512",
    .op = SK_QUANTIZE,
    .isa = SK_AVX512,
    .supports = supports,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .run = run,
};

#endif
