#define _GNU_SOURCE
#include "CMemory.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static const char *_Atomic message;
static atomic_flag stopping = ATOMIC_FLAG_INIT;

void cm_stop_without_memory(const char *line) { atomic_store(&message, line); }

// glibc lets a program have its own allocator by defining these names, and keeps its own under others.
#if defined(__GLIBC__)

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *memory, size_t bytes);

static void stop(void) {
    const char *line = atomic_load(&message);
    if (line == NULL) return;
    while (atomic_flag_test_and_set(&stopping)) pause(); // another thread is at it: one line in all
    ssize_t written = write(STDERR_FILENO, line, strlen(line));
    (void)written;
    _exit(1);
}

void *malloc(size_t bytes) {
    void *memory = __libc_malloc(bytes);
    if (memory == NULL) stop();
    return memory;
}

void *calloc(size_t count, size_t bytes) {
    void *memory = __libc_calloc(count, bytes);
    if (memory == NULL) stop();
    return memory;
}

void *realloc(void *memory, size_t bytes) {
    void *moved = __libc_realloc(memory, bytes);
    if (moved == NULL && bytes != 0) stop();
    return moved;
}

#endif
