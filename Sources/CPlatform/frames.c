// Pictures one after another from a descriptor, as cameras write them. Memory is that of the largest one, three times with a thread that
// reads ahead.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#define CHUNK ((size_t)1 << 16)   // bytes a read
#define LARGEST ((size_t)64 << 20) // bytes of a picture
#define LEAST_LOSS 512            // bytes between two JPEGs that are more than what servers write there

enum { UNKNOWN, JPEGS, LENGTHS }; // what is before and between pictures
enum { OWN = 3, FRESH = 4, ENDED = 8 }; // of `ready`: a slot's number, and whether it holds a picture that nobody has taken

typedef struct slot {
    uint8_t *bytes;
    size_t capacity;
    sp_frame frame;
} slot;

struct sp_frames {
    int descriptor, form;
    bool is_over;   // nothing more comes from the descriptor
    bool in_scan;   // in the coded pixels of a JPEG, where a marker may be anywhere
    bool is_broken; // the JPEG ends where the next one begins
    bool is_quiet;  // what is skipped has been told of
    uint8_t *bytes;
    size_t count, capacity;
    size_t at;   // how far the JPEG at the begin of `bytes` is scanned
    size_t used; // bytes at the begin that were handed out
    uint64_t skip; // bytes still to come that are left out
    uint64_t number;
    // with a thread that reads ahead
    bool reads_ahead;
    slot slots[3];
    int own, taken; // the slots of the thread and of the caller
    atomic_int ready;
    _Atomic uint64_t dropped;
};

static bool make_room(uint8_t **bytes, size_t *capacity, size_t wanted) {
    if (wanted <= *capacity) return true;
    size_t larger = wanted + wanted / 2;
    uint8_t *moved = realloc(*bytes, larger);
    if (moved == NULL) return false;
    *bytes = moved;
    *capacity = larger;
    return true;
}

static void drop(sp_frames *f, size_t count) {
    memmove(f->bytes, f->bytes + count, f->count - count);
    f->count -= count;
}

// Reads what there is, or waits for it. False at the end, and where memory runs out.
static bool read_more(sp_frames *f) {
    ssize_t n = 0;
    if (!f->is_over && make_room(&f->bytes, &f->capacity, f->count + CHUNK)) n = sp_read(f->descriptor, f->bytes + f->count, CHUNK);
    if (n <= 0) {
        f->is_over = true;
        return false;
    }
    size_t left_out = f->skip < (uint64_t)n ? (size_t)f->skip : (size_t)n;
    f->skip -= left_out;
    memmove(f->bytes + f->count, f->bytes + f->count + left_out, (size_t)n - left_out);
    f->count += (size_t)n - left_out;
    return true;
}

// The place of the next JPEG's first bytes, from `from` on and before `end`; else `end`, or the last place where there may be more of them.
static size_t next_jpeg(const sp_frames *f, size_t from, size_t end) {
    if (end + 2 > f->count) end = f->count < 2 ? 0 : f->count - 2;
    while (from < end) {
        const uint8_t *found = memchr(f->bytes + from, 0xFF, end - from);
        if (found == NULL) return end;
        if (found[1] == 0xD8 && found[2] == 0xFF) return (size_t)(found - f->bytes);
        from = (size_t)(found - f->bytes) + 1;
    }
    return end > from ? end : from;
}

static bool is_parameterless(uint8_t marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7); }

// Those of EXIF and of Photoshop, which may hold a JPEG as a thumbnail. In others, one that begins is the next picture: this one was cut.
static bool holds_thumbnails(uint8_t marker) { return marker == 0xE1 || marker == 0xED; }

// Passes over a segment of the JPEG. False where more of it must be there first.
static bool pass_segment(sp_frames *f, const uint8_t *p) {
    size_t end = f->at + 2 + ((size_t)p[2] << 8 | p[3]);
    size_t next = next_jpeg(f, f->at + 2, end);
    f->is_broken = !holds_thumbnails(p[1]) && next < end && next + 2 < f->count;
    if (!f->is_broken && end + 2 > f->count) return false;
    f->in_scan = p[1] == 0xDA;
    f->at = end;
    return true;
}

