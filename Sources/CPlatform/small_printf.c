// The C library's snprintf for the boards' static programs, as far as they and libjpeg's messages use it: %s %c %d %u %x, with l, a zero
// and a width. The C library's own brings arithmetic of 128-bit floats with it, 23 KB.
#if SP_SMALL_PRINTF
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

typedef struct text {
    char *bytes;
    size_t capacity, count;
} text;

static void put(text *t, char c) {
    if (t->count + 1 < t->capacity) t->bytes[t->count] = c;
    t->count++;
}

static void put_number(text *t, uint64_t magnitude, bool is_negative, unsigned base, int width, bool zeros) {
    char digits[20];
    int count = 0;
    do {
        digits[count++] = "0123456789abcdef"[magnitude % base];
        magnitude /= base;
    } while (magnitude > 0);
    int padding = width - count - is_negative;
    if (!zeros)
        for (; padding > 0; padding--) put(t, ' ');
    if (is_negative) put(t, '-');
    for (; padding > 0; padding--) put(t, '0');
    while (count > 0) put(t, digits[--count]);
}

int snprintf(char *bytes, size_t capacity, const char *format, ...) {
    text t = {bytes, capacity, 0};
    va_list values;
    va_start(values, format);
    for (const char *c = format; *c != 0; c++) {
        if (*c != '%') {
            put(&t, *c);
            continue;
        }
        bool zeros = *++c == '0', is_long = false;
        int width = 0;
        for (; *c >= '0' && *c <= '9'; c++) width = width * 10 + (*c - '0');
        for (; *c == 'l'; c++) is_long = true;
        if (*c == 's') {
            for (const char *s = va_arg(values, const char *); *s != 0; s++) put(&t, *s);
        } else if (*c == 'c') {
            put(&t, (char)va_arg(values, int));
        } else if (*c == 'd') {
            int64_t value = is_long ? va_arg(values, long) : va_arg(values, int);
            put_number(&t, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0, 10, width, zeros);
        } else if (*c == 'u' || *c == 'x') {
            put_number(&t, is_long ? va_arg(values, unsigned long) : va_arg(values, unsigned), false, *c == 'u' ? 10 : 16, width, zeros);
        } else {
            abort(); // a format that nothing here has
        }
    }
    va_end(values);
    if (capacity > 0) bytes[t.count < capacity ? t.count : capacity - 1] = 0;
    return (int)t.count;
}
#pragma clang attribute pop
#endif
