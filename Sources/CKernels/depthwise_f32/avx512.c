// DEPTHWISE_F32, AVX-512.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL depthwise_f32__avx512
#include "../vectors/lanes_avx512.h"
#define TOO_NARROW (LANES / 2) // with up to 8 channels half of each vector would idle, and 256-bit vectors are faster
#include "body.h"
#endif
