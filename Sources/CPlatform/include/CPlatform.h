// What Embedded Swift lacks: arguments, files, clock, memory, processors, threads. Linux only.
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- process.c

/// The program's arguments, argument 0 being its name; read from /proc/self/cmdline once.
int sp_argument_count(void);
const char *sp_argument(int index);
/// Whether the argument's bytes are UTF-8.
bool sp_argument_is_utf8(int index);
/// Whether the bytes are UTF-8, without overlong forms and surrogates. A Swift string repairs what is not, which changes the names of
/// files.
bool sp_is_utf8(const void *bytes, size_t count);
/// The environment variable's value, or null.
const char *sp_environment(const char *name);
_Noreturn void sp_exit(int status);
/// Prepares the process for errors where signals would be: a closed pipe (SIGPIPE) and a file that is too large (SIGXFSZ) become errors of
/// writing. Standard descriptors that are closed stay unusable, but no file that is opened later gets their numbers.
void sp_start(void);
/// Writes everything. 0, or errno.
int sp_write(int descriptor, const void *bytes, size_t count);
/// Closes standard output, which is when some file systems tell that what was written did not fit. 0, or errno.
int sp_finish_output(void);
bool sp_is_terminal(int descriptor);
/// Columns of the terminal on `descriptor`, 80 where unknown.
int sp_terminal_width(int descriptor);
/// Waits for bytes and reads at most `count`. How many, 0 at the end, or -1 with errno.
ptrdiff_t sp_read(int descriptor, void *bytes, size_t count);
/// Monotonic.
uint64_t sp_nanoseconds(void);
/// Since 1970, by the system's clock.
int64_t sp_unix_milliseconds(void);
/// How many SIGHUPs have come since the first call, before which one ends the process.
int sp_hangups(void);
/// How many SIGINTs have come since the first call, before which one ends the process, as the second one does.
int sp_interruptions(void);
void sp_sleep(int milliseconds);
/// The largest resident size this process has had, bytes.
size_t sp_peak_memory(void);

// ---- frames.c

/// What sp_frames_next has found.
enum {
    SP_FRAME_NONE,
    SP_FRAME,           // a picture's bytes, whole or not
    SP_FRAME_LOST,      // bytes between two pictures that are none
    SP_FRAME_TOO_LARGE, // more than 64 MiB, which were passed over
    SP_FRAMES_END
};

/// A picture of a stream.
typedef struct sp_frame {
    const void *bytes; // valid until the next one is asked for
    size_t size;
    uint64_t number;  // in the stream, from 1
    uint64_t arrived; // sp_nanoseconds() when its last byte was there
    uint64_t dropped; // pictures so far that were never handed out, because a later one was there
    int status;
} sp_frame;

/// Pictures that come one after another from a descriptor: JPEGs, with a server's lines between them or nothing, or pictures of any kind,
/// each after its length in four bytes, the lowest first, of which 0 is the end. Lives as long as the process.
typedef struct sp_frames sp_frames;

/// `latest`: a thread reads ahead and keeps the last picture alone. Null when memory or a thread cannot be had.
sp_frames *sp_frames_open(int descriptor, bool latest);
/// Waits for the next picture.
void sp_frames_next(sp_frames *frames, sp_frame *frame);

// ---- read.c

/// Errors of files beside those of errno, for sp_error_text.
enum { SP_NOT_REGULAR = -1, SP_CHANGED = -2, SP_BUSY = -3 };

/// A regular file that is read into memory of this process's own, from its begin on.
typedef struct sp_file {
    void *bytes;    // room for all of it, page-aligned; null on error or for an empty file
    size_t size;    // when it was opened
    size_t read;    // bytes that are there
    int descriptor; // -1 once all is read
    int error;      // 0, errno or one of the above
} sp_file;

/// Opens a regular file of at most `largest` bytes. Anything else (a folder, a FIFO, a device) is an error, at once.
sp_file sp_open_file(const char *path, size_t largest);
/// Reads on until the first `count` bytes are there, or the file ends. What is there is never read again. A file whose size has changed by
/// then is an error. Returns `file->error`.
int sp_read_file(sp_file *file, size_t count);
/// Gives back the memory of whole pages between two offsets that have been read and will not be looked at again.
void sp_release_file(sp_file *file, size_t from, size_t to);
void sp_close_file(sp_file *file);

// ---- write.c

/// Replaces or makes a file, whole or not at all: written under an unguessable name in the same folder, synced, renamed. 0, errno, or
/// SP_NOT_REGULAR: folders, devices and FIFOs are never replaced. Where `path` is a symbolic link, what it points to is replaced and the
/// link stays. The permissions of a file that exists are kept, a new one gets 0666 less the umask. A signal that ends the process in the
/// meantime (SIGHUP, SIGINT, SIGTERM, SIGXFSZ) takes the temporary file along.
int sp_write_file(const char *path, const void *bytes, size_t count);

// ---- lists.c

/// Bytes of a line, more than any path has.
enum { SP_LINE_BYTES = 4096 };
/// The next line of standard input without its end, valid until the next call. Null at the end, and with a `*problem` where it cannot be a
/// path.
const char *sp_next_line(const char **problem);
/// `I/N`, part I of N, counted from 1. False for anything else.
bool sp_read_part(const char *text, int *part, int *parts);
/// A number from 0 to 1 in decimal digits. False for anything else.
bool sp_read_fraction(const char *text, double *value);
/// Makes a file standard output, behind the whole lines that it has: their number. `*error` as of sp_write_file.
uint64_t sp_resume_output(const char *path, int *error);
/// Whether the last of these lines begins so.
bool sp_resumes_after(const char *begin, size_t count);

