// DEPTHWISE_S8, AVX-512 without VNNI: two vertical taps an instruction.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL depthwise_s8__avx512
#include "../vectors/avx512.h"
#define DOT_TAPS 2
INLINE vec dot(vec acc, vec columns, vec weights) { return vec_add32(acc, vec_madd16(columns, weights)); }
#include "body.h"
#endif
