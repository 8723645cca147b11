// A team of threads. An operator of a small network takes microseconds, so the hand-over from step to step must cost well under one: a
// counter on a cache line of its own, waited for by spinning. Only who waits longer than the gap between two inferences sleeps, on a futex.
//
// Runs are numbered. A part is claimed by moving its number from the run before to this one, a step is done when its counter reaches run ×
// parts. So nothing is reset between runs, and a thread that comes late, even by a whole run, finds every number passed and hurries
// through.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LINE 128 // two cache lines: x86 prefetches in pairs
#define SLEEP_AFTER_NANOSECONDS 60000
#define TAKE_OVER_AFTER_NANOSECONDS 3000

// A number that only grows (modulo 2^32) and that threads wait for.
typedef struct counter {
    _Alignas(LINE) atomic_uint value;
    atomic_uint sleepers;
} counter;

// How long a thread has waited; on a cache line of its own, since the thread alone writes it.
typedef struct stopwatch {
    _Alignas(LINE) _Atomic(uint64_t) nanoseconds;
} stopwatch;

struct sp_pool {
    counter start; // the number of the newest run
    counter ready; // workers that wait for one
    counter *steps; // parts done, over all runs
    // [part][step]: the newest run in which the part was claimed; a part's own memory, since its thread alone mostly touches it
    atomic_uint **claims;
    _Atomic(sp_task) task; // these two are the same in every run, and read by threads that come late
    _Atomic(void *) context;
    int threads, part_count, step_count;
    bool spins;
    int caller_cpu; // that the workers are kept away from; -1 before the first run
    atomic_bool stopping, measures;
    stopwatch *waited; // by thread
    pthread_t *workers; // threads - 1
    int started;
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

static inline bool reached(counter *c, unsigned target) {
    return (int)(atomic_load_explicit(&c->value, memory_order_acquire) - target) >= 0;
}

// True when the counter has reached `target` within the time; times below a microsecond are not told apart.
static bool spin_for(counter *c, unsigned target, uint64_t nanoseconds) {
    uint64_t start = 0;
    for (unsigned i = 1;; i++) {
        if (reached(c, target)) return true;
        pause_briefly();
        if (i % 64 != 0) continue;
        uint64_t now = sp_nanoseconds();
        if (start == 0) start = now;
        if (now - start >= nanoseconds) return false;
    }
}

static void sleep_until(counter *c, unsigned target) {
    atomic_fetch_add(&c->sleepers, 1);
    for (unsigned value; (int)((value = atomic_load(&c->value)) - target) < 0;) {
        syscall(SYS_futex, &c->value, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0); // returns at once if the value has changed
    }
    atomic_fetch_sub(&c->sleepers, 1);
}

static void advance(counter *c) {
    atomic_fetch_add(&c->value, 1);
    if (atomic_load(&c->sleepers) > 0) syscall(SYS_futex, &c->value, FUTEX_WAKE_PRIVATE, 1 << 20, NULL, NULL, 0);
}

// Whether `part` was last computed by another thread, its own not having come. Kept behind the part's claims.
static atomic_uint *away(sp_pool *pool, int part) { return &pool->claims[part][pool->step_count]; }

static bool claim(sp_pool *pool, uint32_t run, int step, int part) {
    unsigned before = run - 1;
    return atomic_compare_exchange_strong(&pool->claims[part][step], &before, run);
}

// With more parts than threads: the next that nobody has, beginning with the thread's own.
static int claim_any(sp_pool *pool, uint32_t run, int step, int thread) {
    int own = pool->part_count / pool->threads * thread;
    for (int i = 0; i < pool->part_count; i++) {
        int part = (own + i) % pool->part_count;
        if (atomic_load_explicit(&pool->claims[part][step], memory_order_relaxed) == run - 1 && claim(pool, run, step, part)) return part;
    }
    return -1;
}

int sp_pool_claim(sp_pool *pool, uint32_t run, int step, int thread) {
    if (pool->part_count > pool->threads || !claim(pool, run, step, thread)) return sp_pool_await(pool, run, step, thread);
    if (atomic_load_explicit(away(pool, thread), memory_order_relaxed) != 0)
        atomic_store_explicit(away(pool, thread), 0, memory_order_relaxed);
    return thread;
}

void sp_pool_complete(sp_pool *pool, int step) { advance(&pool->steps[step]); }

static int await_step(sp_pool *pool, uint32_t run, int step, int thread) {
    counter *done = &pool->steps[step];
    unsigned target = run * (unsigned)pool->part_count;
    if (reached(done, target)) return -1;
    if (pool->part_count > pool->threads) {
        int part = claim_any(pool, run, step, thread);
        if (part < 0 && (!pool->spins || !spin_for(done, target, SLEEP_AFTER_NANOSECONDS))) sleep_until(done, target);
        return part;
    }
    // Who was away in the step before is not waited for in this one.
    for (int i = 1; i < pool->threads; i++) {
        int part = (thread + i) % pool->threads;
        if (atomic_load_explicit(away(pool, part), memory_order_relaxed) != 0 && claim(pool, run, step, part)) return part;
    }
    if (pool->spins && spin_for(done, target, TAKE_OVER_AFTER_NANOSECONDS)) return -1;
    for (int i = 1; i < pool->threads; i++) {
        int part = (thread + i) % pool->threads;
        if (!claim(pool, run, step, part)) continue;
        atomic_store_explicit(away(pool, part), 1, memory_order_relaxed);
        return part;
    }
    if (!pool->spins || !spin_for(done, target, SLEEP_AFTER_NANOSECONDS)) sleep_until(done, target);
    return -1;
}

int sp_pool_await(sp_pool *pool, uint32_t run, int step, int thread) {
    if (!atomic_load_explicit(&pool->measures, memory_order_relaxed)) return await_step(pool, run, step, thread);
    uint64_t began = sp_nanoseconds();
    int part = await_step(pool, run, step, thread);
    atomic_fetch_add_explicit(&pool->waited[thread].nanoseconds, sp_nanoseconds() - began, memory_order_relaxed);
    return part;
}

void sp_pool_measure(sp_pool *pool, bool measures) { atomic_store_explicit(&pool->measures, measures, memory_order_relaxed); }

uint64_t sp_pool_waited(const sp_pool *pool, int thread) {
    return atomic_load_explicit(&pool->waited[thread].nanoseconds, memory_order_relaxed);
}

static void *work(void *argument) {
    worker self = *(worker *)argument;
    free(argument);
    sp_pool *pool = self.pool;
    advance(&pool->ready);
    for (unsigned run = 0;;) {
        if (!pool->spins || !spin_for(&pool->start, run + 1, SLEEP_AFTER_NANOSECONDS)) sleep_until(&pool->start, run + 1);
        run = atomic_load(&pool->start.value); // the newest: those missed were done without this thread
        if (atomic_load(&pool->stopping)) return NULL;
        sp_task task = atomic_load_explicit(&pool->task, memory_order_relaxed); // ordered by `start`
        task(atomic_load_explicit(&pool->context, memory_order_relaxed), self.thread, pool->threads, run);
    }
}

// A worker that sleeps is woken where its caller runs, waits there for a processor that is busy, and is too short of time for the kernel to
// move it to an idle one: two threads then take as long as one, for seconds. So workers may run anywhere but on the caller's processor.
// They are not bound to one each, even where there are as many as processors: one that another process stops in the middle of a part must
// be free to go on where a worker sleeps that has nothing left to do. Bound, it would hold up the team for a turn of the scheduler's,
// milliseconds.
static void keep_workers_away(sp_pool *pool) {
    int cpu = sched_getcpu();
    if (cpu == pool->caller_cpu || cpu < 0) return;
    pool->caller_cpu = cpu;
    cpu_set_t others;
    if (sched_getaffinity(0, sizeof others, &others) != 0) return;
    if (cpu < CPU_SETSIZE) CPU_CLR(cpu, &others);
    if (CPU_COUNT(&others) < pool->threads - 1) return;
    for (int i = 0; i < pool->started; i++) pthread_setaffinity_np(pool->workers[i], sizeof others, &others);
}

void sp_pool_run(sp_pool *pool, sp_task task, void *context) {
    if (pool->spins && pool->threads > 1) keep_workers_away(pool);
    atomic_store_explicit(&pool->task, task, memory_order_relaxed);
    atomic_store_explicit(&pool->context, context, memory_order_relaxed);
    advance(&pool->start);
    task(context, 0, pool->threads, atomic_load(&pool->start.value));
}

sp_pool *sp_pool_create(int threads, int parts, int steps) {
    if (threads < 1 || parts < threads || parts % threads != 0 || steps < 0) return NULL;
    sp_pool *pool = aligned_alloc(LINE, sizeof *pool); // whose size its alignment divides
    if (pool == NULL) return NULL;
    memset(pool, 0, sizeof *pool);
    pool->threads = threads;
    pool->part_count = parts;
    pool->step_count = steps;
    pool->spins = threads <= sp_cpu_count();
    pool->caller_cpu = -1;
    pool->workers = calloc((size_t)threads, sizeof *pool->workers);
    pool->claims = calloc((size_t)parts, sizeof *pool->claims);
    bool ok = pool->workers != NULL && pool->claims != NULL;
    if (posix_memalign((void **)&pool->steps, LINE, sizeof(counter) * (size_t)(steps + 1)) != 0) {
        pool->steps = NULL;
        ok = false;
    }
    if (posix_memalign((void **)&pool->waited, LINE, sizeof(stopwatch) * (size_t)threads) != 0) {
        pool->waited = NULL;
        ok = false;
    }
    for (int i = 0; ok && i < threads; i++) atomic_init(&pool->waited[i].nanoseconds, 0);
    for (int i = 0; ok && i <= steps; i++) {
        atomic_init(&pool->steps[i].value, 0);
        atomic_init(&pool->steps[i].sleepers, 0);
    }
    for (int part = 0; ok && part < parts; part++) {
        pool->claims[part] = sp_allocate(sizeof(atomic_uint) * (size_t)(steps + 1) + LINE);
        ok = pool->claims[part] != NULL;
    }
    for (int i = 1; ok && i < threads; i++) {
        worker *argument = malloc(sizeof *argument);
        if (argument != NULL) *argument = (worker){pool, i};
        ok = argument != NULL && pthread_create(&pool->workers[i - 1], NULL, work, argument) == 0;
        if (ok) pool->started = i;
        else free(argument);
    }
    if (ok) {
        sleep_until(&pool->ready, (unsigned)threads - 1); // so that what a thread costs to start is not part of the first run
        return pool;
    }
    sp_pool_destroy(pool);
    return NULL;
}

int sp_pool_threads(const sp_pool *pool) { return pool->threads; }

void sp_pool_destroy(sp_pool *pool) {
    if (pool == NULL) return;
    atomic_store(&pool->stopping, true);
    advance(&pool->start);
    for (int i = 0; i < pool->started; i++) pthread_join(pool->workers[i], NULL);
    if (pool->claims != NULL) {
        for (int part = 0; part < pool->part_count; part++) sp_free(pool->claims[part]);
    }
    free(pool->claims);
    free(pool->steps);
    free(pool->waited);
    free(pool->workers);
    free(pool);
}
