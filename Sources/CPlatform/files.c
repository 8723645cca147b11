#define _GNU_SOURCE
#include "CPlatform.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

int sp_list(const char *folder, void (*each)(void *context, const char *name), void *context) {
    DIR *directory = opendir(folder);
    if (directory == NULL) return errno;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] != '.') each(context, entry->d_name);
    }
    closedir(directory);
    return 0;
}

bool sp_is_directory(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool sp_is_out_of_memory(int error) { return error == ENOMEM; }

const char *sp_error_text(int error) {
    switch (error) {
    case SP_NOT_REGULAR: return "not a regular file";
    case SP_CHANGED: return "it changed its size while it was read; try again";
    default: return strerror(error);
    }
}
