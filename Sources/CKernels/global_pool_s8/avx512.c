// GLOBAL_POOL_S8, AVX-512.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL global_pool_s8__avx512
#include "../vectors/avx512.h"
#define TOO_NARROW (VEC_BYTES / 2) // with fewer channels, folding the pixels of a vector takes longer than twice as many vectors
#include "body.h"
#endif