// Whether the JPEG at the begin of the buffer ends within it, at `at`. Thumbnails within it have ends of their own: segments are passed
// over by their lengths.
static bool find_end(sp_frames *f) {
    while (!f->is_broken) {
        if (f->at + 2 > f->count) return false;
        const uint8_t *p = f->bytes + f->at;
        size_t left = f->count - f->at;
        if (f->in_scan) {
            const uint8_t *found = memchr(p, 0xFF, left);
            f->at = found == NULL ? f->count : (size_t)(found - f->bytes);
            if (found == NULL || found + 1 == f->bytes + f->count) return false;
            if (found[1] == 0 || is_parameterless(found[1])) f->at += 2;
            else if (found[1] == 0xFF) f->at++;
            else f->in_scan = false;
            continue;
        }
        uint8_t marker = p[1];
        if (p[0] != 0xFF || marker == 0 || marker == 0xD8) f->is_broken = true;
        else if (marker == 0xFF) f->at++;
        else if (marker == 0xD9 || is_parameterless(marker)) f->at += 2;
        else if (left < 4 || !pass_segment(f, p)) return false;
        if (marker == 0xD9 && p[0] == 0xFF) return true;
        if (f->is_broken) f->at = 2;
    }
    f->at = next_jpeg(f, f->at, f->count);
    return f->at + 2 < f->count;
}

static void begin_jpeg(sp_frames *f) {
    f->at = 2;
    f->in_scan = f->is_broken = false;
}

static void give(sp_frames *f, sp_frame *frame, int status, const uint8_t *bytes, size_t size, size_t used) {
    *frame = (sp_frame){.bytes = bytes, .size = size, .number = ++f->number, .arrived = sp_nanoseconds(), .status = status};
    f->used = used;
}

static void parse_jpeg(sp_frames *f, sp_frame *frame) {
    size_t begin;
    for (;;) { // to the first one's begin
        begin = next_jpeg(f, 0, f->count);
        if (begin + 2 < f->count || begin > CHUNK || !read_more(f)) break;
    }
    bool is_lost = begin >= LEAST_LOSS && !f->is_quiet;
    if (begin + 2 >= f->count && f->is_over) { // nothing but what no picture begins with
        if (is_lost) return give(f, frame, SP_FRAME_LOST, f->bytes, 0, f->count);
        frame->status = SP_FRAMES_END;
        return;
    }
    f->is_quiet = begin + 2 >= f->count;
    if (is_lost) return give(f, frame, SP_FRAME_LOST, f->bytes, 0, begin);
    drop(f, begin);
    if (f->is_quiet) return;
    begin_jpeg(f);
    bool is_whole;
    do is_whole = find_end(f);
    while (!is_whole && f->count <= LARGEST && read_more(f));
    size_t size = is_whole ? f->at : f->count;
    f->is_quiet = !is_whole && size > LARGEST; // what follows of it is no other loss
    give(f, frame, size > LARGEST ? SP_FRAME_TOO_LARGE : SP_FRAME, f->bytes, size > LARGEST ? 0 : size, size);
}

static void parse_length(sp_frames *f, sp_frame *frame) {
    while (f->count < 4 && read_more(f)) {
    }
    uint32_t size = 0;
    if (f->count >= 4) size = f->bytes[0] | (uint32_t)f->bytes[1] << 8 | (uint32_t)f->bytes[2] << 16 | (uint32_t)f->bytes[3] << 24;
    if (size == 0) {
        frame->status = SP_FRAMES_END;
        return;
    }
    if (size > LARGEST) {
        size_t there = f->count - 4 < size ? f->count - 4 : size;
        f->skip = size - there;
        return give(f, frame, SP_FRAME_TOO_LARGE, f->bytes, 0, 4 + there);
    }
    while (f->count - 4 < size && read_more(f)) {
    }
    size_t there = f->count - 4 < size ? f->count - 4 : size;
    give(f, frame, SP_FRAME, f->bytes + 4, there, 4 + there);
}

