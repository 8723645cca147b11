// libjpeg's error manager without its output to stderr: linking libjpeg's own would bring in stdio's files, which the boards' program does
// without.
#ifndef CJPEG_ERRORS_H
#define CJPEG_ERRORS_H

#include <stddef.h>
#include <stdio.h>

#include <jpeglib.h>

/// As jpeg_std_error, with the messages of the installed libjpeg's header; the caller sets error_exit and may set emit_message.
struct jpeg_error_mgr *sj_error_manager(struct jpeg_error_mgr *errors);

#endif
