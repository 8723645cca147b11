// Counted checks: each that fails is named with its line.
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

static int passed, failed;

static void check_that(int holds, const char *what, int line) {
    if (holds) passed++;
    else failed++;
    if (!holds) printf("line %d: not so: %s\n", line, what);
}

#define CHECK(condition) check_that(condition, #condition, __LINE__)

#endif
