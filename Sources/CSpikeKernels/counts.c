#include "CSpikeBlocks.h"
#include "bits.h"
#include "vectors.h"

// Spikes counted in a byte for each unit, and flushed to the sums every SPIKE_MOST_COUNTED steps: a quarter of the memory
// traffic that adding to the sums, four bytes a unit, takes at every step.

typedef int8_t v64c __attribute__((vector_size(64)));
typedef int8_t v64c_in_memory __attribute__((vector_size(64), aligned(1)));
typedef bool v64b __attribute__((ext_vector_type(64)));

/// 1 in the lanes whose bit is set.
SPIKE_INLINE v64c ones(uint64_t bits) {
  v64b lanes;
  memcpy(&lanes, &bits, 8);
  return __builtin_convertvector(lanes, v64c);
}

SPIKE_KERNEL(void, spike_add_counts,
             (const spike_bits *bits, int32_t units, int8_t *counts),
             (bits, units, counts)) {
  const int32_t bytes = units / LANES;
  for (int32_t b = 0; b < bytes; b += 8, counts += 64) {
    const uint64_t up = load_bits(bits->positive + b, bytes - b);
    const uint64_t down = bits->negative ? load_bits(bits->negative + b, bytes - b) : 0;
    // Counts of a large layer are no longer in L2 at the next step: they are fetched sixteen cache lines ahead.
    __builtin_prefetch(counts + 1024, 1);
    if (!(up | down)) continue;
    *(v64c_in_memory *)counts += ones(up) - ones(down);
  }
}

SPIKE_KERNEL(void, spike_flush_counts,
             (int8_t *counts, int32_t units, float *sums),
             (counts, units, sums)) {
  for (int32_t unit = 0; unit < units; unit++) sums[unit] += counts[unit];
  memset(counts, 0, (size_t)units);
}
