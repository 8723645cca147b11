#include "errors.h"

#include <stdbool.h>

#include <jerror.h>

// libjpeg's way to have its texts: its header again, with a meaning for JMESSAGE.
#define JMESSAGE(code, text) text,
#define JCOPYRIGHT_SHORT ""
#define JVERSION ""
static const char *const messages[] = {
#include <jerror.h>
    NULL,
};

static void ignore_message(j_common_ptr jpeg, int level) {
    if (level < 0) jpeg->err->num_warnings++;
}

static void output_message(j_common_ptr jpeg) { (void)jpeg; }

// `buffer` has JMSG_LENGTH_MAX bytes. As libjpeg does it: a text with %s takes the string, any other up to eight numbers.
static void format_message(j_common_ptr jpeg, char *buffer) {
    struct jpeg_error_mgr *errors = jpeg->err;
    int code = errors->msg_code;
    if (code <= 0 || code > errors->last_jpeg_message) {
        errors->msg_parm.i[0] = code;
        code = JMSG_NOMESSAGE;
    }
    const char *text = messages[code];
    bool takes_string = false;
    for (const char *c = text; *c != 0; c++) takes_string |= c[0] == '%' && c[1] == 's';
    const int *n = errors->msg_parm.i;
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wformat-nonliteral"
    if (takes_string) snprintf(buffer, JMSG_LENGTH_MAX, text, errors->msg_parm.s);
    else snprintf(buffer, JMSG_LENGTH_MAX, text, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
#pragma clang diagnostic pop
}

static void reset(j_common_ptr jpeg) {
    jpeg->err->num_warnings = 0;
    jpeg->err->msg_code = 0;
}

struct jpeg_error_mgr *sj_error_manager(struct jpeg_error_mgr *errors) {
    *errors = (struct jpeg_error_mgr){
        .emit_message = ignore_message,
        .output_message = output_message,
        .format_message = format_message,
        .reset_error_mgr = reset,
        .jpeg_message_table = messages,
        .last_jpeg_message = JMSG_LASTMSGCODE - 1,
    };
    return errors;
}
