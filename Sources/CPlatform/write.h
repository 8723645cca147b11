// What writing a file and installing one have in common.
#ifndef WRITE_H
#define WRITE_H

#include <stddef.h>
#include <sys/stat.h>

/// Replaces a symbolic link's path, PATH_MAX bytes of room, by that of what it points to, which need not exist. 0, or errno.
int sp_follow_links(char *path);
/// The folder's descriptor and the name in it; -1 with the reason in `*error`. Cuts `path` in two.
int sp_open_folder(char *path, const char **name, int *error);
/// Writes everything and has it brought to the disk. 0, or errno.
int sp_write_and_sync(int file, const void *bytes, size_t count);
/// Gives a file the owner, as far as one may, and the permissions of another. 0, or errno.
int sp_copy_permissions(int file, const struct stat *other);

#endif
