// JPEG files to RGB, on libjpeg-turbo. libjpeg reports errors by a call that must not return, which Swift cannot express: here each
// becomes a return value and a line of text.
#ifndef CJPEG_H
#define CJPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Sides libjpeg can code.
#define SJ_MAX_SIDE 65500
/// What decoding may take: three bytes a pixel and, of a progressive picture, two bytes a coefficient, which is three more a pixel with
/// halved color and six without. So 178 million pixels of a baseline picture, where Pillow stops too, and 59 to 89 million of a progressive
/// one.
#define SJ_MAX_BYTES ((size_t)512 << 20)
/// Room for every message of libjpeg, terminator included.
#define SJ_MESSAGE_CAPACITY 200

typedef struct sj_result {
    bool ok;
    char message[SJ_MESSAGE_CAPACITY]; // one line; empty when ok
} sj_result;

// Both functions are strict unless `lenient`: damage that touches the coded picture (a bad code, a marker or the file's end where data
// should be) is an error. Lenient, such a file is decoded as far as it makes sense, what is missing being gray. Junk between segments,
// bytes after the picture and odd version numbers touch nothing, and are accepted in any case. Whatever is decoded, damaged or not, has the
// same pixels on every processor.

/// Reads the header. A file with fewer bytes than a picture of the size it claims can have is truncated, and refused here, before anybody
/// allocates that size; so is one that takes more than SJ_MAX_BYTES to decode.
void sj_read_size(const void *bytes, size_t count, bool lenient, int32_t *height, int32_t *width, sj_result *result);

/// Decodes into `rgb`, [height][width][3], with the size that sj_read_size gave. Baseline, progressive and arithmetic coding, at most 100
/// scans and no more than 2^31 pixels in all of them; gray becomes three equal channels; CMYK and YCCK are taken as inverted, as Adobe
/// writes them. Slow but exact DCT, smooth upsampling. EXIF orientation is not applied.
void sj_decode(const void *bytes, size_t count, bool lenient, uint8_t *rgb, int32_t height, int32_t width, sj_result *result);

#endif
