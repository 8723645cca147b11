// DEQUANTIZE, NEON.
#include "../internal.h"

#if SK_ON_ARM
#define KERNEL dequantize__neon
#include "../vectors/neon.h"
#include "body.h"
#endif
