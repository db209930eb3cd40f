#include "CSpikeBlocks.h"
#include "clones.h"

// SplitMix64: the n-th number of a stream depends on nothing but its seed and n, so a mask is drawn eight units at a time.

SPIKE_INLINE uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

SPIKE_KERNEL(uint64_t, spike_draw_mask,
             (uint64_t state, uint32_t dropped, int32_t positions, int32_t channels,
             int32_t stride, uint8_t *mask),
             (state, dropped, positions, channels, stride, mask)) {
  const uint64_t step = 0x9E3779B97F4A7C15;
  for (int32_t position = 0; position < positions; position++, mask += stride / 8) {
    for (int32_t c = 0; c < stride; c += 8) {
      uint32_t kept[8], bits = 0;
      for (int32_t k = 0; k < 8; k++) kept[k] = mix(state + (uint64_t)(k + 1) * step) >> 40 >= dropped;
      const int32_t left = channels - c < 8 ? channels - c : 8;
      for (int32_t k = 0; k < left; k++) bits |= kept[k] << k;
      mask[c / 8] = (uint8_t)bits;
      state += (uint64_t)left * step;
    }
  }
  return state;
}
