#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

// Deflate codes at most 258 bytes in two bits.
#define MAX_BYTES_PER_BYTE 1032

typedef struct decoder {
    png_structp png;
    png_infop info;
    jmp_buf failed;
    const uint8_t *bytes;
    size_t left;
    uint8_t *row; // as it lies in the file, unfiltered
    sn_result *result;
} decoder;

_Noreturn static void fail(decoder *d, const char *message) {
    snprintf(d->result->message, SN_MESSAGE_CAPACITY, "%s", message);
    longjmp(d->failed, 1);
}

_Noreturn static void error_exit(png_structp png, png_const_charp message) { fail(png_get_error_ptr(png), message); }

// Damage is damage, also in a chunk that nothing is taken from: nobody knows what else it hit. libpng only warns there, and what would
// change that lies among the transformations.
static void take_warning(png_structp png, png_const_charp message) {
    if (strstr(message, "CRC error")) error_exit(png, message);
}

static void read_bytes(png_structp png, png_bytep to, size_t count) {
    decoder *d = png_get_io_ptr(png);
    if (count > d->left) fail(d, "the file ends early");
    memcpy(to, d->bytes, count);
    d->bytes += count;
    d->left -= count;
}

static void read_header(decoder *d) {
    d->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, d, error_exit, take_warning);
    d->info = d->png ? png_create_info_struct(d->png) : NULL;
    if (!d->info) fail(d, "out of memory");
    png_set_read_fn(d->png, d, read_bytes);
    // All but IHDR, PLTE, tRNS, IDAT and IEND is passed over: texts, profiles, times.
    png_set_keep_unknown_chunks(d->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_user_limits(d->png, SN_MAX_SIDE, SN_MAX_SIDE);
    png_read_info(d->png, d->info);
}

// Runs `work`, which may end by fail() at any point, and frees what libpng and the decoder hold.
static void with_decoder(void (*work)(decoder *d, void *context), void *context, const void *bytes, size_t count, sn_result *result) {
    decoder d = {.bytes = bytes, .left = count, .result = result};
    memset(result, 0, sizeof *result);
    if (setjmp(d.failed) == 0) {
        read_header(&d);
        work(&d, context);
        result->ok = true;
    }
    free(d.row);
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

// How a file's rows lie. libpng could turn them into RGB, by 25 KB of code for every form that there is.
typedef struct row_format {
    int depth, channels, gray_scale;
    bool has_palette;
    png_color palette[256];
} row_format;

static row_format read_format(decoder *d) {
    row_format format = {.depth = png_get_bit_depth(d->png, d->info), .channels = png_get_channels(d->png, d->info)};
    format.gray_scale = format.depth < 8 ? 255 / ((1 << format.depth) - 1) : 1;
    format.has_palette = png_get_color_type(d->png, d->info) == PNG_COLOR_TYPE_PALETTE;
    png_color *palette = NULL;
    int count = 0;
    if (format.has_palette && png_get_PLTE(d->png, d->info, &palette, &count))
        memcpy(format.palette, palette, (size_t)count * sizeof *palette); // entries that the file lacks are black
    return format;
}

// Of sixteen bits the high byte.
static inline uint8_t sample(const uint8_t *row, int depth, size_t index) {
    if (depth >= 8) return row[index * (size_t)depth / 8];
    size_t bit = index * (size_t)depth;
    return (uint8_t)(row[bit / 8] >> (8 - depth - (int)(bit % 8)) & ((1 << depth) - 1));
}

// `count` pixels of a row, `step` pixels apart in `rgb`.
static void put_row(const row_format *format, const uint8_t *row, size_t count, size_t step, uint8_t *rgb) {
    for (size_t x = 0; x < count; x++, rgb += 3 * step) {
        size_t first = x * (size_t)format->channels;
        if (format->channels >= 3) {
            for (size_t i = 0; i < 3; i++) rgb[i] = sample(row, format->depth, first + i);
        } else if (format->has_palette) {
            png_color color = format->palette[sample(row, format->depth, first)];
            rgb[0] = color.red, rgb[1] = color.green, rgb[2] = color.blue;
        } else {
            rgb[0] = rgb[1] = rgb[2] = (uint8_t)(sample(row, format->depth, first) * format->gray_scale);
        }
    }
}

static void read_pixels(decoder *d, void *context) {
    const pixel_request *request = context;
    int64_t width = png_get_image_width(d->png, d->info), height = png_get_image_height(d->png, d->info);
    if (width != request->width || height != request->height) fail(d, "another size than expected");
    row_format format = read_format(d);
    d->row = malloc(png_get_rowbytes(d->png, d->info));
    if (!d->row) fail(d, "out of memory");
    size_t stride = (size_t)width * 3;
    if (png_get_interlace_type(d->png, d->info) == PNG_INTERLACE_NONE) {
        bool is_rgb = format.depth == 8 && format.channels == 3;
        for (int64_t y = 0; y < height; y++) {
            uint8_t *rgb = request->rgb + (size_t)y * stride;
            png_read_row(d->png, is_rgb ? rgb : d->row, NULL);
            if (!is_rgb) put_row(&format, d->row, (size_t)width, 1, rgb);
        }
    } else {
        for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
            size_t columns = PNG_PASS_COLS((size_t)width, pass), rows = PNG_PASS_ROWS((size_t)height, pass);
            for (size_t y = 0; columns > 0 && y < rows; y++) {
                uint8_t *rgb = request->rgb + (PNG_PASS_START_ROW(pass) + (y << PNG_PASS_ROW_SHIFT(pass))) * stride;
                png_read_row(d->png, d->row, NULL);
                put_row(&format, d->row, columns, (size_t)1 << PNG_PASS_COL_SHIFT(pass), rgb + 3 * PNG_PASS_START_COL(pass));
            }
        }
    }
    png_read_end(d->png, NULL);
}

void sn_decode(const void *bytes, size_t count, uint8_t *rgb, int32_t height, int32_t width, sn_result *result) {
    with_decoder(read_pixels, &(pixel_request){rgb, height, width}, bytes, count, result);
}

#pragma clang attribute pop
