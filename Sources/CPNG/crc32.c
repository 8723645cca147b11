// CRC-32 of PNG's chunks (polynomial 0xEDB88320) by half bytes, in place of zlib's, whose tables take 12 KB of a board's program. Slower,
// yet it stays below what inflating the same bytes takes.
//
// Only where zlib is linked statically (SN_STATIC_LIBPNG).
#if SN_STATIC_LIBPNG
#include <stdint.h>
#include <zlib.h>

static const uint32_t table[16] = {
    0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
    0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
};

uLong crc32_z(uLong crc, const Bytef *bytes, z_size_t count) {
    if (bytes == NULL) return 0;
    uint32_t rest = ~(uint32_t)crc;
    for (z_size_t i = 0; i < count; i++) {
        rest ^= bytes[i];
        rest = rest >> 4 ^ table[rest & 15];
        rest = rest >> 4 ^ table[rest & 15];
    }
    return (uint32_t)~rest;
}

uLong crc32(uLong crc, const Bytef *bytes, uInt count) { return crc32_z(crc, bytes, count); }
#endif
