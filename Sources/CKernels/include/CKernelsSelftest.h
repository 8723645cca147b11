// The self-test: every kernel of this build that this CPU can run, against the scalar kernel of its operator, byte for byte.
#ifndef CKERNELS_SELFTEST_MODULE_H
#define CKERNELS_SELFTEST_MODULE_H

#include "CKernels.h"

/// Called once per kernel. `message` says how many shapes were compared, or which one failed and how; it lives as long as the call.
typedef void (*sk_selftest_report)(void *context, const char *kernel, bool passed, const char *message);

/// Tests every kernel in sk_kernels() within `cap` that the CPU can run, over `rounds` random shapes each that it supports (fewer, but
/// one at least, where hardly any of those drawn are). The same seed gives the same
/// shapes and values on every machine. Returns how many kernels failed.
int sk_selftest(sk_isa cap, uint64_t seed, int rounds, sk_selftest_report report, void *context);

/// Tests one kernel against a reference of the same operator. Writes a message of at most `capacity` bytes. True when all is well:
/// equal bytes, nothing written outside the output, the scratch and the packed parameters, inputs unchanged, and at least one shape tried.
bool sk_selftest_kernel(const sk_kernel *kernel, const sk_kernel *reference, uint64_t seed, int rounds, char *message, size_t capacity);

/// The scalar kernel of `op`; null when the build has none.
const sk_kernel *sk_reference(sk_operator op);

#endif
