// Long lists: their lines as they come, their parts, and where a run that was ended goes on.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

const char *sp_next_line(const char **problem) {
    static char bytes[SP_LINE_BYTES + 1]; // a line, and what follows it
    static size_t begin, count;
    count -= begin;
    memmove(bytes, bytes + begin, count);
    begin = 0;
    char *end;
    while ((end = memchr(bytes, '\n', count)) == NULL) {
        ptrdiff_t n = count < SP_LINE_BYTES ? sp_read(STDIN_FILENO, bytes + count, SP_LINE_BYTES - count) : -1;
        if (n < 0) *problem = "a line of standard input is too long";
        if (n < 0 || (n == 0 && count == 0)) return NULL;
        if (n == 0) bytes[count++] = '\n'; // the last one needs no end
        count += (size_t)n;
    }
    size_t length = (size_t)(end - bytes);
    begin = length + 1;
    if (memchr(bytes, 0, length) != NULL || !sp_is_utf8(bytes, length)) {
        *problem = "a line of standard input is not UTF-8";
        return NULL;
    }
    if (length > 0 && bytes[length - 1] == '\r') length--;
    bytes[length] = 0;
    return bytes;
}

bool sp_read_part(const char *text, int *part, int *parts) {
    int values[2] = {0, 0}, i = 0;
    for (; *text != 0; text++) {
        if (*text == '/' && i == 0) i = 1;
        else if (*text < '0' || *text > '9' || values[i] > 100000) return false;
        else values[i] = values[i] * 10 + (*text - '0');
    }
    *part = values[0];
    *parts = values[1];
    return *part >= 1 && *part <= *parts;
}

bool sp_read_fraction(const char *text, double *value) {
    double scale = 0;
    *value = 0;
    if (*text == 0) return false;
    for (; *text != 0; text++) {
        if (*text == '.' && scale == 0) scale = 1;
        else if (*text < '0' || *text > '9') return false;
        else if (scale == 0) *value = *value * 10 + (*text - '0');
        else *value += (*text - '0') * (scale /= 10);
    }
    return *value <= 1;
}

// ---- A file of lines that standard output goes on in

static char last_line[SP_LINE_BYTES * 2];

uint64_t sp_resume_output(const char *path, int *error) {
    struct stat status;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0666);
    *error = file < 0 || fstat(file, &status) != 0 ? errno : S_ISREG(status.st_mode) ? 0 : SP_NOT_REGULAR;
    uint64_t lines = 0;
    off_t whole = 0, place = 0;
    size_t length = 0;
    char bytes[4096], line[sizeof last_line];
    for (ptrdiff_t n; *error == 0 && (n = sp_read(file, bytes, sizeof bytes)) > 0;) {
        for (ptrdiff_t i = 0; i < n; i++, place++) {
            if (length < sizeof line) line[length++] = bytes[i];
            if (bytes[i] != '\n') continue;
            memcpy(last_line, line, length);
            length = 0;
            whole = place + 1;
            lines++;
        }
    }
    if (*error == 0 && (ftruncate(file, whole) != 0 || lseek(file, whole, SEEK_SET) < 0 || dup2(file, STDOUT_FILENO) < 0)) *error = errno;
    return lines;
}

bool sp_resumes_after(const char *begin, size_t count) { return count <= sizeof last_line && memcmp(begin, last_line, count) == 0; }

#pragma clang attribute pop

#pragma clang attribute pop
