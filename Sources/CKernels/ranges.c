// Checks of whole arrays of parameters, for whoever reads them out of a file. Without a way out of the loops, so that compilers make
// vectors of them.
#include "CKernels.h"

#include <string.h>

bool sk_weights_are_symmetric(const int8_t *weights, size_t count) {
    uint8_t found = 0;
    for (size_t i = 0; i < count; i++) found |= weights[i] == -128;
    return !found;
}

bool sk_are_finite(const float *values, size_t count) {
    const uint32_t exponent = 0x7f800000;
    uint32_t found = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        found |= (bits & exponent) == exponent;
    }
    return !found;
}
