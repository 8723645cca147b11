// What swiftlet.h promises.   library_test MODEL.slet PICTURE.jpg INPUT LOGITS
// INPUT: raw float32 values of pictures as swiftlet_run takes them; LOGITS gets the results. The last line counts the checks.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <swiftlet.h>

#include "check.h"

typedef struct bytes {
    unsigned char *begin;
    size_t count;
} bytes;

static bytes read_file(const char *path) {
    bytes content = {NULL, 0};
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    fseek(file, 0, SEEK_END);
    content.count = (size_t)ftell(file);
    content.begin = malloc(content.count);
    rewind(file);
    if (fread(content.begin, 1, content.count, file) != content.count) exit(2);
    fclose(file);
    return content;
}

static int says(int code, const char *text) {
    if (swiftlet_last_error_code() == code && strstr(swiftlet_last_error(), text) != NULL) return 1;
    printf("  error %d: %s\n", swiftlet_last_error_code(), swiftlet_last_error());
    return 0;
}

static int same(const swiftlet_result *a, const swiftlet_result *b, int count) {
    for (int i = 0; i < count; i++) {
        if (a[i].index != b[i].index || a[i].probability != b[i].probability) return 0;
    }
    return 1;
}

static void check_opening(const char *path) {
    CHECK(swiftlet_abi_version() == SWIFTLET_ABI_VERSION);
    CHECK(strlen(swiftlet_version()) >= 5);
    CHECK(swiftlet_last_error_code() == SWIFTLET_OK && swiftlet_last_error()[0] == 0);
    CHECK(swiftlet_model_open("no/such.slet") == NULL && says(SWIFTLET_BAD_FILE, "no/such.slet: No such file"));
    CHECK(swiftlet_model_open("/") == NULL && says(SWIFTLET_BAD_FILE, "/: "));
    CHECK(swiftlet_model_open("\xff.slet") == NULL && says(SWIFTLET_BAD_FILE, "UTF-8"));
    CHECK(swiftlet_model_open(NULL) == NULL && says(SWIFTLET_BAD_INPUT, "path is NULL"));
    CHECK(swiftlet_model_open_bytes(NULL, 7) == NULL && says(SWIFTLET_BAD_INPUT, "bytes is NULL"));
    CHECK(swiftlet_model_open_bytes("not a model", 11) == NULL && says(SWIFTLET_BAD_FILE, "not a .slet file"));
    CHECK(swiftlet_model_open_bytes("", (size_t)-1) == NULL && says(SWIFTLET_BAD_INPUT, "size"));
    setenv("SWIFTLET_ISA", "scalar", 1);
    swiftlet_model *scalar = swiftlet_model_open(path);
    CHECK(strcmp(swiftlet_model_instruction_set(scalar), "scalar") == 0);
    swiftlet_model_close(scalar);
    setenv("SWIFTLET_ISA", "abacus", 1);
    CHECK(swiftlet_model_open(path) == NULL && says(SWIFTLET_BAD_INPUT, "SWIFTLET_ISA"));
    unsetenv("SWIFTLET_ISA");
    swiftlet_model_close(NULL);
    swiftlet_session_destroy(NULL);
}

static void check_model(swiftlet_model *model) {
    int channels = 0, height = 0, width = 0;
    CHECK(swiftlet_model_input_shape(model, &channels, &height, &width) == 0 && channels == 3 && height > 0 && width > 0);
    CHECK(swiftlet_model_input_shape(model, NULL, NULL, NULL) == 0);
    CHECK(swiftlet_model_input_shape(NULL, NULL, NULL, NULL) == -1 && says(SWIFTLET_BAD_INPUT, "model is NULL"));
    int classes = swiftlet_model_class_count(model);
    CHECK(classes > 1 && swiftlet_model_class_count(NULL) == -1);
    CHECK(swiftlet_model_label_count(model) == 0 || swiftlet_model_label_count(model) == classes);
    CHECK(swiftlet_model_label(model, 0) != NULL && swiftlet_model_label(model, classes - 1) != NULL);
    CHECK(swiftlet_model_label(model, -1) == NULL && says(SWIFTLET_BAD_INPUT, "class is -1"));
    CHECK(swiftlet_model_label(model, classes) == NULL && swiftlet_model_label(NULL, 0) == NULL);
    CHECK(swiftlet_model_name(model) != NULL && swiftlet_model_name(NULL) == NULL);
    int entries = swiftlet_model_provenance_count(model);
    const char *key = NULL, *value = NULL;
    CHECK(entries > 0 && swiftlet_model_provenance(model, 0, &key, &value) == 0 && key != NULL && value != NULL);
    CHECK(swiftlet_model_provenance(model, entries, &key, &value) == -1 && swiftlet_model_provenance(model, -1, NULL, NULL) == -1);
    CHECK(swiftlet_model_provenance_count(NULL) == -1 && swiftlet_model_instruction_set(NULL) == NULL);
    CHECK(swiftlet_session_create(NULL, 1) == NULL && says(SWIFTLET_BAD_INPUT, "model is NULL"));
    CHECK(swiftlet_session_create(model, 0) == NULL && says(SWIFTLET_BAD_INPUT, "threads is 0"));
    CHECK(swiftlet_session_create(model, -5) == NULL);
}

