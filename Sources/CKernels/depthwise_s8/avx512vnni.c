// DEPTHWISE_S8, AVX-512 VNNI: four vertical taps an instruction.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL depthwise_s8__avx512vnni
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#include "../vectors/avx512.h"
#define DOT_TAPS 4
INLINE vec dot(vec acc, vec columns, vec weights) { return _mm512_dpbusd_epi32(acc, columns, weights); }
#include "body.h"
#endif
