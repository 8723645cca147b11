#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

// Deflate codes at most 258 bytes in two bits.
#define MAX_BYTES_PER_BYTE 1032

typedef struct decoder {
    png_structp png;
    png_infop info;
    jmp_buf failed;
    const uint8_t *bytes;
    size_t left;
    sn_result *result;
} decoder;

_Noreturn static void fail(decoder *d, const char *message) {
    snprintf(d->result->message, SN_MESSAGE_CAPACITY, "%s", message);
    longjmp(d->failed, 1);
}

_Noreturn static void error_exit(png_structp png, png_const_charp message) { fail(png_get_error_ptr(png), message); }

static void ignore_warning(png_structp png, png_const_charp message) { (void)png, (void)message; }

static void read_bytes(png_structp png, png_bytep to, size_t count) {
    decoder *d = png_get_io_ptr(png);
    if (count > d->left) fail(d, "the file ends early");
    memcpy(to, d->bytes, count);
    d->bytes += count;
    d->left -= count;
}

static void read_header(decoder *d) {
    d->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, d, error_exit, ignore_warning);
    d->info = d->png ? png_create_info_struct(d->png) : NULL;
    if (!d->info) fail(d, "out of memory");
    png_set_read_fn(d->png, d, read_bytes);
    // Damage is damage, also in a chunk that nothing is taken from: nobody knows what else it hit.
    png_set_crc_action(d->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    // All but IHDR, PLTE, tRNS, IDAT and IEND is passed over: texts, profiles, times.
    png_set_keep_unknown_chunks(d->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_user_limits(d->png, SN_MAX_SIDE, SN_MAX_SIDE);
    png_read_info(d->png, d->info);
}

// Runs `work`, which may end by fail() at any point, and frees what libpng holds. `work` keeps no memory of its own.
static void with_decoder(void (*work)(decoder *d, void *context), void *context, const void *bytes, size_t count, sn_result *result) {
    decoder d = {.bytes = bytes, .left = count, .result = result};
    memset(result, 0, sizeof *result);
    if (setjmp(d.failed) == 0) {
        read_header(&d);
        work(&d, context);
        result->ok = true;
    }
    png_destroy_read_struct(&d.png, &d.info, NULL);
}

typedef struct size_request {
    size_t count;
    int32_t *height, *width;
} size_request;

static void read_size(decoder *d, void *context) {
    const size_request *request = context;
    uint64_t height = png_get_image_height(d->png, d->info), width = png_get_image_width(d->png, d->info);
    if (height * width * 3 > SN_MAX_BYTES) {
        char message[SN_MESSAGE_CAPACITY];
        snprintf(message, sizeof message, "%u x %u pixels take %u MiB to decode, more than the limit of %u MiB", (unsigned)width,
                 (unsigned)height, (unsigned)(height * width * 3 >> 20), (unsigned)(SN_MAX_BYTES >> 20));
        fail(d, message);
    }
    // Less than a byte a pixel is left of a row at its end; interlaced, rows are shorter.
    uint64_t bits = height * width * png_get_bit_depth(d->png, d->info) * png_get_channels(d->png, d->info);
    if (bits / 8 / MAX_BYTES_PER_BYTE > request->count) fail(d, "the file is too short for the size in its header");
    *request->height = (int32_t)height;
    *request->width = (int32_t)width;
}

void sn_read_size(const void *bytes, size_t count, int32_t *height, int32_t *width, sn_result *result) {
    with_decoder(read_size, &(size_request){count, height, width}, bytes, count, result);
}

typedef struct pixel_request {
    uint8_t *rgb;
    int32_t height, width;
} pixel_request;

static void read_pixels(decoder *d, void *context) {
    const pixel_request *request = context;
    int64_t width = png_get_image_width(d->png, d->info), height = png_get_image_height(d->png, d->info);
    if (width != request->width || height != request->height) fail(d, "another size than expected");
    png_set_strip_16(d->png);
    png_set_palette_to_rgb(d->png);
    png_set_expand_gray_1_2_4_to_8(d->png);
    png_set_strip_alpha(d->png);
    png_set_gray_to_rgb(d->png);
    int passes = png_set_interlace_handling(d->png);
    png_read_update_info(d->png, d->info);
    size_t stride = (size_t)request->width * 3;
    if (png_get_rowbytes(d->png, d->info) != stride) fail(d, "another format than expected");
    for (int pass = 0; pass < passes; pass++)
        for (int32_t y = 0; y < request->height; y++) png_read_row(d->png, request->rgb + (size_t)y * stride, NULL);
    png_read_end(d->png, NULL);
}

void sn_decode(const void *bytes, size_t count, uint8_t *rgb, int32_t height, int32_t width, sn_result *result) {
    with_decoder(read_pixels, &(pixel_request){rgb, height, width}, bytes, count, result);
}
