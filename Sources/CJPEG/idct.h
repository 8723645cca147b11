// The inverse DCT, with the same pixels on every processor.
//
// libjpeg-turbo computes it in 16-bit lanes where there is SIMD, in 32-bit integers where there is none. The two agree on what a camera or
// an encoder writes, and differ on coefficients so large that lanes overflow, which damaged and made-up files have. So blocks are looked at
// first: where nothing can overflow, libjpeg's own is called, else the same arithmetic in plain C, in integers that hold everything.
#ifndef CJPEG_IDCT_H
#define CJPEG_IDCT_H

#include <stddef.h>
#include <stdio.h>

#include <jpeglib.h>

typedef void (*sj_idct)(j_decompress_ptr, jpeg_component_info *, JCOEFPTR, JSAMPARRAY, JDIMENSION);

/// What is called for the blocks where nothing can overflow, a component each.
typedef struct sj_idcts {
    sj_idct own[MAX_COMPONENTS];
} sj_idcts;

/// Puts this file's function before libjpeg's, after jpeg_start_decompress with JDCT_ISLOW and without scaling.
void sj_guard_idcts(j_decompress_ptr jpeg, sj_idcts *idcts, sj_idct guard);
/// What `guard` has to do with each block of a component that has its quantization table.
void sj_invert(const sj_idcts *idcts, j_decompress_ptr jpeg, jpeg_component_info *component, JCOEFPTR block, JSAMPARRAY rows,
               JDIMENSION column);

#endif
