// A file that others use, replaced by a new one with the old one kept: at any moment there is a whole file under its name.
#define _GNU_SOURCE
#include "CPlatform.h"
#include "write.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#define MOST_TRIES 16
#define EXCHANGE 2 // RENAME_EXCHANGE, which musl does not name

// Names in one folder.
typedef struct names {
    sp_target current;
    char previous[NAME_MAX + 1];   // the file that was there before
    char installing[NAME_MAX + 1]; // what is being written; who holds its lock installs
    char keeping[NAME_MAX + 1];    // the old file on its way to `previous`
} names;

static int extend(char target[NAME_MAX + 1], const char *name, const char *ending) {
    if (strlen(name) + strlen(ending) > NAME_MAX) return ENAMETOOLONG;
    strcpy(target, name);
    strcat(target, ending);
    return 0;
}

// The folder is to be closed.
static int find(const char *path, names *names) {
    int error = sp_find_target(path, &names->current);
    if (error != 0) return error;
    const char *name = names->current.name;
    error = extend(names->previous, name, ".previous");
    if (error == 0) error = extend(names->installing, name, ".installing");
    if (error == 0) error = extend(names->keeping, name, ".keeping");
    if (error != 0) close(names->current.folder);
    return error;
}

// The file to write, empty, of which nobody else has the lock; -1 with the reason in `*error`. What a process that was killed has left is
// taken over. Between opening and locking another process may have given the file its final name: then it is not ours to write.
static int lock(const names *names, int *error) {
    for (int i = 0; i < MOST_TRIES; i++) {
        int file = openat(names->current.folder, names->installing, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (file < 0) break;
        struct stat ours, there;
        *error = flock(file, LOCK_EX | LOCK_NB) == 0 ? 0 : errno == EWOULDBLOCK ? SP_BUSY : errno;
        if (*error == 0 && fstatat(names->current.folder, names->installing, &there, AT_SYMLINK_NOFOLLOW) == 0 && fstat(file, &ours) == 0
            && ours.st_ino == there.st_ino && S_ISREG(ours.st_mode)) {
            if (ftruncate(file, 0) == 0) return file;
            *error = errno;
        }
        close(file);
        if (*error != 0) return -1;
    }
    *error = errno != 0 ? errno : SP_BUSY;
    return -1;
}

// A second name of the file, or where the file system has none a copy.
static int duplicate(int folder, const char *from, const char *to) {
    unlinkat(folder, to, 0);
    if (linkat(folder, from, folder, to, 0) == 0) return 0;
    int source = openat(folder, from, O_RDONLY | O_CLOEXEC), error = errno;
    if (source < 0) return error;
    int target = openat(folder, to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    error = target < 0 ? errno : 0;
    char part[4096];
    ssize_t count = 0;
    while (error == 0 && (count = read(source, part, sizeof part)) > 0) error = sp_write(target, part, (size_t)count);
    if (error == 0 && (count < 0 || fsync(target) != 0)) error = errno;
    close(source);
    if (target >= 0) close(target);
    return error;
}

static int move(const names *names, const char *from, const char *to) {
    return renameat(names->current.folder, from, names->current.folder, to) == 0 ? 0 : errno;
}

static int finish(const names *names) { return fsync(names->current.folder) != 0 && errno == EIO ? EIO : 0; }

int sp_install_file(const char *path, const void *bytes, size_t count) {
    names names;
    int error = find(path, &names);
    if (error != 0) return error;
    bool exists = names.current.exists;
    int file = lock(&names, &error);
    if (file >= 0) {
        error = sp_write_and_sync(file, bytes, count);
        if (error == 0 && exists) error = sp_copy_permissions(file, &names.current.old);
        if (error == 0 && exists) error = duplicate(names.current.folder, names.current.name, names.keeping);
        if (error == 0 && exists) error = move(&names, names.keeping, names.previous);
        if (error == 0) error = move(&names, names.installing, names.current.name);
        if (error != 0) unlinkat(names.current.folder, names.installing, 0);
        else error = finish(&names);
        close(file);
    }
    close(names.current.folder);
    return error;
}

int sp_roll_back_file(const char *path) {
    names names;
    int error = find(path, &names);
    if (error != 0) return error;
    int file = lock(&names, &error);
    if (file >= 0) {
        if (syscall(SYS_renameat2, names.current.folder, names.previous, names.current.folder, names.current.name, EXCHANGE) != 0) {
            // Older kernels and some file systems exchange nothing; and there may be no current file.
            error = duplicate(names.current.folder, names.current.name, names.keeping);
            bool exists = error == 0;
            if (error == ENOENT) error = 0;
            if (error == 0) error = move(&names, names.previous, names.current.name);
            if (error == 0 && exists) error = move(&names, names.keeping, names.previous);
        }
        unlinkat(names.current.folder, names.installing, 0);
        if (error == 0) error = finish(&names);
        close(file);
    }
    close(names.current.folder);
    return error;
}

#pragma clang attribute pop

#pragma clang attribute pop
