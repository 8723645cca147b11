// QUANTIZE, NEON.
#include "../internal.h"

#if SK_ON_ARM
#define KERNEL quantize__neon
#include "../vectors/neon.h"
#include "body.h"
#endif