static void check_pictures(swiftlet_session *session, const char *picture) {
    swiftlet_result file[3], image[3], none[1];
    CHECK(swiftlet_session_microseconds(session) == 0);
    CHECK(swiftlet_classify_file(session, picture, file, 3) == 3);
    CHECK(swiftlet_session_microseconds(session) > 0);
    CHECK(file[0].probability >= file[1].probability && file[1].probability >= file[2].probability);
    CHECK(file[0].label != NULL && file[0].probability > 0 && file[0].probability <= 1);
    bytes content = read_file(picture);
    CHECK(swiftlet_classify_image(session, content.begin, content.count, image, 3) == 3 && same(file, image, 3));
    CHECK(swiftlet_classify_image(session, content.begin, content.count / 2, image, 3) == -1 && says(SWIFTLET_BAD_FILE, "JPEG"));
    CHECK(swiftlet_classify_image(session, NULL, 5, image, 3) == -1 && swiftlet_classify_image(session, "x", 1, image, 3) == -1);
    CHECK(swiftlet_classify_file(session, "no.jpg", file, 3) == -1 && says(SWIFTLET_BAD_FILE, "no.jpg"));
    CHECK(swiftlet_classify_file(session, NULL, file, 3) == -1 && says(SWIFTLET_BAD_INPUT, "path"));
    CHECK(swiftlet_classify_file(session, picture, NULL, 3) == -1 && says(SWIFTLET_BAD_INPUT, "results"));
    CHECK(swiftlet_classify_file(session, picture, none, 0) == -1 && says(SWIFTLET_BAD_INPUT, "top is 0"));
    CHECK(swiftlet_classify_file(NULL, picture, file, 3) == -1 && says(SWIFTLET_BAD_INPUT, "session is NULL"));
    CHECK(swiftlet_session_threads(NULL) == -1 && swiftlet_session_microseconds(NULL) == -1 && swiftlet_session_threads(session) >= 1);
    free(content.begin);
}

enum { SIDE = 32, ROW = 4 * SIDE + 8 };

// A gray picture is the same in every format, whatever stands between its rows.
static void check_formats(swiftlet_session *session) {
    static const int row_bytes[] = {3 * SIDE, 3 * SIDE, 4 * SIDE, 4 * SIDE, SIDE, SIDE, SIDE, 2 * SIDE};
    static unsigned char pixels[2 * SIDE * ROW];
    swiftlet_result expected[3], results[3];
    memset(pixels, 126, sizeof pixels);
    CHECK(swiftlet_classify_pixels(session, pixels, SIDE, SIDE, ROW, SWIFTLET_RGB, expected, 3) == 3);
    for (int format = SWIFTLET_BGR; format <= SWIFTLET_GRAY; format++) {
        CHECK(swiftlet_classify_pixels(session, pixels, SIDE, SIDE, row_bytes[format], format, results, 3) == 3);
        CHECK(same(expected, results, 3));
    }
    memset(pixels, 128, sizeof pixels); // no color
    for (int format = SWIFTLET_NV12; format <= SWIFTLET_YUYV; format++) {
        memset(pixels, format == SWIFTLET_YUYV ? 128 : 124, ROW * SIDE); // luma 124: 1.164 * (124 - 16) = 126
        for (size_t i = 0; format == SWIFTLET_YUYV && i < ROW * SIDE; i += 2) pixels[i] = 124;
        CHECK(swiftlet_classify_pixels(session, pixels, SIDE, SIDE, ROW, format, results, 3) == 3 && same(expected, results, 3));
    }
    for (int format = 0; format <= SWIFTLET_YUYV; format++) {
        CHECK(swiftlet_classify_pixels(session, pixels, SIDE, SIDE, row_bytes[format] - 2, format, results, 3) == -1);
        CHECK(says(SWIFTLET_BAD_INPUT, "stride"));
    }
    CHECK(swiftlet_classify_pixels(session, pixels, 31, 32, ROW, SWIFTLET_NV12, results, 3) == -1 && says(SWIFTLET_BAD_INPUT, "width"));
    CHECK(swiftlet_classify_pixels(session, pixels, 32, 31, ROW, SWIFTLET_I420, results, 3) == -1 && says(SWIFTLET_BAD_INPUT, "height"));
    CHECK(swiftlet_classify_pixels(session, pixels, 31, 32, ROW, SWIFTLET_YUYV, results, 3) == -1 && says(SWIFTLET_BAD_INPUT, "width"));
    CHECK(swiftlet_classify_pixels(session, pixels, 32, 32, 33, SWIFTLET_I420, results, 3) == -1 && says(SWIFTLET_BAD_INPUT, "even"));
    CHECK(swiftlet_classify_pixels(session, pixels, 0, 32, ROW, SWIFTLET_RGB, results, 3) == -1 && says(SWIFTLET_BAD_INPUT, "0x32"));
    CHECK(swiftlet_classify_pixels(session, pixels, 32, -1, ROW, SWIFTLET_RGB, results, 3) == -1 && says(SWIFTLET_BAD_INPUT, "-1"));
    CHECK(swiftlet_classify_pixels(session, pixels, 65501, 1, 1 << 20, SWIFTLET_GRAY, results, 3) == -1);
    CHECK(swiftlet_classify_pixels(session, pixels, 32, 32, -96, SWIFTLET_RGB, results, 3) == -1);
    CHECK(swiftlet_classify_pixels(session, pixels, 32, 32, ROW, 8, results, 3) == -1 && says(SWIFTLET_BAD_INPUT, "format is 8"));
    CHECK(swiftlet_classify_pixels(session, NULL, 32, 32, ROW, 0, results, 3) == -1 && says(SWIFTLET_BAD_INPUT, "pixels is NULL"));
}

