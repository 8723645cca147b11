// The contract of every operator kernel: shapes, layouts, rounding. One list of kernels (registry/kernels.def) is read by dispatch, tests
// and benchmarks alike.
//
// Tensors are NHWC. An int8 activation has a scale and a zero point *per channel*. This header speaks of the canonical value
// q in [-128, 127]; memory holds `sk_act` = q + SK_ACT_OFFSET, which is unsigned on x86 (what vpdpbusd wants) and signed on ARM.
// Everything in `sk_params` is canonical; `pack` converts (zero points + offset, bias - offset * sum of weights).
//
// Buffers (in, in2, out, scratch, packed) are followed by at least SK_SLACK readable bytes of any value. `scratch` and `packed` are 64-byte
// aligned; a tensor may begin at any multiple of its element (one picture of a batch does).
// Nothing is written outside the tensor. `out` overlaps no input, unless the operator's contract says that it may be equal to one.
//
// Rounding: integer sums are exact in int32 (wrapping never happens for files the reader accepts). The float epilogue is IEEE single
// precision, operation by operator as written, round to nearest even, never fused. Hence all kernels of an operator give equal bytes.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
typedef uint8_t sk_act;
#define SK_ACT_OFFSET 128
#else
typedef int8_t sk_act;
#define SK_ACT_OFFSET 0
#endif

#define SK_SLACK 256
#define SK_ALIGNMENT 64

/// Instruction sets, in the order in which SWIFTLET_ISA caps them (x86 and ARM apart).
typedef enum sk_isa {
    SK_SCALAR = 0,
    SK_SSE41 = 1,
    SK_AVX2 = 2,
    SK_AVXVNNI = 3,
    SK_AVX512 = 4,
    SK_AVX512VNNI = 5, // SK_AVX2 implies FMA; AVX512: F, BW, DQ, VL
    SK_NEON = 16,
    SK_NEON_DOTPROD = 17,
    SK_NEON_I8MM = 18,
} sk_isa;

typedef enum sk_operator {
    SK_CONV_S8 = 0, // any convolution with groups == 1, and grouped ones that are not depthwise; linear layers are 1x1 on 1x1 maps
    SK_DEPTHWISE_S8 = 1, // groups == in_c == out_c
    SK_GLOBAL_POOL_S8 = 2, // mean over all positions
    SK_POOL_S8 = 3, // windowed max or average
    SK_MUL_S8 = 4, // by a gate (in2 is [batch][1][1][c]) or element by element
    SK_ADD_S8 = 5,
    SK_TABLE_S8 = 6, // any function of one value, by look-up
    SK_QUANTIZE = 7, // float32 -> int8
    SK_DEQUANTIZE = 8, // int8 -> float32
    SK_CONCATENATE = 9, // of any type: the executor copies the parts, there is no kernel
    SK_RESAMPLE = 10, // likewise: the output's rows and columns are any of the input's
    SK_CONV_F32 = 16,
    SK_DEPTHWISE_F32 = 17,
    SK_GLOBAL_POOL_F32 = 18,
    SK_POOL_F32 = 19,
    SK_MUL_F32 = 20,
    SK_ADD_F32 = 21,
    SK_ACTIVATION_F32 = 22,
} sk_operator;

typedef enum sk_activation {
    SK_LINEAR = 0, // int8: also ReLU, ReLU6, hard-sigmoid: saturation at the ends of the output grid is their clamp
    SK_HARD_SWISH = 1, // x * clamp(x + 3, 0, 6) / 6
    // float32 operators alone:
    SK_RELU = 2, // max(x, 0)
    SK_CLIP = 3, // min(max(x, act_a), act_b)
    SK_HARD_SIGMOID = 4, // min(max(x * act_a + act_b, 0), 1)
    SK_SIGMOID = 5, // 1 / (1 + exp(-x)), by the scalar code on every instruction set
    SK_SWISH = 6, // x * sigmoid(x)
    SK_LEAKY_RELU = 7, // x < 0 ? x * act_a : x
    SK_ELU = 8, // x < 0 ? act_a * (exp(x) - 1) : x
    SK_TANH = 9,
    SK_SOFTPLUS = 10, // log(1 + exp(x))
    SK_MISH = 11, // x * tanh(softplus(x))
    SK_GELU = 12, // x * (1 + erf(x / sqrt(2))) / 2
    SK_GELU_TANH = 13, // x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2
    SK_THRESHOLDED_RELU = 14, // x > act_a ? x : 0
} sk_activation;

