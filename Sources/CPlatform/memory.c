#define _GNU_SOURCE
#include "CPlatform.h"

#include <stdlib.h>
#include <string.h>

void *sp_allocate(size_t bytes) {
    void *memory = NULL;
    size_t size = (bytes + 63) / 64 * 64;
    if (size < bytes || posix_memalign(&memory, 64, size > 0 ? size : 64) != 0) return NULL;
    memset(memory, 0, size);
    return memory;
}

void sp_free(void *memory) { free(memory); }