// By four bytes, which as a length would be too large.
static bool is_picture(const uint8_t *bytes) {
    if (bytes[0] == 0xFF) return bytes[1] == 0xD8 && bytes[2] == 0xFF && bytes[3] >= 0xC0;
    return memcmp(bytes, "\x89PNG", 4) == 0 || (bytes[0] == 'P' && (bytes[1] == '5' || bytes[1] == '6') && bytes[2] <= ' ');
}

static void parse(sp_frames *f, sp_frame *frame) {
    drop(f, f->used);
    f->used = 0;
    *frame = (sp_frame){.status = SP_FRAME_NONE};
    while (f->form == UNKNOWN) {
        while (f->count < 8 && read_more(f)) {
        }
        f->form = f->count >= 8 && !is_picture(f->bytes) && is_picture(f->bytes + 4) ? LENGTHS : JPEGS;
    }
    while (frame->status == SP_FRAME_NONE) {
        if (f->form == JPEGS) parse_jpeg(f, frame);
        else parse_length(f, frame);
    }
}

// ---- Reading ahead: the thread fills a slot and exchanges it for the ready one, and the caller takes that in exchange for its own.

static void *read_ahead(void *context) {
    sp_frames *f = context;
    for (;;) {
        slot *own = &f->slots[f->own];
        parse(f, &own->frame);
        if (own->frame.status == SP_FRAMES_END || !make_room(&own->bytes, &own->capacity, own->frame.size)) break;
        if (own->frame.size > 0) memcpy(own->bytes, own->frame.bytes, own->frame.size);
        own->frame.bytes = own->bytes;
        int before = atomic_exchange(&f->ready, f->own | FRESH);
        if (before & FRESH) atomic_fetch_add(&f->dropped, 1);
        f->own = before & OWN;
        syscall(SYS_futex, &f->ready, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    }
    atomic_fetch_or(&f->ready, ENDED);
    syscall(SYS_futex, &f->ready, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    return NULL;
}

static void take_ready(sp_frames *f, sp_frame *frame) {
    int ready;
    while (((ready = atomic_load(&f->ready)) & (FRESH | ENDED)) == 0)
        syscall(SYS_futex, &f->ready, FUTEX_WAIT_PRIVATE, ready, NULL, NULL, 0);
    if (!(ready & FRESH)) {
        *frame = (sp_frame){.status = SP_FRAMES_END};
        return;
    }
    // A newer picture may have come meanwhile; the end may not, after which no picture comes.
    do ready = atomic_load(&f->ready);
    while (!atomic_compare_exchange_weak(&f->ready, &ready, f->taken | (ready & ENDED)));
    f->taken = ready & OWN;
    *frame = f->slots[f->taken].frame;
    frame->dropped = atomic_load(&f->dropped);
}

sp_frames *sp_frames_open(int descriptor, bool latest) {
    sp_frames *f = calloc(1, sizeof *f);
    if (f == NULL) return NULL;
    f->descriptor = descriptor;
    f->own = 1;
    f->taken = 2;
    f->reads_ahead = latest;
    pthread_t thread;
    if (!make_room(&f->bytes, &f->capacity, 2 * CHUNK) || (latest && pthread_create(&thread, NULL, read_ahead, f) != 0)) {
        free(f->bytes);
        free(f);
        return NULL;
    }
    return f;
}

void sp_frames_next(sp_frames *f, sp_frame *frame) {
    if (f->reads_ahead) take_ready(f, frame);
    else parse(f, frame);
}

#pragma clang attribute pop

#pragma clang attribute pop
