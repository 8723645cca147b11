#define _GNU_SOURCE
#include "CPlatform.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

int sp_list_folder(const char *path, void (*found)(void *context, const char *name, bool is_folder), void *context) {
    DIR *folder = opendir(path);
    if (folder == NULL) return errno;
    int error = 0;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(folder);
        if (entry == NULL) {
            error = errno;
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        struct stat status;
        bool is_folder = fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
        found(context, entry->d_name, is_folder);
    }
    closedir(folder);
    return error;
}

bool sp_is_folder(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool sp_is_out_of_memory(int error) { return error == ENOMEM; }

const char *sp_error_text(int error) {
    switch (error) {
    case SP_NOT_REGULAR: return "not a regular file";
    case EISDIR: return "is a folder";
    case SP_CHANGED: return "it changed its size while it was read; try again";
    case SP_BUSY: return "another process is installing it";
    default: return strerror(error);
    }
}
