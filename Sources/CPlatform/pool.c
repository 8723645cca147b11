// A team of threads. An operator of a small network takes microseconds, so threads meet at a barrier that costs well under one: a counter and a
// generation number, on cache lines of their own, waited for by spinning. Only who waits longer than a whole inference's gap goes to sleep on a futex.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LINE 128 // two cache lines: x86 prefetches in pairs
#define SPIN_NANOSECONDS 60000

// Waiters sleep until `generation` moves on.
typedef struct gate {
    _Alignas(LINE) atomic_uint generation;
    _Alignas(LINE) atomic_uint arrived;
    _Alignas(LINE) atomic_uint sleepers;
} gate;

struct sp_pool {
    gate start, barrier;
    _Alignas(LINE) sp_task task;
    void *context;
    int threads;
    bool spins, stopping;
    pthread_t *workers; // threads - 1
};

typedef struct worker {
    sp_pool *pool;
    int thread;
} worker;

static inline void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    __asm__ volatile("yield");
#endif
}

static void wait_beyond(gate *g, unsigned generation, bool spins) {
    if (spins) {
        uint64_t start = 0;
        for (unsigned i = 1; atomic_load_explicit(&g->generation, memory_order_acquire) == generation; i++) {
            pause_briefly();
            if (i % 256 != 0) continue;
            uint64_t now = sp_nanoseconds();
            if (start == 0) start = now;
            if (now - start > SPIN_NANOSECONDS) break;
        }
    }
    while (atomic_load(&g->generation) == generation) {
        atomic_fetch_add(&g->sleepers, 1);
        syscall(SYS_futex, &g->generation, FUTEX_WAIT_PRIVATE, generation, NULL, NULL, 0); // returns at once if it has moved on
        atomic_fetch_sub(&g->sleepers, 1);
    }
}

static void open_gate(gate *g) {
    atomic_fetch_add(&g->generation, 1);
    if (atomic_load(&g->sleepers) > 0) syscall(SYS_futex, &g->generation, FUTEX_WAKE_PRIVATE, 1 << 20, NULL, NULL, 0);
}

void sp_pool_barrier(sp_pool *pool) {
    if (pool->threads == 1) return;
    gate *g = &pool->barrier;
    unsigned generation = atomic_load_explicit(&g->generation, memory_order_relaxed);
    if (atomic_fetch_add(&g->arrived, 1) + 1 == (unsigned)pool->threads) {
        atomic_store_explicit(&g->arrived, 0, memory_order_relaxed);
        open_gate(g);
    } else {
        wait_beyond(g, generation, pool->spins);
    }
}

static void *work(void *argument) {
    worker self = *(worker *)argument;
    free(argument);
    sp_pool *pool = self.pool;
    for (unsigned generation = 0;; generation++) {
        wait_beyond(&pool->start, generation, pool->spins);
        if (pool->stopping) return NULL;
        pool->task(pool->context, self.thread, pool->threads);
        sp_pool_barrier(pool);
    }
}

void sp_pool_run(sp_pool *pool, sp_task task, void *context) {
    pool->task = task;
    pool->context = context;
    if (pool->threads > 1) open_gate(&pool->start);
    task(context, 0, pool->threads);
    sp_pool_barrier(pool);
}

sp_pool *sp_pool_create(int threads) {
    sp_pool *pool = NULL;
    if (threads < 1 || posix_memalign((void **)&pool, LINE, sizeof *pool) != 0) return NULL;
    *pool = (sp_pool){.threads = threads, .spins = threads <= sp_cpu_count()};
    pool->workers = calloc((size_t)threads, sizeof *pool->workers);
    if (pool->workers == NULL) {
        free(pool);
        return NULL;
    }
    for (int i = 1; i < threads; i++) {
        worker *argument = malloc(sizeof *argument);
        if (argument != NULL) *argument = (worker){pool, i};
        if (argument == NULL || pthread_create(&pool->workers[i - 1], NULL, work, argument) != 0) {
            free(argument);
            pool->threads = i; // those that run
            sp_pool_destroy(pool);
            return NULL;
        }
    }
    return pool;
}

int sp_pool_threads(const sp_pool *pool) { return pool->threads; }

void sp_pool_destroy(sp_pool *pool) {
    if (pool == NULL) return;
    pool->stopping = true;
    open_gate(&pool->start);
    for (int i = 1; i < pool->threads; i++) pthread_join(pool->workers[i - 1], NULL);
    free(pool->workers);
    free(pool);
}
