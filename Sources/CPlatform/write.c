// Files replaced as a whole: written under another name beside the old one, then renamed.
#define _GNU_SOURCE
#include "CPlatform.h"
#include "write.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#define MOST_LINKS 40 // as Linux follows
#define MOST_NAMES 16
#define NEVER_WAIT 1 // GRND_NONBLOCK, which glibc before 2.25 does not name, nor has it getrandom

// The temporary file that a signal must take along. One writer at a time.
static atomic_flag writing = ATOMIC_FLAG_INIT;
static volatile sig_atomic_t unfinished_folder = -1;
static char unfinished_name[] = ".swiftlet.tmp-0123456789abcdef";

static const int deadly_signals[] = {SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
#define DEADLY_COUNT (sizeof deadly_signals / sizeof *deadly_signals)

// The signal's own action is back in place (SA_RESETHAND) and not blocked (SA_NODEFER), so raising it again ends the process as it would
// have.
static void remove_unfinished(int signal) {
    int error = errno;
    if (unfinished_folder >= 0) unlinkat(unfinished_folder, unfinished_name, 0);
    raise(signal);
    errno = error;
}

// Only where a signal would end the process: who ignores or handles it goes on, and the writer with it.
static void catch_signals(struct sigaction *before) {
    struct sigaction action = {.sa_handler = remove_unfinished, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        sigaction(deadly_signals[i], NULL, &before[i]);
        if (before[i].sa_handler == SIG_DFL) sigaction(deadly_signals[i], &action, NULL);
    }
}

static void release_signals(const struct sigaction *before) {
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        if (before[i].sa_handler == SIG_DFL) sigaction(deadly_signals[i], &before[i], NULL);
    }
}

// Replaces a symbolic link's path by that of what it points to, which need not exist.
static int follow_links(char path[PATH_MAX]) {
    for (int i = 0; i < MOST_LINKS; i++) {
        char target[PATH_MAX];
        ssize_t length = readlink(path, target, sizeof target - 1);
        if (length < 0) return errno == EINVAL || errno == ENOENT ? 0 : errno;
        target[length] = 0;
        char *slash = target[0] == '/' ? NULL : strrchr(path, '/');
        size_t kept = slash == NULL ? 0 : (size_t)(slash - path) + 1;
        if (kept + (size_t)length >= PATH_MAX) return ENAMETOOLONG;
        memcpy(path + kept, target, (size_t)length + 1);
    }
    return ELOOP;
}

// The folder's descriptor and the name in it; -1 with the reason in `*error`. Cuts `path` in two.
static int open_folder(char *path, const char **name, int *error) {
    char *slash = strrchr(path, '/');
    const char *folder = slash == NULL ? "." : slash == path ? "/" : path;
    *name = slash == NULL ? path : slash + 1;
    if (slash != NULL) *slash = 0;
    *error = **name == 0 ? EISDIR : 0;
    if (*error != 0) return -1;
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    // one may write there, but not list it
    if (descriptor < 0 && errno == EACCES) descriptor = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) *error = errno;
    return descriptor;
}

int sp_find_target(const char *path, sp_target *target) {
    if (strlen(path) >= sizeof target->path) return ENAMETOOLONG;
    strcpy(target->path, path);
    target->exists = stat(path, &target->old) == 0;
    if (!target->exists && errno != ENOENT) return errno;
    if (target->exists && !S_ISREG(target->old.st_mode)) return S_ISDIR(target->old.st_mode) ? EISDIR : SP_NOT_REGULAR;
    int error = follow_links(target->path);
    if (error == 0) target->folder = open_folder(target->path, &target->name, &error);
    return error;
}

static void choose_name(void) {
    uint64_t number = 0;
    // Before the system has gathered randomness, on a board that just started, the clock and O_EXCL must do.
    if (syscall(SYS_getrandom, &number, sizeof number, NEVER_WAIT) != sizeof number)
        number = sp_nanoseconds() * 0x9E3779B97F4A7C15u ^ (uint64_t)getpid() << 40;
    char *digits = strrchr(unfinished_name, '-') + 1;
    for (int i = 0; i < 16; i++, number >>= 4) digits[i] = "0123456789abcdef"[number & 15];
}

// An open file of a name that nobody has; -1 with the reason in `*error`.
static int create_unfinished(int folder, mode_t mode, int *error) {
    for (int i = 0; i < MOST_NAMES; i++) {
        choose_name();
        unfinished_folder = folder; // before there is a file: a signal in between must find it
        int file = openat(folder, unfinished_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        if (file >= 0) return file;
        *error = errno;
        unfinished_folder = -1;
        if (*error != EEXIST) break;
    }
    return -1;
}

int sp_write_and_sync(int file, const void *bytes, size_t count) {
    int error = sp_write(file, bytes, count);
    if (error != 0) return error;
    return fsync(file) == 0 || errno == EINVAL ? 0 : errno; // EINVAL: a file system that cannot
}

int sp_copy_permissions(int file, const struct stat *other) {
    if (fchown(file, other->st_uid, other->st_gid) != 0) errno = 0; // only root may give files away
    return fchmod(file, other->st_mode & 0777) == 0 ? 0 : errno;
}

// `old` is null for a file that does not exist yet.
static int write_beside(int folder, const char *name, const struct stat *old, const void *bytes, size_t count) {
    int error = 0, file = create_unfinished(folder, old == NULL ? 0666 : 0600, &error);
    if (file < 0) return error;
    error = sp_write_and_sync(file, bytes, count);
    if (error == 0 && old != NULL) error = sp_copy_permissions(file, old);
    if (close(file) != 0 && error == 0) error = errno;
    if (error == 0 && renameat(folder, unfinished_name, folder, name) != 0) error = errno;
    if (error != 0) unlinkat(folder, unfinished_name, 0);
    unfinished_folder = -1;
    if (error == 0 && fsync(folder) != 0 && errno == EIO) error = EIO; // what else it says is that this folder cannot be synced
    return error;
}

static int replace(const char *path, const void *bytes, size_t count) {
    sp_target target;
    int error = sp_find_target(path, &target);
    if (error != 0) return error;
    struct sigaction before[DEADLY_COUNT];
    catch_signals(before);
    error = write_beside(target.folder, target.name, target.exists ? &target.old : NULL, bytes, count);
    release_signals(before);
    close(target.folder);
    return error;
}

int sp_write_file(const char *path, const void *bytes, size_t count) {
    while (atomic_flag_test_and_set(&writing)) sched_yield(); // a mutex is 2 KB of the boards' program
    int error = replace(path, bytes, count);
    atomic_flag_clear(&writing);
    return error;
}

#pragma clang attribute pop

#pragma clang attribute pop
