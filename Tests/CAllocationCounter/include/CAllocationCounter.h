// Counts the process's heap allocations: linking this replaces malloc and its kin by counting versions of glibc's own.
#ifndef CALLOCATIONCOUNTER_H
#define CALLOCATIONCOUNTER_H

#include <stdbool.h>

/// Whether anything is counted and can be made to fail: not under ThreadSanitizer.
bool allocations_are_counted(void);

/// Allocations made so far by all threads.
unsigned long allocation_count(void);

/// Allocations that have not been given back.
long allocations_living(void);

/// Lets one of this thread's aligned allocations fail, which are those of `sp_allocate` and little else: the one after `number` others from
/// now on. Negative: none.
void allocation_fail_after(int number);

#endif
