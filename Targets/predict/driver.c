// Runs each operator of a network once, on this CPU's own kernel, between two functions that a trace can be cut at.
// Reads lines `KIND FIELD=VALUE ...` (fields of sk_shape) from standard input; `parts` N... on the command line are the numbers of threads.
// Writes `KERNEL PACKED IN OUT SCRATCH`, bytes, for each line. The operator's part P of N runs on this thread: order and time do not matter
// here.
#include "CKernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) void predict_begin(void) { __asm__ volatile("nop" ::: "memory"); }
__attribute__((noinline)) void predict_end(void) { __asm__ volatile("nop" ::: "memory"); }

typedef struct field {
    const char *name;
    size_t offset;
} field;

#define FIELD(name) {#name, offsetof(sk_shape, name)}
static const field fields[] = {
    FIELD(batch),    FIELD(in_h),       FIELD(in_w),      FIELD(in_c),     FIELD(out_h),      FIELD(out_w),      FIELD(out_c),
    FIELD(kernel_h), FIELD(kernel_w),   FIELD(stride_h),  FIELD(stride_w), FIELD(dilation_h), FIELD(dilation_w), FIELD(pad_top),
    FIELD(pad_left), FIELD(pad_bottom), FIELD(pad_right), FIELD(groups),   FIELD(activation), FIELD(residual),   FIELD(gate),
};

static void fail(const char *what, const char *which) {
    fprintf(stderr, "driver: %s: %s\n", what, which);
    exit(1);
}

/// Bytes of hardly any pattern, of either sign and mostly small, as weights are: kernels choose their way by how large sums may become.
/// Doubled by memcpy, which is faster under qemu.
static void *bytes(size_t size) {
    size_t whole = (size + SK_SLACK + SK_ALIGNMENT - 1) / SK_ALIGNMENT * SK_ALIGNMENT, filled = 61;
    int8_t *memory = aligned_alloc(SK_ALIGNMENT, whole);
    if (!memory) fail("no memory", "");
    for (size_t i = 0; i < filled; i++) {
        int value = (int)(i * 37 % filled) * 254 / 60 - 127;
        memory[i] = (int8_t)(value * value / 127 * value / 127);
    }
    for (; filled * 2 <= whole; filled *= 2) memcpy(memory + filled, memory, filled);
    memcpy(memory + filled, memory, whole - filled);
    return memory;
}

static float *factors(size_t count, float value) {
    float *memory = bytes(count * sizeof value);
    memory[0] = value;
    size_t filled = 1;
    for (; filled * 2 <= count; filled *= 2) memcpy(memory + filled, memory, filled * sizeof value);
    memcpy(memory + filled, memory, (count - filled) * sizeof value);
    return memory;
}

/// The operator's number is found by name, as in `conv_s8_14x32__avx512vnni`.
static sk_operator operator_named(const char *kind) {
    int count;
    const sk_kernel *kernels = sk_kernels(&count);
    size_t length = strlen(kind);
    for (int i = 0; i < count; i++) {
        if (!strncmp(kernels[i].name, kind, length) && !strncmp(kernels[i].name + length, "__", 2)) return kernels[i].op;
    }
    fail("no kernel for", kind);
    return SK_CONV_S8;
}

static void read_field(sk_shape *shape, char *text) {
    char *value = strchr(text, '=');
    if (!value) fail("not FIELD=VALUE", text);
    *value++ = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (strcmp(fields[i].name, text)) continue;
        *(int32_t *)((char *)shape + fields[i].offset) = atoi(value);
        return;
    }
    fail("no such field", text);
}

static void run(const char *kind, const sk_shape *s, int counts, char **parts) {
    bool is_float = strstr(kind, "_f32");
    size_t element = is_float ? 4 : 1, channels = (size_t)s->out_c;
    size_t in = (size_t)s->in_h * s->in_w * s->in_c * element, out = (size_t)s->out_h * s->out_w * s->out_c * element;
    size_t depth = (size_t)s->kernel_h * s->kernel_w * (s->in_c / s->groups), weights = channels * depth;
    // So that sums of typical size, 2500 times the root of their number, make a standard deviation of 40, or of 2 before hard-swish on a
    // grid of 0.05.
    float typical = 2500 * __builtin_sqrtf((float)depth);
    sk_params params = {
        .weights = bytes(weights),
        .bias = (int32_t *)factors(channels, 0),
        .multiplier = factors(channels, (s->activation == SK_HARD_SWISH ? 2 : 40) / typical),
        .out_factor = factors(channels, 1 / (6 * 0.05f)),
        .in_zero = bytes(s->in_c),
        .in2_zero = bytes(channels),
        .in2_multiplier = factors(channels, 0.5f),
        .out_zero = bytes(channels),
        .table = bytes(256 * channels),
        .scale = factors(channels, 1),
        .offset = factors(channels, 0),
        .weights_f32 = is_float ? factors(weights, 0.01f) : NULL,
        .bias_f32 = factors(channels, 0),
    };
    const sk_kernel *kernel = sk_select(operator_named(kind), s, sk_cpu_isa());
    size_t packed_bytes = kernel->packed_bytes ? kernel->packed_bytes(s) : 0, scratch_bytes = 0;
    for (int i = 0; i < counts; i++) {
        size_t size = kernel->scratch_bytes ? kernel->scratch_bytes(s, atoi(parts[i])) : 0;
        if (size > scratch_bytes) scratch_bytes = size;
    }
    void *packed = bytes(packed_bytes);
    if (kernel->pack) kernel->pack(s, &params, packed);
    sk_call call = {s,
                    packed,
                    is_float ? (void *)factors(in / 4, 0.5f) : bytes(in),
                    is_float ? (void *)factors((in > out ? in : out) / 4, 0.5f) : bytes(in > out ? in : out),
                    bytes(out),
                    bytes(scratch_bytes)};
    printf("%s %zu %zu %zu %zu\n", kernel->name, packed_bytes, in, out, scratch_bytes);
    for (int i = 0; i < counts; i++) {
        for (int part = 0; part < atoi(parts[i]); part++) {
            predict_begin();
            kernel->run(&call, part, atoi(parts[i]));
            predict_end();
        }
    }
}

int main(int argc, char **argv) {
    char line[1024];
    while (fgets(line, sizeof line, stdin)) {
        sk_shape shape =
            {.batch = 1, .kernel_h = 1, .kernel_w = 1, .stride_h = 1, .stride_w = 1, .dilation_h = 1, .dilation_w = 1, .groups = 1};
        const char *kind = strtok(line, " \n");
        for (char *text; (text = strtok(NULL, " \n"));) read_field(&shape, text);
        run(kind, &shape, argc - 1, argv + 1);
    }
    return 0; // what was allocated goes with the process
}