// ---- install.c

/// As sp_write_file, for a file that others use: the one that was there stays beside it as `path`.previous. Whenever the process is killed
/// or the machine loses power, the old file or the new one is there, whole. What a killed process leaves, `path`.installing, the next one
/// takes over. SP_BUSY: another process installs the same file.
int sp_install_file(const char *path, const void *bytes, size_t count);
/// Exchanges a file and its `path`.previous. 0, errno (ENOENT: there is none) or SP_BUSY.
int sp_roll_back_file(const char *path);

// ---- files.c

/// Calls `found` with the name of every entry of a folder, in the system's order, and whether it is a folder itself, which a link to one is
/// not. 0, or errno.
int sp_list_folder(const char *path, void (*found)(void *context, const char *name, bool is_folder), void *context);
/// Whether `path` is a folder, or a link to one.
bool sp_is_folder(const char *path);
/// A one-line text for an errno, or for SP_NOT_REGULAR, SP_CHANGED and SP_BUSY.
const char *sp_error_text(int error);
/// Whether an errno says that memory ran out.
bool sp_is_out_of_memory(int error);

// ---- memory.c

/// 64-byte aligned, zeroed; null when there is none.
void *sp_allocate(size_t bytes);
void sp_free(void *memory);

// ---- processors.c

/// Processors this process may run on.
int sp_cpu_count(void);
/// The processor's model name, "unknown" where the system does not tell.
void sp_cpu_name(char *name, size_t capacity);
/// The number in `folder`/cpuN/`name`, 0 where there is none. In /sys/devices/system/cpu big and little cores differ in cpu_capacity (the
/// fastest has 1024) and cpufreq/cpuinfo_max_freq (kHz).
long sp_cpu_number(const char *folder, int cpu, const char *name);
/// The processors this process may run on, at most `capacity`; returns their number.
int sp_cpus(int *cpus, int capacity);
/// Restricts this thread, and those it starts later, to the given processors. 0, or errno.
int sp_bind(const int *cpus, int count);

// ---- sensors.c

/// What the machine tells about its state.
typedef struct sp_conditions {
    int mhz, highest_mhz; // mean of this process's processors; 0 where the system does not tell
    bool is_performance; // no processor has another governor
    int temperature; // of the hottest zone, in thousandths of a degree Celsius; -1 where there is none
    int64_t energy; // counter, microjoules (RAPL, hwmon); -1 where there is none
    int64_t power; // microwatts (hwmon); -1 where there is none
    double load; // mean number of running processes of the last minute
    uint64_t ticks, stolen_ticks; // since the start: of all processors, and of them those that a hypervisor gave to others
} sp_conditions;

/// - root: "", or a folder that stands for the file system's root.
void sp_read_conditions(const char *root, sp_conditions *conditions);

// ---- callers.c

/// Bytes of a thread's text, its final zero among them.
enum { SP_THREAD_TEXT_BYTES = 1024 };
/// This thread's own text, and its own number in `*code`: empty and 0 at first.
char *sp_thread_text(int **code);

/// A lock that one thread at a time holds.
typedef struct sp_lock sp_lock;
/// Null when memory runs out.
sp_lock *sp_lock_create(void);
void sp_lock_take(sp_lock *lock);
void sp_lock_give(sp_lock *lock);
void sp_lock_destroy(sp_lock *lock);
/// The number of this process, which a child by fork() does not share.
int sp_process(void);

// ---- pool.c

/// A fixed team of threads that run a list of steps, each divided into as many parts as there are threads, or more.
///
/// A step begins when all parts of the one before are done. With a part for each thread, thread t takes part t; a part that its thread does
/// not come for within microseconds, because another process has its processor, is taken by a thread that waits. So a thread that is not
/// running holds up nobody, unless it was stopped in the middle of a part. With more parts, a thread takes one after the other, its own
/// first, then what is left of others': threads on faster cores do more.
typedef struct sp_pool sp_pool;

/// What a thread of the team does in a run: `run` is to be handed to the functions below.
typedef void (*sp_task)(void *context, int thread, int threads, uint32_t run);

/// `threads` includes the caller, 1 or more; `parts` is a multiple of it; `steps` is the most a run may have. Null when memory or threads
/// cannot be had. Waiting threads spin for a few tens of microseconds before they sleep, or not at all where there are fewer processors
/// than threads.
sp_pool *sp_pool_create(int threads, int parts, int steps);
int sp_pool_threads(const sp_pool *pool);
/// Starts `task` on every thread and runs it on the caller as thread 0; returns when the caller's is done, which by then has waited for the
/// last step. One caller at a time. `context` must outlive the pool: a thread that comes late, to a run that has ended, still calls `task`.
void sp_pool_run(sp_pool *pool, sp_task task, void *context);
void sp_pool_destroy(sp_pool *pool);
/// Adds up from now on how long each thread waits for others' parts, or no longer.
void sp_pool_measure(sp_pool *pool, bool measures);
/// Nanoseconds that a thread has waited while that was measured.
uint64_t sp_pool_waited(const sp_pool *pool, int thread);

/// In a task: the first part of `step` for this thread to compute, or -1 when all are done, for which it waits.
int sp_pool_claim(sp_pool *pool, uint32_t run, int step, int thread);
/// In a task: tells that a claimed part is done.
void sp_pool_complete(sp_pool *pool, int step);
/// In a task: waits until all parts of `step` are done. Returns -1 then, or a part that nobody has come for (with more parts than threads:
/// any that is left, at once), claimed for the caller to compute and complete before it waits again.
int sp_pool_await(sp_pool *pool, uint32_t run, int step, int thread);

#endif
