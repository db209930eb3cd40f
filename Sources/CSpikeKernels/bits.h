// Bits in words of 64.
#ifndef BITS_H
#define BITS_H

#include <stdint.h>
#include <string.h>

#include "clones.h"

/// Eight bytes as a word; from the byte `left` on, where other data may lie, its bits are 0.
SPIKE_INLINE uint64_t load_bits(const uint8_t *p, int64_t left) {
  uint64_t word;
  memcpy(&word, p, 8);
  return left < 8 ? word & ((1ull << (8 * left)) - 1) : word;
}

SPIKE_INLINE void store_bits(uint8_t *p, uint64_t word) { memcpy(p, &word, 8); }

/// Appends the units of a word's bits, as negative events where `negative` has the bit too; returns the new count. Four are
/// written at a time, so up to three numbers behind the last one are overwritten: most words then take one pass of the loop,
/// which branches predict well.
SPIKE_INLINE int32_t append(uint64_t word, uint64_t negative, int32_t unit, int32_t *events,
                            int32_t count) {
  const int32_t end = count + __builtin_popcountll(word);
  for (; count < end; count += 4) {
#pragma unroll
    for (int32_t k = 0; k < 4; k++, word &= word - 1) {
      const int32_t lane = __builtin_ctzll(word | 1ull << 63);
      events[count + k] = (unit + lane) ^ -(int32_t)(negative >> lane & 1);
    }
  }
  return end;
}

#endif
