// QUANTIZE, AVX-512.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL quantize__avx512
#include "../vectors/avx512.h"
#include "body.h"
#endif
