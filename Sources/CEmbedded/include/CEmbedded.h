#ifndef C_EMBEDDED_H
#define C_EMBEDDED_H
#include <stddef.h>
#include <stdint.h>
#endif
