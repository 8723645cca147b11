// What writing a file and installing one have in common.
#ifndef WRITE_H
#define WRITE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/// A regular file that is to be replaced, or a place for one.
typedef struct sp_target {
    char path[PATH_MAX]; // of its folder, a zero, its name
    const char *name;    // in `path`
    int folder;          // a descriptor, to be closed
    bool exists;
    struct stat old; // where it exists
} sp_target;

/// Finds it behind symbolic links, whose end need not exist. 0, errno or SP_NOT_REGULAR; but for 0 there is nothing to close.
int sp_find_target(const char *path, sp_target *target);
/// Writes everything and has it brought to the disk. 0, or errno.
int sp_write_and_sync(int file, const void *bytes, size_t count);
/// Gives a file the owner, as far as one may, and the permissions of another. 0, or errno.
int sp_copy_permissions(int file, const struct stat *other);

#endif
