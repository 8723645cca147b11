// MUL_F32, NEON.
#include "../internal.h"

#if SK_ON_A64
#define KERNEL mul_f32__neon
#include "../vectors/lanes_neon.h"
#include "body.h"
#endif
