// What the fuzz program needs of the system: inputs tried in child processes, so that a crash is counted and the next input is tried, and
// an allocator that ends every allocation at a page which nobody may touch.
#ifndef CFUZZ_H
#define CFUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- campaign.c

/// Tries input `index`.
typedef void (*cf_try)(void *context, uint64_t index);
/// Names an input that ended its process, on one line.
typedef void (*cf_blame)(void *context, uint64_t index, const char *how);

enum { CF_COUNTERS = 64 };
/// Counters that all processes of a campaign share.
uint64_t *cf_counters(void);

/// Calls `attempt` with every number of [first, first + count) in child processes of `chunk` inputs each. A child that dies, or that makes
/// no progress for `seconds`, is blamed on the input that it had begun, and a new one goes on with the next. Stops after `most` such
/// inputs. Returns how many there were.
uint64_t cf_campaign(uint64_t first, uint64_t count, uint64_t chunk, int seconds, uint64_t most, cf_try attempt, cf_blame blame,
                     void *context);

// ---- guard.c

/// Whether the allocator below is the program's. With AddressSanitizer it is not, nor with glibc.
bool cf_guards(void);
/// Bytes that are allocated; 0 without the allocator.
size_t cf_live_bytes(void);
/// The most that were since the last call; 0 without the allocator.
size_t cf_peak_bytes(void);

#endif
