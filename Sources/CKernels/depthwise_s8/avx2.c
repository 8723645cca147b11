// DEPTHWISE_S8, AVX2: two vertical taps an instruction.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL depthwise_s8__avx2
#include "../vectors/avx2.h"
#define DOT_TAPS 2
INLINE vec dot(vec acc, vec columns, vec weights) { return vec_add32(acc, vec_madd16(columns, weights)); }
#include "body.h"
#endif