/// What is known when a kernel is chosen. Unused fields are 0 (kernel, stride, dilation, groups: 1).
typedef struct sk_shape {
    int32_t batch;
    int32_t in_h, in_w, in_c;
    int32_t out_h, out_w, out_c;
    int32_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w;
    int32_t pad_top, pad_left, pad_bottom, pad_right;
    int32_t groups;
    int32_t activation; // sk_activation
    float act_a, act_b;
    int32_t residual; // conv: 1 when `in2` is added before the activation (int8: SK_LINEAR only)
    int32_t gate; // mul: 1 when in2 is [batch][1][1][c]; add, mul: 0 when in2 has the shape of in
    int32_t pool_max; // pool: 1 max, 0 average
    int32_t pool_count_pad; // average pool: 1 divides by kernel_h * kernel_w always, 0 by the positions inside the picture
    int32_t table_per_channel;
} sk_shape;

/// Canonical parameters, as the model file holds them. Pointers that an operator does not name are null.
typedef struct sk_params {
    const int8_t *weights; // [out_c][kernel_h][kernel_w][in_c / groups], in [-127, 127]
    const int32_t *bias; // [out_c], includes -sum(weight * in_zero)
    const float *multiplier; // [out_c] m; hard-swish: s
    const float *out_factor; // [out_c] k, hard-swish only
    const int8_t *in_zero; // [in_c]
    const int8_t *in2_zero; // [out_c] zero points of the residual, gate or second addend
    const float *in2_multiplier; // [out_c] residual and add
    const int8_t *out_zero; // [out_c]
    const uint8_t *table; // [256] or [out_c][256]: canonical (q_out + 128) at index q_in + 128
    const float *scale; // [c] quantize: 1 / scale; dequantize: scale
    const float *offset; // [c] quantize: zero point as a float, may be fractional
    const float *weights_f32; // [out_c][kernel_h][kernel_w][in_c / groups]
    const float *bias_f32; // [out_c]
} sk_params;

typedef struct sk_call sk_call;

/// A byte count beyond 64 bits.
#define SK_TOO_LARGE UINT64_MAX

/// One way to compute an operator. `name` is operator, data type, tile, two underscores, instruction set.
typedef struct sk_kernel {
    const char *name;
    sk_operator op;
    sk_isa isa;
    /// Whether this kernel can run `shape` (instruction set apart).
    bool (*supports)(const sk_shape *shape);
    /// Bytes of packed parameters, in 64 bits on every machine, SK_TOO_LARGE where these do not hold them; null: 0.
    uint64_t (*packed_bytes)(const sk_shape *shape);
    /// Converts canonical parameters into `packed` (64-byte aligned, packed_bytes long). Keeps no pointer into `params`. The packed form
    /// depends neither on the batch nor, but for GLOBAL_POOL, on heights and vertical padding: an operator on some rows is run as one on a
    /// lower map.
    void (*pack)(const sk_shape *shape, const sk_params *params, void *packed);
    /// Bytes of working memory for `parts` threads, likewise; null: 0.
    uint64_t (*scratch_bytes)(const sk_shape *shape, int parts);
    /// Computes this thread's share: `part` of `parts`. The shares are disjoint and together the whole, for any `parts` >= 1.
    /// Makes no allocation, no system call, touches no global.
    void (*run)(const sk_call *call, int part, int parts);
} sk_kernel;

struct sk_call {
    const sk_shape *shape;
    const void *packed;
    const void *in;
    const void *in2;
    void *out;
    void *scratch;
    // CONV of one group, DEPTHWISE and GLOBAL_POOL: the output channels to compute of all positions, as part 0 of 1; the others stay as
    // they are, and where they are input channels, too, they are not looked at. All where `channel_end` is 0. Both are multiples of
    // sk_channel_granule, or 0 and out_c, and ranges are at least as wide.
    int32_t channel_begin, channel_end;
};

