// Loops of nothing but an instruction set's multiply-accumulates, for the share of the peak that a kernel reaches. In assembly, since a
// compiler would move products of constants out of the loop, and since operands must stay in registers whatever the optimization.
#include "CKernels.h"

#define TURNS 64 // passes over the accumulators in a round

typedef struct peak {
    sk_isa isa;
    bool is_float;
    int products; // a turn
    void (*run)(int64_t turns);
} peak;

#if defined(__x86_64__)

// Twelve accumulators hide the latency of 4 or 5 cycles on two ports; registers 14 and 15 are the factors.
#define TWELVE(OP) OP(0) OP(1) OP(2) OP(3) OP(4) OP(5) OP(6) OP(7) OP(8) OP(9) OP(10) OP(11)
#define LOW_REGISTERS                                                                                                                      \
    "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"
#define ZERO(i) "vpxor %%xmm" #i ", %%xmm" #i ", %%xmm" #i "\n" // floats must be neither subnormal nor NaN
#define ZEROS TWELVE(ZERO) ZERO(14) ZERO(15)

#define DOT256(i) "%{vex%} vpdpbusd %%ymm15, %%ymm14, %%ymm" #i "\n"
#define DOT512(i) "vpdpbusd %%zmm15, %%zmm14, %%zmm" #i "\n"
#define FMA256(i) "vfmadd231ps %%ymm15, %%ymm14, %%ymm" #i "\n"
#define FMA512(i) "vfmadd231ps %%zmm15, %%zmm14, %%zmm" #i "\n"
// The products are renamed anew each time, so that one register for them is no bottleneck.
#define MADD256(i) "vpmaddwd %%ymm15, %%ymm14, %%ymm13\n vpaddd %%ymm13, %%ymm" #i ", %%ymm" #i "\n"
#define MADD512(i) "vpmaddwd %%zmm15, %%zmm14, %%zmm13\n vpaddd %%zmm13, %%zmm" #i ", %%zmm" #i "\n"

#define PEAK(name, features, OP)                                                                                                           \
    __attribute__((target(features))) static void name(int64_t turns) {                                                                    \
        __asm__ volatile(ZEROS "1:\n" TWELVE(OP) "sub $1, %0\n jnz 1b\n vzeroupper\n" : "+r"(turns) : : "cc", LOW_REGISTERS);              \
    }

PEAK(dot256, "avx2,avxvnni", DOT256)
PEAK(dot512, "avx512f,avx512vnni", DOT512)
PEAK(madd256, "avx2", MADD256)
PEAK(madd512, "avx512f,avx512bw", MADD512)
PEAK(fma256, "avx2,fma", FMA256)
PEAK(fma512, "avx512f", FMA512)

static const peak peaks[] = {
    {SK_AVX2, false, 12 * 16, madd256},      {SK_AVXVNNI, false, 12 * 32, dot256}, {SK_AVX512, false, 12 * 32, madd512},
    {SK_AVX512VNNI, false, 12 * 64, dot512}, {SK_AVX2, true, 12 * 8, fma256},      {SK_AVX512, true, 12 * 16, fma512},
};

#elif defined(__aarch64__)

// Sixteen accumulators hide the latency of 4 cycles on up to four pipes; v30 and v31 are the factors.
#define SIXTEEN(OP) OP(0) OP(1) OP(2) OP(3) OP(4) OP(5) OP(6) OP(7) OP(8) OP(9) OP(10) OP(11) OP(12) OP(13) OP(14) OP(15)
#define REGISTERS                                                                                                                          \
    "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", "v28", "v29", "v30", "v31"
#define ZERO(i) "movi v" #i ".2d, #0\n" // floats must be neither subnormal nor NaN

#define DOT(i) "sdot v" #i ".4s, v30.16b, v31.16b\n"
#define MATRIX(i) "smmla v" #i ".4s, v30.16b, v31.16b\n"
#define FMA(i) "fmla v" #i ".4s, v30.4s, v31.4s\n"
#define WIDEN(i) "smull v28.8h, v30.8b, v31.8b\n smlal2 v28.8h, v30.16b, v31.16b\n sadalp v" #i ".4s, v28.8h\n" // two products fit 16 bits

#define PEAK(name, extension, OP)                                                                                                          \
    __attribute__((target(extension))) static void name(int64_t turns) {                                                                   \
        __asm__ volatile(SIXTEEN(ZERO) ZERO(30) ZERO(31) "1:\n" SIXTEEN(OP) "subs %0, %0, #1\n b.ne 1b\n"                                  \
                         : "+r"(turns)                                                                                                     \
                         :                                                                                                                 \
                         : "cc", REGISTERS);                                                                                               \
    }

PEAK(widen, "simd", WIDEN)
PEAK(dot, "dotprod", DOT)
PEAK(matrix, "i8mm", MATRIX)
PEAK(fma, "simd", FMA)

static const peak peaks[] = {
    {SK_NEON, false, 16 * 16, widen},
    {SK_NEON_DOTPROD, false, 16 * 16, dot},
    {SK_NEON_I8MM, false, 16 * 32, matrix},
    {SK_NEON, true, 16 * 4, fma},
};

#endif

int64_t sk_peak_loop(sk_isa isa, bool is_float, int rounds) {
#if defined(__x86_64__) || defined(__aarch64__)
    for (size_t i = 0; i < sizeof peaks / sizeof peaks[0]; i++) {
        if (peaks[i].isa != isa || peaks[i].is_float != is_float || !sk_cpu_has(isa) || rounds < 1) continue;
        int64_t turns = (int64_t)rounds * TURNS;
        peaks[i].run(turns);
        return turns * peaks[i].products;
    }
#endif
    (void)isa, (void)is_float, (void)rounds;
    return 0;
}
