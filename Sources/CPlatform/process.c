#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

// /proc/self/cmdline rather than main's parameters: Embedded Swift's entry point hands none over.
static pthread_once_t arguments_once = PTHREAD_ONCE_INIT;
static char **arguments;
static int argument_count;

static void read_arguments(void) {
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    size_t capacity = 65536, length = 0;
    char *text = malloc(capacity + 1);
    if (file < 0 || text == NULL) return;
    for (;;) {
        ssize_t n = read(file, text + length, capacity - length);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        length += (size_t)n;
        if (length == capacity) {
            char *larger = realloc(text, (capacity *= 2) + 1);
            if (larger == NULL) break;
            text = larger;
        }
    }
    close(file);
    text[length] = 0;
    int count = 0;
    for (size_t i = 0; i < length; i++) count += text[i] == 0;
    arguments = calloc((size_t)count + 1, sizeof *arguments);
    if (arguments == NULL) return;
    char *next = text;
    for (int i = 0; i < count; i++, next += strlen(next) + 1) arguments[i] = next;
    argument_count = count;
}

int sp_argument_count(void) {
    pthread_once(&arguments_once, read_arguments);
    return argument_count;
}

const char *sp_argument(int index) { return index >= 0 && index < sp_argument_count() ? arguments[index] : ""; }

bool sp_is_utf8(const void *bytes, size_t count) {
    static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000}; // that a sequence of so many continuations may stand for
    const uint8_t *next = bytes, *end = next + count;
    while (next < end) {
        uint32_t first = *next++;
        if (first < 0x80) continue;
        int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
        if (first < 0xC0 || first > 0xF4 || end - next < more) return false;
        uint32_t value = first & (0x3Fu >> more);
        for (int i = 0; i < more; i++) {
            if ((*next & 0xC0) != 0x80) return false;
            value = value << 6 | (*next++ & 0x3F);
        }
        if (value < smallest[more] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return false;
    }
    return true;
}

bool sp_argument_is_utf8(int index) {
    const char *argument = sp_argument(index);
    return sp_is_utf8(argument, strlen(argument));
}

const char *sp_environment(const char *name) { return getenv(name); }

void sp_exit(int status) { exit(status); }

void sp_start(void) {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    // The folder can be opened but not written: writing fails as it does on a closed descriptor.
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        while (fcntl(descriptor, F_GETFD) < 0 && open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) >= 0) {
        }
    }
}

int sp_write(int descriptor, const void *bytes, size_t count) {
    const char *rest = bytes;
    while (count > 0) {
        ssize_t n = write(descriptor, rest, count);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) { // a descriptor that does not block, such as a terminal's that another program shares
            poll(&(struct pollfd){.fd = descriptor, .events = POLLOUT}, 1, -1);
            continue;
        }
        if (n < 0) return errno;
        rest += n;
        count -= (size_t)n;
    }
    return 0;
}

ptrdiff_t sp_read(int descriptor, void *bytes, size_t count) {
    for (;;) {
        ssize_t n = read(descriptor, bytes, count);
        if (n >= 0 || (errno != EINTR && errno != EAGAIN)) return n;
        if (errno == EAGAIN) poll(&(struct pollfd){.fd = descriptor, .events = POLLIN}, 1, -1);
    }
}

int sp_finish_output(void) { return close(STDOUT_FILENO) == 0 || errno == EBADF || errno == EINTR ? 0 : errno; }

bool sp_is_terminal(int descriptor) { return isatty(descriptor) == 1; }

int sp_terminal_width(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

uint64_t sp_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t sp_unix_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static volatile sig_atomic_t hangups;

static void count_hangup(int signal) {
    (void)signal;
    hangups++;
}

int sp_hangups(void) {
    static bool is_counting;
    if (!is_counting) sigaction(SIGHUP, &(struct sigaction){.sa_handler = count_hangup, .sa_flags = SA_RESTART}, NULL);
    is_counting = true;
    return hangups;
}

static volatile sig_atomic_t interruptions;

static void count_interruption(int signal) {
    (void)signal;
    interruptions++;
}

int sp_interruptions(void) {
    static bool is_counting;
    // The second one ends the process.
    struct sigaction action = {.sa_handler = count_interruption, .sa_flags = (int)(SA_RESTART | SA_RESETHAND)};
    if (!is_counting) sigaction(SIGINT, &action, NULL);
    is_counting = true;
    return interruptions;
}

void sp_sleep(int milliseconds) { nanosleep(&(struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000L}, NULL); }

size_t sp_peak_memory(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (size_t)usage.ru_maxrss * 1024 : 0;
}

#pragma clang attribute pop

#pragma clang attribute pop
