// PNG files to RGB, on libpng. libpng reports errors by a call that must not return, which Swift cannot express: here each becomes a return
// value and a line of text.
#ifndef CPNG_H
#define CPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The longest side that is read: as JPEG files have it.
#define SN_MAX_SIDE 65500
/// What a decoded picture may take, three bytes a pixel: 178 million pixels, where Pillow stops too.
#define SN_MAX_BYTES ((size_t)512 << 20)
/// Room for every message, terminator included.
#define SN_MESSAGE_CAPACITY 200

typedef struct sn_result {
    bool ok;
    char message[SN_MESSAGE_CAPACITY]; // one line; empty when ok
} sn_result;

/// Reads the header. A file with fewer bytes than a picture of the size it claims can have is truncated, and refused here, before anybody
/// allocates that size.
void sn_read_size(const void *bytes, size_t count, int32_t *height, int32_t *width, sn_result *result);

/// Decodes into `rgb`, [height][width][3], with the size that sn_read_size gave. Every color type, depth and interlacing: gray becomes
/// three equal channels, fewer than eight bits are spread over 0 to 255, of sixteen the high byte counts, palettes are looked up,
/// transparency is left out and not blended. Gamma, color profiles and EXIF orientation are not applied. Damage of any chunk is an error.
void sn_decode(const void *bytes, size_t count, uint8_t *rgb, int32_t height, int32_t width, sn_result *result);

#endif
