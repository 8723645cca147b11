#include "CJPEG.h"
#include "errors.h"
#include "idct.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

// A progressive file may repeat scans without end, each a pass over the whole picture. Encoders write about ten: a large picture may have
// fewer than a small one.
#define MAX_SCANS 100
#define MAX_SCANNED_PIXELS ((uint64_t)1 << 31)
// Every 8x8 block costs at least one bit, and a picture has at least one block per 32x32 pixels and component (4x1 beside 1x4 sampling).
#define MAX_PIXELS_PER_BYTE 1024
// Arithmetic coding knows no such bound; what no photograph comes near will do.
#define MAX_PIXELS_PER_BYTE_ARITHMETIC 16384

typedef struct decoder {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf failed;
    sj_idcts idcts;
    bool lenient;
    sj_result *result;
} decoder;

static decoder *decoder_of(j_common_ptr jpeg) { return jpeg->client_data; }

_Noreturn static void fail(decoder *d, const char *message) {
    snprintf(d->result->message, SJ_MESSAGE_CAPACITY, "%s", message);
    longjmp(d->failed, 1);
}

_Noreturn static void error_exit(j_common_ptr jpeg) {
    char message[JMSG_LENGTH_MAX];
    jpeg->err->format_message(jpeg, message);
    fail(decoder_of(jpeg), message);
}

// Warnings that are not about the coded picture: junk between segments, fields that nothing depends on. Cameras and old encoders write such
// files.
static bool is_harmless(int code) {
    return code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR || code == JWRN_NOT_SEQUENTIAL
           || code == JWRN_BOGUS_ICC;
}

static void emit_message(j_common_ptr jpeg, int level) {
    decoder *d = decoder_of(jpeg);
    if (level >= 0 || d->lenient || is_harmless(jpeg->err->msg_code)) return;
    if (jpeg->err->msg_code == JWRN_JPEG_EOF) fail(d, "the file ends early");
    error_exit(jpeg);
}

static void limit_scans(j_common_ptr jpeg) {
    j_decompress_ptr d = (j_decompress_ptr)jpeg;
    uint64_t scans = (uint64_t)d->input_scan_number;
    if (scans > MAX_SCANS || scans * d->image_width * d->image_height > MAX_SCANNED_PIXELS) fail(decoder_of(jpeg), "too many scans");
}

static void open_decoder(decoder *d, const void *bytes, size_t count) {
    jpeg_create_decompress(&d->jpeg);
    d->progress.progress_monitor = limit_scans;
    d->jpeg.progress = &d->progress;
    jpeg_mem_src(&d->jpeg, bytes, (unsigned long)count);
    jpeg_read_header(&d->jpeg, TRUE);
}

// Runs `work`, which may end by fail() at any point, and frees what libjpeg holds. `work` keeps no memory of its own.
static void with_decoder(void (*work)(decoder *d, void *context), void *context, bool lenient, sj_result *result) {
    decoder d;
    memset(&d, 0, sizeof d);
    memset(result, 0, sizeof *result);
    d.jpeg.err = sj_error_manager(&d.errors);
    d.errors.error_exit = error_exit;
    d.errors.emit_message = emit_message;
    d.jpeg.client_data = &d;
    d.lenient = lenient;
    d.result = result;
    if (setjmp(d.failed) == 0) {
        work(&d, context);
        result->ok = true;
    }
    jpeg_destroy_decompress(&d.jpeg);
}

typedef struct size_request {
    const void *bytes;
    size_t count;
    int32_t *height, *width;
} size_request;

// What decoding takes, bytes: the pixels and, where the picture comes in several scans, the coefficients of all its blocks until the last
// is read.
static uint64_t decoding_bytes(const struct jpeg_decompress_struct *jpeg) {
    uint64_t bytes = (uint64_t)jpeg->image_width * jpeg->image_height * 3;
    if (!jpeg_has_multiple_scans((j_decompress_ptr)jpeg)) return bytes;
    for (int i = 0; i < jpeg->num_components; i++) {
        const jpeg_component_info *component = &jpeg->comp_info[i];
        uint64_t columns = component->width_in_blocks + (uint64_t)component->h_samp_factor,
                 rows = component->height_in_blocks + (uint64_t)component->v_samp_factor;
        bytes += columns * rows * DCTSIZE2 * sizeof(JCOEF);
    }
    return bytes;
}

