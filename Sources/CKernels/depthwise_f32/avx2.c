// DEPTHWISE_F32, AVX2 and FMA.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL depthwise_f32__avx2
#include "../vectors/lanes_avx2.h"
#include "body.h"
#endif
