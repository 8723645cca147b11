#define _GNU_SOURCE
#include "CFuzz.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POLL_NANOSECONDS 5000000

// AddressSanitizer: an allocation beyond reason gives null as on a board, and a failed input's process ends without waiting for a debugger.
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    return "allocator_may_return_null=1:max_allocation_size_mb=1024:detect_leaks=0:quarantine_size_mb=16:malloc_context_size=8";
}

typedef struct progress {
    _Atomic uint64_t begun; // the number of the input that is being tried
    _Atomic bool finished;
    uint64_t counters[CF_COUNTERS];
} progress;

// Memory that parent and children share, mapped on first use and never given back.
static progress *shared(void) {
    static progress *memory;
    if (memory == NULL) {
        void *pages = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (pages == MAP_FAILED) {
            perror("fuzz: mmap");
            exit(1);
        }
        memory = pages;
    }
    return memory;
}

uint64_t *cf_counters(void) { return shared()->counters; }

static _Noreturn void run_child(uint64_t first, uint64_t end, cf_try attempt, void *context) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    for (uint64_t index = first; index < end; index++) {
        atomic_store(&shared()->begun, index);
        attempt(context, index);
    }
    atomic_store(&shared()->finished, true);
    _exit(0);
}

/// Waits for the child, and ends it when it stays with one input for `seconds`. Returns how it died, or null when it came to its end.
static const char *await_child(pid_t child, int seconds, char *text, size_t capacity) {
    uint64_t seen = UINT64_MAX;
    time_t since = 0;
    for (;;) {
        int status;
        pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child) {
            if (atomic_load(&shared()->finished) && WIFEXITED(status) && WEXITSTATUS(status) == 0) return NULL;
            if (WIFSIGNALED(status)) {
                snprintf(text, capacity, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
            } else {
                snprintf(text, capacity, "exit code %d", WEXITSTATUS(status));
            }
            return text;
        }
        uint64_t begun = atomic_load(&shared()->begun);
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (begun != seen) since = now.tv_sec;
        seen = begun;
        if (now.tv_sec - since > seconds) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            snprintf(text, capacity, "no end within %d seconds", seconds);
            return text;
        }
        struct timespec pause = {0, POLL_NANOSECONDS};
        nanosleep(&pause, NULL);
    }
}

uint64_t cf_campaign(uint64_t first, uint64_t count, uint64_t chunk, int seconds, uint64_t most, cf_try attempt, cf_blame blame,
                     void *context) {
    uint64_t failures = 0, next = first, end = first + count;
    while (next < end && failures < most) {
        uint64_t last = end - next < chunk ? end : next + chunk;
        atomic_store(&shared()->begun, next);
        atomic_store(&shared()->finished, false);
        fflush(NULL);
        pid_t child = fork();
        if (child < 0) {
            perror("fuzz: fork");
            exit(1);
        }
        if (child == 0) run_child(next, last, attempt, context);
        char text[100];
        const char *how = await_child(child, seconds, text, sizeof text);
        next = how == NULL ? last : atomic_load(&shared()->begun) + 1;
        if (how != NULL) {
            failures++;
            blame(context, next - 1, how);
        }
    }
    return failures;
}
