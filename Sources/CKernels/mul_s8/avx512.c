// MUL_S8, AVX-512.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL mul_s8__avx512
#include "../vectors/avx512.h"
#include "body.h"
#endif
