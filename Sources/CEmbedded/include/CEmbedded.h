#ifndef C_EMBEDDED_H
#define C_EMBEDDED_H
#include <stddef.h>
#include <stdint.h>

// MARK: Digits (digits.c)

// Two IDX files, the bytes of which live as long as the program. `count` receives their number.
const uint8_t *embedded_digits_images(size_t *count);
const uint8_t *embedded_digits_labels(size_t *count);

// MARK: Presets and screens (presets.c)

/// A YAML file of the source tree, so that a binary copied elsewhere still has it.
typedef struct {
  const char *folder;         // "presets" or "screens"
  const char *name;           // file name without .yaml
  const unsigned char *bytes; // not zero-terminated
  size_t size;
} cembedded_file;

/// The embedded files in the order in which lists show them.
const cembedded_file *cembedded_files(void);
size_t cembedded_file_count(void);

#endif
