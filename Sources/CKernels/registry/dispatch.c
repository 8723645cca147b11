// Which kernels this build holds, and which of them this CPU runs.
#include "../internal.h"

#include <stdatomic.h>

// The text of a kernel if this build's processor is among its `processors`, else nothing.
#define WHERE(processors, ...) WHERE_EXPANDED(SK_ON_##processors, __VA_ARGS__)
#define WHERE_EXPANDED(on, ...) WHERE_PASTED(on, __VA_ARGS__)
#define WHERE_PASTED(on, ...) WHERE_##on(__VA_ARGS__)
#define WHERE_1(...) __VA_ARGS__
#define WHERE_0(...)

#define SK_KERNEL(processors, operator, kernel, isa) WHERE(processors, extern const sk_kernel sk_##kernel;)
#include "kernels.def"
#undef SK_KERNEL

static const struct {
    const sk_kernel *kernel; // its name and functions
    sk_operator op;
    sk_isa isa;
} registered[] = {
#define SK_KERNEL(processors, operator, kernel, isa) WHERE(processors, {&sk_##kernel, SK_##operator, SK_##isa}, )
#include "kernels.def"
#undef SK_KERNEL
};
#define KERNEL_COUNT ((int)(sizeof registered / sizeof registered[0]))

static bool takes_every_shape(const sk_shape *shape) {
    (void)shape;
    return true;
}

static sk_kernel complete(int index) {
    sk_kernel kernel = *registered[index].kernel;
    kernel.op = registered[index].op;
    kernel.isa = registered[index].isa;
    if (!kernel.supports) kernel.supports = takes_every_shape;
    return kernel;
}

const sk_kernel *sk_kernels(int *count) {
    // C cannot build an array of structures from other files' constants, so the first caller copies them. Others wait those nanoseconds.
    enum { UNTOUCHED, FILLING, FILLED };
    static sk_kernel kernels[KERNEL_COUNT];
    static atomic_int state = UNTOUCHED;
    int expected = UNTOUCHED;
    if (atomic_load_explicit(&state, memory_order_acquire) != FILLED) {
        if (atomic_compare_exchange_strong(&state, &expected, FILLING)) {
            for (int i = 0; i < KERNEL_COUNT; i++) kernels[i] = complete(i);
            atomic_store_explicit(&state, FILLED, memory_order_release);
        } else {
            while (atomic_load_explicit(&state, memory_order_acquire) != FILLED) {
            }
        }
    }
    if (count) *count = KERNEL_COUNT;
    return kernels;
}

// MARK: - CPU features, as bits 1 << sk_isa

#if defined(__x86_64__)
#include <cpuid.h>

static uint32_t detect(void) {
    uint32_t isas = 1u << SK_SCALAR;
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return isas;
    if (c & bit_SSE4_1) isas |= 1u << SK_SSE41;

    bool has_fma = c & bit_FMA, has_avx = c & bit_AVX;
    if (!(c & bit_OSXSAVE)) return isas;
    // The operating system must save the wide registers: bits 1, 2 for ymm, and 5, 6, 7 for zmm and masks.
    uint32_t saved, saved_high;
    __asm__("xgetbv" : "=a"(saved), "=d"(saved_high) : "c"(0));
    bool ymm = (saved & 0x06) == 0x06, zmm = (saved & 0xe6) == 0xe6;

    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return isas;
    uint32_t leaves = a;
    if (!(ymm && has_avx && has_fma && (b & bit_AVX2))) return isas;
    isas |= 1u << SK_AVX2;
    uint32_t avx512 = bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL;
    if (zmm && (b & avx512) == avx512) {
        isas |= 1u << SK_AVX512;
        if (c & bit_AVX512VNNI) isas |= 1u << SK_AVX512VNNI;
    }
    if (leaves >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & (1u << 4))) isas |= 1u << SK_AVXVNNI;
    return isas;
}
#elif defined(__aarch64__)
#include <sys/auxv.h>

