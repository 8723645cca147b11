// GLOBAL_POOL_F32, AVX2.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL global_pool_f32__avx2
#include "../vectors/lanes_avx2.h"
#include "body.h"
#endif
