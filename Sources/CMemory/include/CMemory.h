// What Swift lacks: a word when memory runs out. Swift's allocations trap where there is no memory, with the runtime's own text and a
// signal.
#ifndef CMEMORY_H
#define CMEMORY_H

/// From now on a failing malloc, calloc or realloc, whoever calls it, ends the process with `line` on standard error and exit code 1.
/// `line` stays the caller's and ends in a newline. posix_memalign is left alone: whoever calls that handles its error.
void cm_stop_without_memory(const char *line);

#endif
