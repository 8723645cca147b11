// libjpeg-turbo as the system has it. CJPEG alone includes its headers; they need FILE.
#include <stdio.h>

#include <jpeglib.h>
