/*
 * Swiftlet: what a picture shows, by an int8 network in a .slet file. One ABI for C, C++, Python and every other language.
 *
 *     swiftlet_model *model = swiftlet_model_open("m.slet");
 *     swiftlet_session *session = model ? swiftlet_session_create(model, 2) : NULL;
 *     swiftlet_result results[5];
 *     int count = session ? swiftlet_classify_file(session, "cat.jpg", results, 5) : -1;
 *     if (count < 0) fprintf(stderr, "%s\n", swiftlet_last_error());
 *     for (int i = 0; i < count; i++) printf("%s %f\n", results[i].label, results[i].probability);
 *     swiftlet_session_destroy(session);
 *     swiftlet_model_close(model);
 *
 * Errors. A function that fails returns NULL or -1, does nothing else, and leaves a line of text and a code for its thread. What a
 * caller passes never ends the process: null pointers and sizes that do not fit are errors. A pointer to something else than what a
 * function takes is not found out.
 *
 * Threads. A model is immutable: any number of threads may use one, and it is packed once however many sessions share it. A session is
 * meant for one thread at a time; calls that other threads make on it meanwhile wait their turn. To answer several at once, give each
 * thread a session of its own.
 *
 * Forks. A session belongs to the process that made it: in a child by fork() it is an error of each call, and destroying it there does
 * nothing. A model may be used in both, so that a child makes sessions of its own.
 *
 * Ownership. What a function hands out as `const char *` belongs to the library. Text of a model (its name, labels and so on, also
 * those in results) stays valid until the model is closed and the last of its sessions is destroyed.
 */
#ifndef SWIFTLET_H
#define SWIFTLET_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- The library */

/* The ABI that this header describes. It changes when a program that was compiled with an older header would not work any more; functions
 * that join it change nothing. */
#define SWIFTLET_ABI_VERSION 1

/* The ABI that the library has; equal to SWIFTLET_ABI_VERSION where header and library fit each other. */
int swiftlet_abi_version(void);

/* The library's version, such as "0.2.0". Never NULL; valid for as long as the library is loaded. */
const char *swiftlet_version(void);

/* ---- Errors */

/* The sort of thing that is wrong, for a program to decide by. */
typedef enum swiftlet_error {
    SWIFTLET_OK = 0,            /* nothing has failed on this thread yet */
    SWIFTLET_BAD_FILE = 1,      /* a model or picture cannot be read, is damaged, or is something else */
    SWIFTLET_TOO_MUCH_WORK = 2, /* a model whose single run would take absurdly long */
    SWIFTLET_BAD_INPUT = 3,     /* what was passed does not fit: a null pointer, a size, a number */
    SWIFTLET_UNSUPPORTED = 4,   /* this machine or this version of the library cannot do it */
    SWIFTLET_OUT_OF_MEMORY = 5,
    SWIFTLET_SYSTEM = 6         /* the operating system refused something else, such as another thread */
} swiftlet_error;

/* Why the last function that failed on this thread did: one line of UTF-8 that names the file or the argument, without a full stop and of
 * at most 1,023 bytes. "" where nothing has failed yet; functions that succeed leave it as it is. Never NULL. Valid until the next failure
 * on this thread, or the thread's end. */
const char *swiftlet_last_error(void);

/* What sort of error that was: a swiftlet_error. */
int swiftlet_last_error_code(void);

/* ---- Models */

/* A model file, read, checked, and packed for this machine's processor. */
typedef struct swiftlet_model swiftlet_model;

/* Reads a .slet file, which may be changed or removed afterwards. The environment variable SWIFTLET_ISA caps the instruction set as it does
 * for the `swiftlet` tool; results do not depend on it.
 *   path: UTF-8.
 * Returns a model to be closed, or NULL. */
swiftlet_model *swiftlet_model_open(const char *path);

/* The same for the bytes of a .slet file; nothing of `bytes` is kept.
 *   bytes, size: the whole file. */
swiftlet_model *swiftlet_model_open_bytes(const void *bytes, size_t size);

/* Gives a model back. Sessions keep what they need of it: they may be used on and destroyed later, and the memory is freed with the last of
 * them. NULL is allowed and does nothing. */
void swiftlet_model_close(swiftlet_model *model);

/* The name that the model's source has, or NULL. */
const char *swiftlet_model_name(const swiftlet_model *model);

/* The size of the picture that the network takes; pictures of any size are resized to it. `swiftlet_run` takes values of exactly this
 * shape, [channels][height][width].
 *   channels, height, width: where the numbers go; each may be NULL.
 * Returns 0, or -1. */
int swiftlet_model_input_shape(const swiftlet_model *model, int *channels, int *height, int *width);

/* How many classes the model tells apart, or -1. */
int swiftlet_model_class_count(const swiftlet_model *model);

/* How many of its classes have names: all, or 0 where the file has no names; -1 on an error. */
int swiftlet_model_label_count(const swiftlet_model *model);

/* The name of a class, "class N" where the file has no names; NULL where there is no such class.
 *   index: counted from 0. */
const char *swiftlet_model_label(const swiftlet_model *model, int index);

