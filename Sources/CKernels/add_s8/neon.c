// ADD_S8, NEON.
#include "../internal.h"

#if SK_ON_ARM
#define KERNEL add_s8__neon
#include "../vectors/neon.h"
#include "body.h"
#endif
