// Every kernel against the scalar kernel of its operator, on random cases: equal bytes, nothing else touched.
#include "CKernelsSelftest.h"
#include "selftest.h"

#include <stdio.h>
#include <string.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

const sk_kernel *sk_reference(sk_operator op) {
    int count;
    const sk_kernel *kernels = sk_kernels(&count);
    for (int i = 0; i < count; i++)
        if (kernels[i].op == op && kernels[i].isa == SK_SCALAR) return &kernels[i];
    return NULL;
}

/// What a run leaves behind.
typedef struct outcome {
    sk_block out;
    const char *violation; // null: none
} outcome;

/// Where the output channels are computed in two ranges, now and then; else 0.
static int32_t channel_cut(const sk_kernel *kernel, const sk_case *c, sk_random *random) {
    sk_operator op = kernel->op;
    bool convolves = (op == SK_CONV_S8 || op == SK_CONV_F32) && c->shape.groups == 1;
    bool goes_by_channel = op == SK_DEPTHWISE_S8 || op == SK_DEPTHWISE_F32 || op == SK_GLOBAL_POOL_S8 || op == SK_GLOBAL_POOL_F32;
    int32_t granule = sk_channel_granule(kernel->isa), most = c->shape.out_c / granule - 1; // ranges are at least as wide
    if (most < 1 || !(convolves || goes_by_channel) || !sk_one_in(random, 2)) return 0;
    return sk_random_int(random, 1, most) * granule;
}

static outcome compute(const sk_kernel *kernel, const sk_case *c, int parts, bool backwards, sk_random *random) {
    const sk_shape *shape = &c->shape;
    sk_block packed = sk_block_make(kernel->packed_bytes ? kernel->packed_bytes(shape) : 0, random);
    sk_block scratch = sk_block_make(kernel->scratch_bytes ? kernel->scratch_bytes(shape, parts) : 0, random);
    outcome result = {sk_tensor_make(c->out_bytes, c->out_is_float ? sizeof(float) : sizeof(sk_act), random), NULL};
    if (c->in_place) memcpy(result.out.data, c->in.data, c->out_bytes);

    if (kernel->pack) kernel->pack(shape, &c->params, packed.data);
    uint64_t constants = sk_block_sum(&packed) ^ sk_block_sum(&c->in) ^ sk_block_sum(&c->in2);

    sk_call call = {shape, packed.data, c->in_place ? result.out.data : c->in.data, c->in2.data, result.out.data, scratch.data};
    int32_t cut = channel_cut(kernel, c, random);
    if (cut > 0) {
        sk_call first = call, second = call;
        first.channel_end = cut;
        second.channel_begin = cut;
        second.channel_end = shape->out_c;
        kernel->run(backwards ? &second : &first, 0, 1);
        kernel->run(backwards ? &first : &second, 0, 1);
    } else {
        for (int i = 0; i < parts; i++) kernel->run(&call, backwards ? parts - 1 - i : i, parts);
    }

    if (!sk_block_intact(&result.out)) result.violation = "wrote outside the output";
    else if (!sk_block_intact(&packed)) result.violation = "wrote outside the packed parameters";
    else if (!sk_block_intact(&scratch)) result.violation = "wrote outside the scratch memory";
    else if (!sk_block_intact(&c->in) || (c->in2.data && !sk_block_intact(&c->in2))) result.violation = "wrote beside an input";
    else if (constants != (sk_block_sum(&packed) ^ sk_block_sum(&c->in) ^ sk_block_sum(&c->in2)))
        result.violation = "changed an input or the packed parameters";
    sk_block_free(&packed);
    sk_block_free(&scratch);
    return result;
}

/// The first differing element, or -1. Floats are compared as numbers (0 equals -0), NaN equals NaN.
static long first_difference(const sk_case *c, const sk_block *expected, const sk_block *actual) {
    if (!c->out_is_float) {
        for (size_t i = 0; i < c->out_bytes; i++)
            if (expected->data[i] != actual->data[i]) return (long)i;
        return -1;
    }
    const float *e = (const float *)expected->data, *a = (const float *)actual->data;
    for (size_t i = 0; i < c->out_bytes / sizeof(float); i++)
        if (!(e[i] == a[i] || (e[i] != e[i] && a[i] != a[i]))) return (long)i;
    return -1;
}

