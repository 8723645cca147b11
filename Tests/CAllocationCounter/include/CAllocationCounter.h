// Counts the process's heap allocations: linking this replaces malloc and its kin by counting versions of glibc's own.
#ifndef CALLOCATIONCOUNTER_H
#define CALLOCATIONCOUNTER_H

/// Allocations made so far by all threads.
unsigned long allocation_count(void);

#endif
