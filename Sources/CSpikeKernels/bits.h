// Bits in words of 64.
#ifndef BITS_H
#define BITS_H

#include <stdint.h>
#include <string.h>

#include "clones.h"

/// Eight bytes; those from `left` on, which belong to something else, as 0.
SPIKE_INLINE uint64_t load_bits(const uint8_t *p, int64_t left) {
  uint64_t word;
  memcpy(&word, p, 8);
  return left < 8 ? word & ((1ull << (8 * left)) - 1) : word;
}

SPIKE_INLINE void store_bits(uint8_t *p, uint64_t word) { memcpy(p, &word, 8); }

#endif