// The operators, exactly. sat8 clamps to [-128, 127]; rne is rounding to the nearest integer, ties to even; f() is int32 -> float.
//
// CONV_S8, DEPTHWISE_S8: positions outside the picture have q = in_zero[c].
//     acc = bias[o] + sum over ky, kx, c of weights[o][ky][kx][c] * q_in
//     SK_LINEAR:            q = sat8(rne(f(acc) * m[o]) + out_zero[o])
//     SK_LINEAR, residual:  q = sat8(rne(f(acc) * m[o] + f(q_in2 - in2_zero[o]) * in2_multiplier[o]) + out_zero[o])
//     SK_HARD_SWISH:        x = f(acc) * m[o];  q = sat8(rne((x * min(max(x + 3, 0), 6)) * k[o]) + out_zero[o])
//     (the reader has checked that no value before rne exceeds 2^30)
// GLOBAL_POOL_S8:           acc = bias[c] + sum of q_in;  q = sat8(rne(f(acc) * m[c]) + out_zero[c])
// POOL_S8 max:              q = max of q_in inside the picture (out of the picture does not count)
//         average:          acc = sum inside the picture of (q_in - in_zero[c]);  n = kernel_h * kernel_w or the number inside
//                           q = sat8(rne((f(acc) * (1.0f / f(n))) * m[c]) + out_zero[c])
// MUL_S8:                   acc = (q_in - in_zero[c]) * (q_in2 - in2_zero[c]);  q = sat8(rne(f(acc) * m[c]) + out_zero[c])
//                           `out` may be `in`.
// ADD_S8:                   q = sat8(rne(f(q_in - in_zero[c]) * m[c] + f(q_in2 - in2_zero[c]) * in2_multiplier[c]) + out_zero[c])
//                           `out` may be `in` or `in2`.
// TABLE_S8:                 q + 128 = table[q_in + 128]; `out` may be `in`.
// QUANTIZE:                 t = x * scale[c] + offset[c];  t = t > -512 ? t : -512;  t = t < 512 ? t : 512 (so a NaN is -512);  q =
// sat8(rne(t))
//                           `in` is float NHWC.
// DEQUANTIZE:               x = f(q - in_zero[c]) * scale[c]
//
// CONV_F32, DEPTHWISE_F32:  one chain an output, so that every instruction set gives equal bits:
//                           acc = bias[o]; for ky, for kx, for c: acc = fmaf(x, weights[o][ky][kx][c], acc); positions outside the picture
//                           count as x = 0 or are left out (the same but for the sign of zero)
//                           then residual: acc = acc + in2; then the activation, each operation rounded, hard-swish as
//                           x * (min(max(x + 3, 0), 6) * (1.0f / 6.0f))
// GLOBAL_POOL_F32:          s = 0; for each position in row order: s = s + x;  y = s * (1.0f / f(positions))
// POOL_F32, MUL_F32, ADD_F32 (activation after add), ACTIVATION_F32: as their int8 sisters, in float; MUL and ADD take gate too.

/// Whether all weights are in [-127, 127], as sk_params has it.
bool sk_weights_are_symmetric(const int8_t *weights, size_t count);
/// Whether no value is infinite or a NaN.
bool sk_are_finite(const float *values, size_t count);

/// All kernels that this build holds, in order of preference within an operator (best first, scalar last).
const sk_kernel *sk_kernels(int *count);

/// The best instruction set of this CPU, read once.
sk_isa sk_cpu_isa(void);
/// Whether this CPU can run `isa`.
bool sk_cpu_has(sk_isa isa);
/// Where the output channels of a kernel for `isa` may be cut, see sk_call.
int32_t sk_channel_granule(sk_isa isa);
/// "scalar", "sse41", "avx2", "avxvnni", "avx512", "avx512vnni", "neon", "neon_dotprod", "neon_i8mm".
const char *sk_isa_name(sk_isa isa);
/// False when there is no such name.
bool sk_isa_named(const char *name, sk_isa *isa);
/// The first kernel for `op` that supports `shape`, runs on this CPU, and is within `cap`. Scalar takes all, so that it is null for
/// SK_CONCATENATE and SK_RESAMPLE alone.
const sk_kernel *sk_select(sk_operator op, const sk_shape *shape, sk_isa cap);
/// Whether a kernel for `isa` may be used under `cap`. AVX-VNNI and AVX-512 do not imply one another: cap avx512vnni allows avxvnni, not
/// the reverse.
bool sk_isa_within(sk_isa isa, sk_isa cap);

/// Keeps this core's multiply-accumulate units of `isa` busy from registers alone, for `rounds` rounds of some hundred cycles.
/// Returns how many multiply-accumulates that was; 0 when there is no loop for `isa` and type, or the CPU lacks it. Time it for a kernel's
/// upper bound: the int8 loop is vpdpbusd, vpmaddwd + vpaddd, sdot, smmla, or smull + smlal2 + sadalp; the float loop FMA.
int64_t sk_peak_loop(sk_isa isa, bool is_float, int rounds);

#endif
