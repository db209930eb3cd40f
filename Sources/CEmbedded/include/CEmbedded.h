#ifndef C_EMBEDDED_H
#define C_EMBEDDED_H
#include <stddef.h>
#include <stdint.h>

// Digits: two IDX files, the bytes of which live as long as the program. `count` receives their number.
const uint8_t *embedded_digits_images(size_t *count);
const uint8_t *embedded_digits_labels(size_t *count);

#endif
