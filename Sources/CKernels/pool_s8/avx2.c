// POOL_S8, AVX2.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL pool_s8__avx2
#include "../vectors/avx2.h"
#include "body.h"
#endif
