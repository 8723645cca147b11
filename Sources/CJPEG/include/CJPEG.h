// JPEG files to RGB, on libjpeg-turbo. libjpeg reports errors by a call that must not return, which Swift cannot express: here each
// becomes a return value and a line of text.
#ifndef CJPEG_H
#define CJPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Sides libjpeg can code.
#define SJ_MAX_SIDE 65500
/// Room for every message of libjpeg, terminator included.
#define SJ_MESSAGE_CAPACITY 200

typedef struct sj_result {
    bool ok;
    char message[SJ_MESSAGE_CAPACITY]; // one line; empty when ok
} sj_result;

/// Reads the header. A file with fewer bytes than a picture of the size it claims can have is truncated, and refused here, before anybody
/// allocates that size.
void sj_read_size(const void *bytes, size_t count, int32_t *height, int32_t *width, sj_result *result);

/// Decodes into `rgb`, [height][width][3], with the size that sj_read_size gave. Baseline, progressive and arithmetic coding; grey becomes
/// three equal channels; CMYK and YCCK are taken as inverted, as Adobe writes them. Slow but exact DCT, smooth upsampling. A file that ends
/// early is an error, other damage is decoded as far as it makes sense. EXIF orientation is not applied.
void sj_decode(const void *bytes, size_t count, uint8_t *rgb, int32_t height, int32_t width, sj_result *result);

#endif
