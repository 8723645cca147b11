// Files read once into memory of the process's own. A mapping would be shorter, but whoever shortens the file then ends this process by
// SIGBUS, and whoever changes it, or pages that are given back and come in again, make what is used another thing than what was checked.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONGEST_READ ((size_t)1 << 22) // bytes a call; pages are made ready for so many at once
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 // Linux 5.14
#endif

static int check_kind(const struct stat *status) {
    if (S_ISDIR(status->st_mode)) return EISDIR;
    return S_ISREG(status->st_mode) ? 0 : SP_NOT_REGULAR;
}

// The descriptor, or -1 with the reason in `*error`. A device is told by its name, before it is opened, which may do something; a FIFO
// without waiting.
static int open_regular(const char *path, off_t *size, int *error) {
    struct stat status;
    *error = stat(path, &status) != 0 ? errno : check_kind(&status);
    if (*error != 0) return -1;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        *error = errno;
        return -1;
    }
    *error = fstat(descriptor, &status) != 0 ? errno : check_kind(&status);
    *size = status.st_size;
    if (*error == 0) return descriptor;
    close(descriptor);
    return -1;
}

sp_file sp_open_file(const char *path, size_t largest) {
    sp_file file = {NULL, 0, 0, -1, 0};
    off_t size = 0;
    file.descriptor = open_regular(path, &size, &file.error);
    if (file.error != 0) return file;
    if ((uint64_t)size > largest) {
        file.error = EFBIG;
    } else if (size > 0) {
        void *bytes = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (bytes == MAP_FAILED) file.error = errno;
        else file.bytes = bytes;
    }
    if (file.error == 0) file.size = (size_t)size;
    return file;
}

// pread until all is there: the bytes read, fewer at the end of the file, or -1.
static ssize_t read_fully(int descriptor, char *bytes, size_t count, size_t offset) {
    size_t done = 0;
    while (done < count) {
        ssize_t n = pread(descriptor, bytes + done, count - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

// That nothing follows what was read, and that the file says so too.
static int check_end(const sp_file *file) {
    char beyond;
    struct stat status;
    ssize_t n = read_fully(file->descriptor, &beyond, 1, file->size);
    if (n < 0 || fstat(file->descriptor, &status) != 0) return errno;
    return n > 0 || (uint64_t)status.st_size != file->size ? SP_CHANGED : 0;
}

int sp_read_file(sp_file *file, size_t count) {
    if (file->error != 0) return file->error;
    if (count > file->size) count = file->size;
    while (file->read < count) {
        size_t length = count - file->read < LONGEST_READ ? count - file->read : LONGEST_READ;
        char *target = (char *)file->bytes + file->read;
        char *page = (char *)((uintptr_t)target & ~(uintptr_t)4095);
        // a hint: a fault a page is slower
        if (length >= LONGEST_READ / 64) (void)madvise(page, (size_t)(target + length - page), MADV_POPULATE_WRITE);
        ssize_t n = read_fully(file->descriptor, target, length, file->read);
        if (n < 0) return file->error = errno;
        if ((size_t)n < length) return file->error = SP_CHANGED;
        file->read += length;
    }
    if (file->read == file->size && file->descriptor >= 0) {
        file->error = check_end(file);
        close(file->descriptor);
        file->descriptor = -1;
    }
    return file->error;
}

void sp_release_file(sp_file *file, size_t from, size_t to) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t first = from / page * page, end = to / page * page;
    if (file->bytes == NULL || to > file->read || end <= first) return;
    madvise((char *)file->bytes + first, end - first, MADV_DONTNEED);
}

void sp_close_file(sp_file *file) {
    if (file->bytes != NULL) munmap(file->bytes, file->size);
    if (file->descriptor >= 0) close(file->descriptor);
    *file = (sp_file){NULL, 0, 0, -1, 0};
}
