#include "CAllocationCounter.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static atomic_ulong count;
static atomic_long living;
static _Thread_local int left = -1; // aligned allocations before the one that fails

unsigned long allocation_count(void) { return atomic_load(&count); }

long allocations_living(void) { return atomic_load(&living); }

void allocation_fail_after(int number) { left = number; }

#if __has_feature(thread_sanitizer)
// Its runtime has to be the only one in malloc's place, and first.
bool allocations_are_counted(void) { return false; }
#else
bool allocations_are_counted(void) { return true; }

static void *counted(void *memory) {
    atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    if (memory != NULL) atomic_fetch_add_explicit(&living, 1, memory_order_relaxed);
    return memory;
}

void *malloc(size_t size) { return counted(__libc_malloc(size)); }

void *calloc(size_t number, size_t size) { return counted(__libc_calloc(number, size)); }

void *realloc(void *memory, size_t size) {
    void *result = counted(__libc_realloc(memory, size));
    // What was there is gone, where it has not stayed for want of room.
    if (memory != NULL && (result != NULL || size == 0)) atomic_fetch_sub_explicit(&living, 1, memory_order_relaxed);
    return result;
}

void *memalign(size_t alignment, size_t size) {
    if (left >= 0 && left-- == 0) return NULL;
    return counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    void *result = memalign(alignment, size);
    if (result == NULL) return ENOMEM;
    *memory = result;
    return 0;
}

void free(void *memory) {
    if (memory != NULL) atomic_fetch_sub_explicit(&living, 1, memory_order_relaxed);
    __libc_free(memory);
}
#endif
