// POOL_F32, AVX-512.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL pool_f32__avx512
#include "../vectors/lanes_avx512.h"
#include "body.h"
#endif