/* How many entries there are on where the file came from, or -1. */
int swiftlet_model_provenance_count(const swiftlet_model *model);

/* An entry on where the file came from, such as "source.sha256" and its value.
 *   index: counted from 0, in the file's order.
 *   key, value: where the texts go; each may be NULL.
 * Returns 0, or -1. */
int swiftlet_model_provenance(const swiftlet_model *model, int index, const char **key, const char **value);

/* The instruction set that the network runs with, such as "avx2" or "neon_dotprod", or NULL. */
const char *swiftlet_model_instruction_set(const swiftlet_model *model);

/* ---- Sessions */

/* What one run needs: memory for activations, and a team of threads. */
typedef struct swiftlet_session swiftlet_session;

/* Makes a session of a model.
 *   threads: that work on one picture, 1 or more; no more than there are processors are started. Results do not depend on it.
 * Returns a session to be destroyed, or NULL. */
swiftlet_session *swiftlet_session_create(swiftlet_model *model, int threads);

/* Gives a session back; no call on it may be going on. NULL is allowed and does nothing. */
void swiftlet_session_destroy(swiftlet_session *session);

/* Threads that really work on a picture, or -1. */
int swiftlet_session_threads(const swiftlet_session *session);

/* How long the network took in the last call on this session, in microseconds: without decoding, resizing and the sorting of answers;
 * of `swiftlet_run` with several pictures, all of them together. 0 before the first, or -1. */
double swiftlet_session_microseconds(swiftlet_session *session);

/* ---- Pictures */

/* One answer to what a picture shows. */
typedef struct swiftlet_result {
    int index; /* of the class, counted from 0 */
    float probability; /* in [0, 1]; those of all classes sum to 1 */
    const char *label; /* as of swiftlet_model_label */
} swiftlet_result;

/* How raw pixels lie in memory, rows from the top. Of the last three, two values of color belong to two or four pixels; they are video of
 * limited range by ITU-R BT.601 (black is 16, white 235), which becomes RGB with the bytes of OpenCV's cvtColor (COLOR_YUV2RGB_NV12 and so
 * on), without interpolation:
 *
 *     y = 1220542 * max(Y - 16, 0) + 524288                    each result then shifted right by 20 bits and clamped to 0 to 255
 *     R = y + 1673527 * (V - 128)
 *     G = y -  852492 * (V - 128) - 409993 * (U - 128)
 *     B = y + 2116026 * (U - 128)
 */
typedef enum swiftlet_format {
    SWIFTLET_RGB = 0, /* 3 bytes a pixel, red first */
    SWIFTLET_BGR = 1, /* 3 bytes a pixel, blue first, as OpenCV has it */
    SWIFTLET_RGBA = 2, /* 4 bytes a pixel; the fourth is left out, whatever it is */
    SWIFTLET_BGRA = 3, /* 4 bytes a pixel; the fourth is left out */
    SWIFTLET_GRAY = 4, /* 1 byte a pixel: three equal channels */
    SWIFTLET_NV12 = 5, /* height rows of Y, then height / 2 rows of U, V, U, V …; width and height are even */
    SWIFTLET_I420 = 6, /* height rows of Y, height / 2 rows of U, as many of V, these of half the stride; width, height, stride are even */
    SWIFTLET_YUYV = 7 /* rows of Y, U, Y, V, Y, U, Y, V …: two pixels in 4 bytes; the width is even */
} swiftlet_format;

/* The three functions below say what a picture shows, as `swiftlet classify` does: they resize and crop it as the model file says.
 *   results: room for `top` answers, which come in order, the most probable first.
 *   top: how many answers are wanted, 1 or more.
 * They return how many there are: `top`, or the number of classes where that is less; or -1. */

/* A picture file: JPEG, PNG, or binary PPM or PGM. An error names the file.
 *   path: UTF-8. */
int swiftlet_classify_file(swiftlet_session *session, const char *path, swiftlet_result *results, int top);

/* The bytes of a picture file: JPEG, PNG, or binary PPM or PGM. Nothing of `bytes` is kept. */
int swiftlet_classify_image(swiftlet_session *session, const void *bytes, size_t size, swiftlet_result *results, int top);

/* Raw pixels, such as a camera's. Nothing of `pixels` is kept.
 *   pixels: the first byte of the first row.
 *   width, height: in pixels, 1 to 65,500 each.
 *   stride: bytes from one row to the next, no less than a row has. The last row may end with its last pixel.
 *   format: a swiftlet_format. */
int swiftlet_classify_pixels(swiftlet_session *session, const uint8_t *pixels, int width, int height, int stride, int format,
                             swiftlet_result *results, int top);

/* ---- Tensors */

/* Runs the network over normalized values, as its source takes them: the result has the bits that `swiftlet run` writes, on every machine.
 *   input: [pictures][channels][height][width].
 *   count: how many values `input` has, of 1 or more whole pictures.
 *   output: where the results go, [pictures][classes]: logits, or probabilities where the source model ends in a softmax.
 *   capacity: how many values there is room for in `output`.
 * Returns how many values were written, or -1. */
int swiftlet_run(swiftlet_session *session, const float *input, size_t count, float *output, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
