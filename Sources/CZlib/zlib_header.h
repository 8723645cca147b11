// zlib as the system has it, which libpng needs as well.
#include <zlib.h>
