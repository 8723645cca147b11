// What a statically linked libpng refers to and a decoder never reaches: without it, libpng's writer and zlib's compressor stay out of the
// program, 80 KB on a board; and what Debian's library, compiled for glibc, expects of glibc where the program is linked with musl.
//
// Only where libpng is linked statically (SN_STATIC_LIBPNG).
#if SN_STATIC_LIBPNG
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

_Noreturn void __longjmp_chk(jmp_buf to, int value);
void *__memcpy_chk(void *to, const void *from, size_t count, size_t room);
int __fprintf_chk(void *file, int flag, const char *format, ...);
double strtod(const char *text, char **end);
double pow(double base, double exponent);
void png_destroy_write_struct(void *png, void *info);
void png_free_buffer_list(void *png, void *list);
void png_save_uint_32(uint8_t *to, uint32_t value);

_Noreturn void __longjmp_chk(jmp_buf to, int value) { longjmp(to, value); }

// A loop, which is not compiled into a call of what it stands for.
void *__memcpy_chk(void *to, const void *from, size_t count, size_t room) {
    (void)room;
    volatile uint8_t *bytes = to;
    for (size_t i = 0; i < count; i++) bytes[i] = ((const uint8_t *)from)[i];
    return to;
}

// Messages, which go to functions of this module's instead.
int __fprintf_chk(void *file, int flag, const char *format, ...) {
    (void)file, (void)flag, (void)format;
    return 0;
}

// The physical scale's, which nothing asks for.
double strtod(const char *text, char **end) {
    (void)text, (void)end;
    return 0;
}

// Gamma's, which nothing corrects.
double pow(double base, double exponent) {
    (void)base, (void)exponent;
    return 1;
}

#if SWIFTLET_LIBRARY
// Where they would go. Debian's library is compiled to be part of a program, not of a shared library, and wants the stream itself there.
void *stderr;
#endif

// The simplified interface's and the writer's.
void png_destroy_write_struct(void *png, void *info) { (void)png, (void)info; }
void png_free_buffer_list(void *png, void *list) { (void)png, (void)list; }

// Transformations of rows, of which none is asked for. Where there is a palette the first is called all the same, to look for indexes
// without a color.
#define NOTHING(name)                                                                                                                      \
    void name(void);                                                                                                                       \
    void name(void) {}
NOTHING(png_do_read_transformations)
NOTHING(png_read_transform_info)
NOTHING(png_set_alpha_mode_fixed)
NOTHING(png_set_background_fixed)
NOTHING(png_set_expand)
NOTHING(png_set_expand_16)
NOTHING(png_set_gray_to_rgb)
NOTHING(png_set_rgb_to_gray_fixed)
NOTHING(png_set_scale_16)
NOTHING(png_set_strip_16)
NOTHING(png_set_strip_alpha)
NOTHING(png_set_tRNS_to_alpha)
NOTHING(png_init_read_transformations)

void png_save_uint_32(uint8_t *to, uint32_t value) {
    for (int i = 0; i < 4; i++) to[i] = (uint8_t)(value >> (24 - 8 * i));
}
#endif
