#define _GNU_SOURCE
#include "CPlatform.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

sp_file sp_map(const char *path) {
    sp_file result = {NULL, 0, 0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        result.error = errno;
        return result;
    }
    struct stat status;
    if (fstat(file, &status) != 0) {
        result.error = errno;
    } else if (S_ISDIR(status.st_mode)) {
        result.error = EISDIR;
    } else if (!S_ISREG(status.st_mode)) {
        result.error = EINVAL;
    } else if (status.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
        if (bytes == MAP_FAILED) {
            result.error = errno;
        } else {
            result.bytes = bytes;
            result.size = (size_t)status.st_size;
        }
    }
    close(file);
    return result;
}

void sp_unmap(sp_file file) {
    if (file.bytes != NULL) munmap((void *)file.bytes, file.size);
}

void sp_release_pages(const void *bytes, size_t size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = ((uintptr_t)bytes + page - 1) / page * page, end = ((uintptr_t)bytes + size) / page * page;
    if (end > first) madvise((void *)first, end - first, MADV_DONTNEED);
}

int sp_write_file(const char *path, const void *bytes, size_t count) {
    size_t length = strlen(path) + 32;
    char *temporary = malloc(length);
    if (temporary == NULL) return ENOMEM;
    snprintf(temporary, length, "%s.tmp-%ld", path, (long)getpid());
    int error = 0, file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) {
        error = errno;
        free(temporary);
        return error;
    }
    const char *rest = bytes;
    while (count > 0 && error == 0) {
        ssize_t n = write(file, rest, count);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            error = errno;
        } else {
            rest += n;
            count -= (size_t)n;
        }
    }
    if (error == 0 && fsync(file) != 0 && errno != EINVAL) error = errno; // EINVAL: not a file that can be synced, such as a pipe
    if (close(file) != 0 && error == 0) error = errno;
    if (error == 0 && rename(temporary, path) != 0) error = errno;
    if (error != 0) unlink(temporary);
    free(temporary);
    return error;
}

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

const char *sp_error_text(int error) { return strerror(error); }
