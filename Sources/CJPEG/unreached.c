// What libjpeg's decoder refers to and never calls as decode.c uses it: reduced and scaled pictures, other inverse DCTs, color maps, merged
// upsampling, and the encoder's vector code. Defined here, it stays out of the boards' static programs, an eighth of their size.
//
// Only where libjpeg is linked statically (SJ_STATIC_LIBJPEG). The names are those of libjpeg-turbo 2: with a library that holds one of
// them in the same object as what is needed, the linker complains of it twice.
#if SJ_STATIC_LIBJPEG
#include <stdlib.h>

_Noreturn void sj_unreached(void);
_Noreturn void sj_unreached(void) { abort(); }

#define UNREACHED(name) void name(void) __attribute__((alias("sj_unreached")));

// Reads the memory limit that the environment variable JPEGMEM would set; the limit is SJ_MAX_BYTES.
int __isoc99_sscanf(const char *text, const char *format, ...);
int __isoc99_sscanf(const char *text, const char *format, ...) {
    (void)text, (void)format;
    return 0;
}

// jpeg->quantize_colors
UNREACHED(jinit_1pass_quantizer)
UNREACHED(jinit_2pass_quantizer)

// jpeg->do_fancy_upsampling is left as it is, true
UNREACHED(jinit_merged_upsampler)
#define MERGED(order) UNREACHED(jsimd_h2v1_##order##merged_upsample_neon) UNREACHED(jsimd_h2v2_##order##merged_upsample_neon)
MERGED()
MERGED(extrgb_)
MERGED(extrgbx_)
MERGED(extbgr_)
MERGED(extbgrx_)
MERGED(extxbgr_)
MERGED(extxrgb_)

// jpeg->scale_num, jpeg->scale_denom
UNREACHED(jpeg_idct_1x1)
UNREACHED(jpeg_idct_2x2)
UNREACHED(jpeg_idct_3x3)
UNREACHED(jpeg_idct_4x4)
UNREACHED(jpeg_idct_5x5)
UNREACHED(jpeg_idct_6x6)
UNREACHED(jpeg_idct_7x7)
UNREACHED(jpeg_idct_9x9)
UNREACHED(jpeg_idct_10x10)
UNREACHED(jpeg_idct_11x11)
UNREACHED(jpeg_idct_12x12)
UNREACHED(jpeg_idct_13x13)
UNREACHED(jpeg_idct_14x14)
UNREACHED(jpeg_idct_15x15)
UNREACHED(jpeg_idct_16x16)
UNREACHED(jsimd_idct_2x2_neon)
UNREACHED(jsimd_idct_4x4_neon)

// jpeg->dct_method
UNREACHED(jpeg_idct_ifast)
UNREACHED(jpeg_idct_float)

// The encoder's
#define ENCODED(order) UNREACHED(jsimd_##order##_gray_convert_neon)
ENCODED(rgb)
ENCODED(extrgb)
ENCODED(extrgbx)
ENCODED(extbgr)
ENCODED(extbgrx)
ENCODED(extxbgr)
ENCODED(extxrgb)
UNREACHED(jsimd_convsamp_neon)
UNREACHED(jsimd_quantize_neon)
UNREACHED(jsimd_h2v1_downsample_neon)
UNREACHED(jsimd_h2v2_downsample_neon)
UNREACHED(jsimd_fdct_islow_neon)
UNREACHED(jsimd_fdct_ifast_neon)
UNREACHED(jsimd_huff_encode_one_block_neon)
UNREACHED(jsimd_encode_mcu_AC_first_prepare_neon)
UNREACHED(jsimd_encode_mcu_AC_refine_prepare_neon)

#if defined(__aarch64__) // on 32 bits these share an object with the inverse DCT that is called
UNREACHED(jsimd_idct_ifast_neon)
UNREACHED(jsimd_rgb_ycc_convert_neon)
UNREACHED(jsimd_extrgb_ycc_convert_neon)
UNREACHED(jsimd_extrgbx_ycc_convert_neon)
UNREACHED(jsimd_extbgr_ycc_convert_neon)
UNREACHED(jsimd_extbgrx_ycc_convert_neon)
UNREACHED(jsimd_extxbgr_ycc_convert_neon)
UNREACHED(jsimd_extxrgb_ycc_convert_neon)
#endif
#endif