static void read_size(decoder *d, void *context) {
    const size_request *request = context;
    open_decoder(d, request->bytes, request->count);
    if (d->jpeg.image_width > SJ_MAX_SIDE || d->jpeg.image_height > SJ_MAX_SIDE) fail(d, "a side is longer than 65500 pixels");
    uint64_t pixels = (uint64_t)d->jpeg.image_width * d->jpeg.image_height;
    uint64_t pixels_per_byte = d->jpeg.arith_code ? MAX_PIXELS_PER_BYTE_ARITHMETIC : MAX_PIXELS_PER_BYTE;
    if (pixels / pixels_per_byte > request->count) fail(d, "the file is too short for the size in its header");
    uint64_t needed = decoding_bytes(&d->jpeg);
    if (needed > SJ_MAX_BYTES) {
        char message[SJ_MESSAGE_CAPACITY];
        snprintf(message, sizeof message, "%u x %u pixels take %u MiB to decode, more than the limit of %u MiB", d->jpeg.image_width,
                 d->jpeg.image_height, (unsigned)(needed >> 20), (unsigned)(SJ_MAX_BYTES >> 20));
        fail(d, message);
    }
    *request->height = (int32_t)d->jpeg.image_height;
    *request->width = (int32_t)d->jpeg.image_width;
}

void sj_read_size(const void *bytes, size_t count, bool lenient, int32_t *height, int32_t *width, sj_result *result) {
    with_decoder(read_size, &(size_request){bytes, count, height, width}, lenient, result);
}

typedef struct pixel_request {
    const void *bytes;
    size_t count;
    uint8_t *rgb;
    int32_t height, width;
} pixel_request;

// a * b / 255, rounded; exact for bytes
static uint32_t scale_byte(uint32_t a, uint32_t b) {
    uint32_t product = a * b + 128;
    return (product + (product >> 8)) >> 8;
}

// Inverted CMYK: 255 is no ink.
static void rgb_from_inverted_cmyk(const uint8_t *cmyk, uint8_t *rgb, int32_t width) {
    for (int32_t x = 0; x < width; x++, cmyk += 4, rgb += 3) {
        uint32_t black = cmyk[3];
        for (int c = 0; c < 3; c++) rgb[c] = (uint8_t)(black - scale_byte(255u - cmyk[c], black));
    }
}

static void invert(j_decompress_ptr jpeg, jpeg_component_info *component, JCOEFPTR block, JSAMPARRAY rows, JDIMENSION column) {
    decoder *d = decoder_of((j_common_ptr)jpeg);
    // A component that no scan has brought has no quantization table either; libjpeg alone shows it as gray.
    if (component->quant_table) sj_invert(&d->idcts, jpeg, component, block, rows, column);
    else if (d->lenient) d->idcts.own[component->component_index](jpeg, component, block, rows, column);
    else fail(d, "a color component has no data");
}

static void read_pixels(decoder *d, void *context) {
    const pixel_request *request = context;
    struct jpeg_decompress_struct *jpeg = &d->jpeg;
    open_decoder(d, request->bytes, request->count);
    if ((int64_t)jpeg->image_width != request->width || (int64_t)jpeg->image_height != request->height)
        fail(d, "another size than expected");
    bool cmyk = jpeg->num_components == 4;
    if (!cmyk && jpeg->num_components != 1 && jpeg->num_components != 3) fail(d, "neither gray, color nor CMYK");
    jpeg->out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    jpeg->dct_method = JDCT_ISLOW;
    jpeg_start_decompress(jpeg);
    sj_guard_idcts(jpeg, &d->idcts, invert);

    size_t stride = (size_t)request->width * 3;
    JSAMPARRAY ink = NULL;
    if (cmyk) ink = jpeg->mem->alloc_sarray((j_common_ptr)jpeg, JPOOL_IMAGE, (JDIMENSION)request->width * 4, 1);
    while (jpeg->output_scanline < jpeg->output_height) {
        uint8_t *target = request->rgb + jpeg->output_scanline * stride;
        JSAMPROW row = cmyk ? ink[0] : target;
        if (jpeg_read_scanlines(jpeg, &row, 1) != 1) fail(d, "the file ends early");
        if (cmyk) rgb_from_inverted_cmyk(row, target, request->width);
    }
    jpeg_finish_decompress(jpeg);
}

void sj_decode(const void *bytes, size_t count, bool lenient, uint8_t *rgb, int32_t height, int32_t width, sj_result *result) {
    with_decoder(read_pixels, &(pixel_request){bytes, count, rgb, height, width}, lenient, result);
}
