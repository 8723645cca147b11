// GLOBAL_POOL_S8, NEON.
#include "../internal.h"

#if SK_ON_ARM
#define KERNEL global_pool_s8__neon
#include "../vectors/neon.h"
#include "body.h"
#endif
