// DEPTHWISE_S8, AVX-VNNI: four vertical taps an instruction.
#include "../internal.h"

#if SK_ON_X86
#define KERNEL depthwise_s8__avxvnni
#define TARGET __attribute__((target("avx2,fma,avxvnni")))
#include "../vectors/avx2.h"
#define DOT_TAPS 4
INLINE vec dot(vec acc, vec columns, vec weights) { return _mm256_dpbusd_avx_epi32(acc, columns, weights); }
#include "body.h"
#endif
