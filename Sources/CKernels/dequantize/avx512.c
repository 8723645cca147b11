// DEQUANTIZE, AVX-512.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL dequantize__avx512
#include "../vectors/avx512.h"
#include "body.h"
#endif
