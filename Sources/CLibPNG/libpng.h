// libpng as the system has it. CPNG alone includes its header.
#include <png.h>
