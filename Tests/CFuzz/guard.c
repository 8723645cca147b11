// Stands for malloc in the boards' fuzz programs, which AddressSanitizer does not know: each allocation ends where a page begins that
// nobody may touch, as near as its alignment lets it. What lies before it and in the rest is filled with a pattern that is checked when the
// memory is given back; memory given back is filled too, and checked before anybody gets it again.
#include "CFuzz.h"

#include <stdlib.h>

// Only a static musl program lets malloc be replaced without a word; glibc's are for the sanitizers.
#if defined(__linux__) && !defined(__GLIBC__)

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define BEFORE 32 // bytes of the pattern before an allocation
#define SMALL_PAGES 64 // slots of up to so many pages are used again
#define QUARANTINE 32 // slots of a size that wait before one is
#define LIMIT ((size_t)768 << 20)
#define FRONT_BYTE 0xF5
#define REST_BYTE 0xE7
#define FREED_BYTE 0xDB

// At the begin of a slot's first page.
typedef struct slot {
    struct slot *next; // while it waits
    size_t pages; // without the guard
    size_t size; // as asked for
    char *memory;
} slot;

typedef struct queue {
    slot *first, *last;
    size_t count;
} queue;

static queue waiting[SMALL_PAGES + 1];
static size_t live, peak;
static atomic_flag lock = ATOMIC_FLAG_INIT;

static void enter(void) {
    while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) sched_yield();
}

static void leave(void) { atomic_flag_clear_explicit(&lock, memory_order_release); }

static _Noreturn void report(const char *what) {
    static const char prefix[] = "guard: ";
    if (write(2, prefix, sizeof prefix - 1) < 0 || write(2, what, strlen(what)) < 0) _exit(99);
    abort();
}

static void expect(const char *bytes, size_t count, unsigned char value, const char *what) {
    for (size_t i = 0; i < count; i++) {
        if ((unsigned char)bytes[i] != value) report(what);
    }
}

static slot *map(size_t pages) {
    char *begin = mmap(NULL, (pages + 1) * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (begin == MAP_FAILED) return NULL;
    if (mprotect(begin + pages * PAGE, PAGE, PROT_NONE) != 0) report("mprotect failed\n");
    slot *s = (slot *)begin;
    s->pages = pages;
    return s;
}

static slot *take(size_t pages) {
    if (pages > SMALL_PAGES || waiting[pages].count < QUARANTINE) return map(pages);
    queue *q = &waiting[pages];
    slot *s = q->first;
    q->first = s->next;
    q->count--;
    expect(s->memory, s->size, FREED_BYTE, "memory was written after it was freed\n");
    return s;
}

static void *allocate(size_t alignment, size_t size) {
    if (alignment < sizeof(void *) * 2) alignment = sizeof(void *) * 2; // malloc's promise
    size_t room = sizeof(slot) + BEFORE + alignment - 1;
    if (size > LIMIT) return NULL;
    size_t pages = (size + room + PAGE - 1) / PAGE;
    enter();
    slot *s = size + live <= LIMIT ? take(pages) : NULL;
    if (s != NULL) {
        char *end = (char *)s + pages * PAGE;
        s->size = size;
        s->memory = (char *)(((uintptr_t)end - size) & ~(uintptr_t)(alignment - 1));
        memset(s->memory - BEFORE, FRONT_BYTE, BEFORE);
        memcpy(s->memory - sizeof(slot *), &s, sizeof s);
        memset(s->memory + size, REST_BYTE, (size_t)(end - s->memory) - size);
        live += size;
        if (live > peak) peak = live;
    }
    leave();
    return s == NULL ? NULL : s->memory;
}

static slot *slot_of(const char *memory) {
    slot *s;
    memcpy(&s, memory - sizeof(slot *), sizeof s);
    if (s == NULL || (uintptr_t)s % PAGE != 0 || (const char *)s > memory || s->memory != memory) {
        report("not the begin of an allocation, or bytes before it were written\n");
    }
    expect(memory - BEFORE, BEFORE - sizeof(slot *), FRONT_BYTE, "bytes before an allocation were written\n");
    expect(memory + s->size, (size_t)((char *)s + s->pages * PAGE - memory) - s->size, REST_BYTE,
           "bytes after an allocation were written\n");
    return s;
}

void *malloc(size_t size) {
    void *memory = allocate(0, size);
    if (memory == NULL) errno = ENOMEM;
    return memory;
}

void free(void *memory) {
    if (memory == NULL) return;
    enter();
    slot *s = slot_of(memory);
    live -= s->size;
    if (s->pages > SMALL_PAGES) {
        munmap(s, (s->pages + 1) * PAGE);
    } else {
        memset(memory, FREED_BYTE, s->size);
        memset((char *)memory - sizeof(slot *), 0, sizeof(slot *)); // freeing it twice is seen
        queue *q = &waiting[s->pages];
        s->next = NULL;
        if (q->count++ == 0) {
            q->first = s;
        } else {
            q->last->next = s;
        }
        q->last = s;
    }
    leave();
}

void *calloc(size_t number, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(number, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    void *memory = malloc(bytes);
    if (memory != NULL) memset(memory, 0, bytes);
    return memory;
}

void *realloc(void *memory, size_t size) {
    void *larger = malloc(size);
    if (memory == NULL || larger == NULL) return larger;
    enter();
    size_t old = slot_of(memory)->size;
    leave();
    memcpy(larger, memory, old < size ? old : size);
    free(memory);
    return larger;
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    *memory = allocate(alignment, size);
    return *memory == NULL ? ENOMEM : 0;
}

void *aligned_alloc(size_t alignment, size_t size) { return allocate(alignment, size); }
void *memalign(size_t alignment, size_t size);
void *memalign(size_t alignment, size_t size) { return allocate(alignment, size); }

size_t malloc_usable_size(void *memory);
size_t malloc_usable_size(void *memory) { return memory == NULL ? 0 : slot_of(memory)->size; }

bool cf_guards(void) { return true; }
size_t cf_live_bytes(void) { return live; }
size_t cf_peak_bytes(void) {
    size_t most = peak;
    peak = live;
    return most;
}

#else

bool cf_guards(void) { return false; }
size_t cf_live_bytes(void) { return 0; }
size_t cf_peak_bytes(void) { return 0; }

#endif