static uint32_t detect(void) {
    uint32_t isas = 1u << SK_SCALAR | 1u << SK_NEON; // AdvSIMD is part of every AArch64 Linux
    if (getauxval(AT_HWCAP) & (1ul << 20)) isas |= 1u << SK_NEON_DOTPROD; // HWCAP_ASIMDDP
    if (getauxval(AT_HWCAP2) & (1ul << 13)) isas |= 1u << SK_NEON_I8MM;   // HWCAP2_I8MM
    return isas;
}
#elif defined(__arm__)
#include <sys/auxv.h>

static uint32_t detect(void) {
    uint32_t isas = 1u << SK_SCALAR;
    if (getauxval(AT_HWCAP) & (1ul << 12)) isas |= 1u << SK_NEON; // HWCAP_NEON
    return isas;
}
#else
static uint32_t detect(void) { return 1u << SK_SCALAR; }
#endif

static uint32_t cpu_isas(void) {
    static _Atomic uint32_t cached = 0; // whoever comes first computes the same value: no lock needed
    uint32_t isas = atomic_load_explicit(&cached, memory_order_relaxed);
    if (isas == 0) {
        isas = detect();
        atomic_store_explicit(&cached, isas, memory_order_relaxed);
    }
    return isas;
}

bool sk_cpu_has(sk_isa isa) { return (unsigned)isa < 32 && (cpu_isas() >> isa & 1); }

sk_isa sk_cpu_isa(void) {
    static const sk_isa best_first[] = {SK_AVX512VNNI, SK_AVXVNNI, SK_AVX512, SK_AVX2, SK_SSE41, SK_NEON_I8MM, SK_NEON_DOTPROD, SK_NEON};
    for (size_t i = 0; i < sizeof best_first / sizeof best_first[0]; i++)
        if (sk_cpu_has(best_first[i])) return best_first[i];
    return SK_SCALAR;
}

int32_t sk_channel_granule(sk_isa isa) { // a vector of bytes on x86, a block elsewhere
    if (isa == SK_AVX512 || isa == SK_AVX512VNNI) return 64;
    return isa == SK_AVX2 || isa == SK_AVXVNNI ? 32 : 16;
}

// MARK: - Names and caps

static const struct {
    sk_isa isa;
    const char *name;
} isa_names[] = {
    {SK_SCALAR, "scalar"},       {SK_SSE41, "sse41"},           {SK_AVX2, "avx2"}, {SK_AVXVNNI, "avxvnni"},
    {SK_AVX512, "avx512"},       {SK_AVX512VNNI, "avx512vnni"}, {SK_NEON, "neon"}, {SK_NEON_DOTPROD, "neon_dotprod"},
    {SK_NEON_I8MM, "neon_i8mm"},
};
#define ISA_COUNT (sizeof isa_names / sizeof isa_names[0])

const char *sk_isa_name(sk_isa isa) {
    for (size_t i = 0; i < ISA_COUNT; i++)
        if (isa_names[i].isa == isa) return isa_names[i].name;
    return "unknown";
}

bool sk_isa_named(const char *name, sk_isa *isa) {
    for (size_t i = 0; i < ISA_COUNT; i++) {
        if (strcmp(isa_names[i].name, name) != 0) continue;
        *isa = isa_names[i].isa;
        return true;
    }
    return false;
}

bool sk_isa_within(sk_isa isa, sk_isa cap) {
    if (isa == SK_SCALAR) return true;
    bool isa_is_arm = isa >= SK_NEON, cap_is_arm = cap >= SK_NEON;
    if (isa_is_arm != cap_is_arm || isa > cap) return false;
    return !(isa == SK_AVXVNNI && cap == SK_AVX512); // plain AVX-512 has no dot product
}

const sk_kernel *sk_select(sk_operator op, const sk_shape *shape, sk_isa cap) {
    int count;
    const sk_kernel *kernels = sk_kernels(&count);
    for (int i = 0; i < count; i++) {
        const sk_kernel *kernel = &kernels[i];
        if (kernel->op == op && sk_isa_within(kernel->isa, cap) && sk_cpu_has(kernel->isa) && kernel->supports(shape)) return kernel;
    }
    return NULL;
}