static void check_tensors(swiftlet_session *session, int classes, bytes input, const char *target) {
    size_t count = input.count / sizeof(float), one = count / 2;
    size_t capacity = 2 * (size_t)classes;
    const float *values = (const float *)(const void *)input.begin;
    float *logits = malloc(capacity * sizeof *logits), *again = malloc(capacity * sizeof *again);
    CHECK(swiftlet_run(session, values, count, logits, capacity) == 2 * classes);
    CHECK(swiftlet_run(session, values + one, one, again, capacity) == classes);
    CHECK(memcmp(again, logits + classes, sizeof *again * (size_t)classes) == 0);
    CHECK(swiftlet_run(session, values, count, again, capacity - 1) == -1 && says(SWIFTLET_BAD_INPUT, "capacity"));
    CHECK(swiftlet_run(session, values, count - 1, again, capacity) == -1 && says(SWIFTLET_BAD_INPUT, "multiple"));
    CHECK(swiftlet_run(session, values, 0, again, capacity) == -1 && swiftlet_run(session, values, (size_t)-1, again, capacity) == -1);
    CHECK(swiftlet_run(session, NULL, count, again, capacity) == -1 && says(SWIFTLET_BAD_INPUT, "input is NULL"));
    CHECK(swiftlet_run(session, values, count, NULL, capacity) == -1 && says(SWIFTLET_BAD_INPUT, "output is NULL"));
    CHECK(swiftlet_run(NULL, values, count, again, capacity) == -1);
    FILE *file = fopen(target, "wb");
    CHECK(file != NULL && fwrite(logits, sizeof *logits, capacity, file) == capacity && fclose(file) == 0);
    free(logits);
    free(again);
}

typedef struct caller {
    swiftlet_session *session;
    const char *picture;
    swiftlet_result expected[3];
    int wrong;
} caller;

static void *call(void *argument) {
    caller *self = argument;
    if (swiftlet_last_error_code() != SWIFTLET_OK) self->wrong++; // other threads' errors are not this one's
    for (int i = 0; i < 5; i++) {
        swiftlet_result results[3];
        if (swiftlet_classify_file(self->session, self->picture, results, 3) != 3 || !same(results, self->expected, 3)) self->wrong++;
    }
    return NULL;
}

// Two sessions of one model, the second of them by two threads at once; the model is closed before any begins.
static void check_threads(const char *path, const char *picture) {
    swiftlet_model *model = swiftlet_model_open(path);
    swiftlet_session *sessions[2] = {swiftlet_session_create(model, 2), swiftlet_session_create(model, 1)};
    swiftlet_model_close(model);
    caller callers[3];
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) {
        callers[i] = (caller){.session = sessions[i > 0], .picture = picture};
        CHECK(swiftlet_classify_file(sessions[0], picture, callers[i].expected, 3) == 3);
    }
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, call, &callers[i]);
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        CHECK(callers[i].wrong == 0);
    }
    swiftlet_session_destroy(sessions[0]);
    swiftlet_session_destroy(sessions[1]);
}

static void check_fork(swiftlet_model *model, swiftlet_session *session, const char *picture) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        swiftlet_result results[3];
        int refused = swiftlet_classify_file(session, picture, results, 3) == -1 && says(SWIFTLET_BAD_INPUT, "fork");
        swiftlet_session_destroy(session);
        swiftlet_session *own = swiftlet_session_create(model, 2);
        int works = swiftlet_classify_file(own, picture, results, 3) == 3;
        swiftlet_session_destroy(own);
        _exit(refused && works ? 0 : 1);
    }
    int status = 1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    check_opening(argv[1]);
    bytes content = read_file(argv[1]);
    swiftlet_model *model = swiftlet_model_open_bytes(content.begin, content.count);
    free(content.begin);
    CHECK(model != NULL);
    check_model(model);
    swiftlet_session *session = swiftlet_session_create(model, 2);
    CHECK(session != NULL);
    check_pictures(session, argv[2]);
    check_formats(session);
    bytes input = read_file(argv[3]);
    check_tensors(session, swiftlet_model_class_count(model), input, argv[4]);
    free(input.begin);
    check_threads(argv[1], argv[2]);
    check_fork(model, session, argv[2]);
    swiftlet_session_destroy(session);
    swiftlet_model_close(model);
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
