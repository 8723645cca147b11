// What a library needs to serve any thread of any process: text of a thread's own, locks, and the process's number.
#include "CPlatform.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct sp_lock {
    pthread_mutex_t mutex;
};

char *sp_thread_text(int **code) {
    static _Thread_local char text[SP_THREAD_TEXT_BYTES];
    static _Thread_local int number;
    *code = &number;
    return text;
}

sp_lock *sp_lock_create(void) {
    sp_lock *lock = malloc(sizeof *lock);
    if (lock == NULL || pthread_mutex_init(&lock->mutex, NULL) == 0) return lock;
    free(lock);
    return NULL;
}

void sp_lock_take(sp_lock *lock) { pthread_mutex_lock(&lock->mutex); }

void sp_lock_give(sp_lock *lock) { pthread_mutex_unlock(&lock->mutex); }

void sp_lock_destroy(sp_lock *lock) {
    if (lock == NULL) return;
    pthread_mutex_destroy(&lock->mutex);
    free(lock);
}

int sp_process(void) { return (int)getpid(); }
