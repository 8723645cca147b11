// DEPTHWISE_F32, NEON and FMA.
#include "../internal.h"

#if SK_ON_A64
#define KERNEL depthwise_f32__neon
#include "../vectors/lanes_neon.h"
#include "body.h"
#endif
