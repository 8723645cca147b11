// Public keys as text.
#include "CSignature.h"

#include <string.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

// A line of dashes, base64 of the key's DER form (RFC 8410), a line of dashes.
bool sg_read_key(const void *text, size_t count, uint8_t key[32]) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const uint8_t begin[12] = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};
    const char *next = text, *end = next + count;
    uint8_t der[sizeof begin + 32];
    size_t length = 0;
    uint32_t value = 0;
    int bits = 0;
    if (count == 0 || *next != '-') return false;
    while (next < end && *next != '\n') next++;
    for (; next < end && *next != '-'; next++) {
        const char *digit = memchr(digits, *next, 64);
        if (digit == NULL) continue; // a line's end, or what pads the last one
        value = value << 6 | (uint32_t)(digit - digits);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        if (length == sizeof der) return false;
        der[length++] = (uint8_t)(value >> bits);
    }
    if (length != sizeof der || memcmp(der, begin, sizeof begin) != 0) return false;
    memcpy(key, der + sizeof begin, 32);
    return true;
}

#pragma clang attribute pop

#pragma clang attribute pop
