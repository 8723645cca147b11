#define _GNU_SOURCE
#include "CPlatform.h"

#include <stdlib.h>
#include <string.h>

void *sp_allocate(size_t bytes) {
    void *memory = NULL;
    // Not a byte more than was asked for, so that AddressSanitizer sees what is touched beyond.
    if (posix_memalign(&memory, 64, bytes > 0 ? bytes : 1) != 0) return NULL;
    memset(memory, 0, bytes);
    return memory;
}

void sp_free(void *memory) { free(memory); }
