// The system's zlib, for data sets that are published packed.
#include <zlib.h>
