#include "CPlatform.h"

#if defined(__linux__) && !defined(__GLIBC__)
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

// What Embedded Swift seeds its hashing with; musl has none.
void arc4random_buf(void *bytes, size_t count) {
    char *rest = bytes;
    while (count > 0) {
        ssize_t n = getrandom(rest, count, 0);
        if (n < 0 && errno != EINTR) abort();
        if (n < 0) continue;
        rest += n;
        count -= (size_t)n;
    }
}
#endif