static int describe(const sk_shape *s, char *text, size_t capacity) {
    return snprintf(text, capacity,
                    "batch %d, %dx%dx%d -> %dx%dx%d, kernel %dx%d, stride %dx%d, dilation %dx%d, pad %d,%d,%d,%d, groups %d, "
                    "activation %d, residual %d, gate %d, pool_max %d, pool_count_pad %d, table_per_channel %d",
                    s->batch, s->in_h, s->in_w, s->in_c, s->out_h, s->out_w, s->out_c, s->kernel_h, s->kernel_w, s->stride_h, s->stride_w,
                    s->dilation_h, s->dilation_w, s->pad_top, s->pad_left, s->pad_bottom, s->pad_right, s->groups, s->activation,
                    s->residual, s->gate, s->pool_max, s->pool_count_pad, s->table_per_channel);
}

static void describe_difference(const sk_case *c, const sk_block *expected, const sk_block *actual, long at, char *text, size_t capacity) {
    if (c->out_is_float)
        snprintf(text, capacity, "element %ld has the bits %08x, not %08x", at, ((const uint32_t *)actual->data)[at],
                 ((const uint32_t *)expected->data)[at]);
    else
        snprintf(text, capacity, "element %ld is %d, not %d (as in memory)", at, ((const sk_act *)actual->data)[at],
                 ((const sk_act *)expected->data)[at]);
}

bool sk_selftest_kernel(const sk_kernel *kernel, const sk_kernel *reference, uint64_t seed, int rounds, char *message, size_t capacity) {
    sk_random random = {seed ^ (uint64_t)kernel->op << 32};
    int compared = 0, round = 0, most = 10 * rounds + 20; // draws: a kernel may take few shapes
    bool passed = true;
    for (; compared < rounds && round < most && passed; round++) {
        sk_case c = sk_case_make(kernel->op, &random);
        int parts = sk_random_int(&random, 1, 5);
        bool backwards = sk_random_bits(&random) & 1; // the order in which threads come must not matter
        sk_random contents = {sk_random_bits(&random)}; // of outputs and scratch, so that two kernels see different garbage
        if (kernel->supports(&c.shape) && reference->supports(&c.shape)) {
            outcome expected = compute(reference, &c, 1, false, &contents);
            outcome actual = compute(kernel, &c, parts, backwards, &contents);
            long at = first_difference(&c, &expected.out, &actual.out);
            char what[160] = "";
            if (expected.violation) snprintf(what, sizeof what, "the reference %s", expected.violation);
            else if (actual.violation) snprintf(what, sizeof what, "%s", actual.violation);
            else if (at >= 0) describe_difference(&c, &expected.out, &actual.out, at, what, sizeof what);
            passed = what[0] == 0;
            compared++;
            if (!passed) {
                int used = snprintf(message, capacity, "round %d, %d parts%s: %s: ", round, parts, c.in_place ? ", in place" : "", what);
                if (used >= 0 && (size_t)used < capacity) describe(&c.shape, message + used, capacity - used);
            }
            sk_block_free(&expected.out);
            sk_block_free(&actual.out);
        }
        sk_case_free(&c);
    }
    if (passed) {
        snprintf(message, capacity, "compared on %d of %d random shapes", compared, round);
        passed = compared > 0;
    }
    return passed;
}

int sk_selftest(sk_isa cap, uint64_t seed, int rounds, sk_selftest_report report, void *context) {
    int count, failures = 0;
    const sk_kernel *kernels = sk_kernels(&count);
    for (int i = 0; i < count; i++) {
        const sk_kernel *kernel = &kernels[i], *reference = sk_reference(kernel->op);
        if (!sk_isa_within(kernel->isa, cap) || !sk_cpu_has(kernel->isa)) continue;
        char message[600] = "its operator has no scalar kernel";
        bool passed = reference && sk_selftest_kernel(kernel, reference, seed, rounds, message, sizeof message);
        if (!passed) failures++;
        if (report) report(context, kernel->name, passed, message);
    }
    return failures;
}

#pragma clang attribute pop
