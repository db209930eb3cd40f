#include <stddef.h>

#include "CSpikeBlocks.h"
#include "bits.h"

/// Eight bytes of the spikes that travel on.
SPIKE_INLINE uint64_t passing(const spike_bits *bits, size_t at, int64_t left) {
  uint64_t word = load_bits(bits->positive + at, left);
  if (bits->negative) word |= load_bits(bits->negative + at, left);
  if (bits->passes) word &= load_bits(bits->passes + at, 8);
  return word;
}

SPIKE_INLINE int64_t count_bytes(const spike_bits *bits, size_t first, int64_t bytes) {
  int64_t count = 0, b = 0;
  // One instruction counts a word; in vectors it takes many.
#pragma clang loop vectorize(disable)
  for (; b + 8 <= bytes; b += 8) count += __builtin_popcountll(passing(bits, first + b, 8));
  if (b < bytes) count += __builtin_popcountll(passing(bits, first + b, bytes - b));
  return count;
}

SPIKE_INLINE int64_t count_spikes(const spike_bits *bits, int32_t positions, int64_t bytes,
                                  const int32_t *fan_out) {
  if (!fan_out) return count_bytes(bits, 0, positions * bytes);
  int64_t count = 0;
#pragma clang loop vectorize(disable)
  for (int32_t position = 0; position < positions; position++)
    count += count_bytes(bits, (size_t)(position * bytes), bytes) * fan_out[position];
  return count;
}

SPIKE_KERNEL(int64_t, spike_count,
             (const spike_bits *spikes, int64_t step, int32_t steps, int32_t positions,
             int32_t stride, const int32_t *fan_out),
             (spikes, step, steps, positions, stride, fan_out)) {
  int64_t count = 0;
  for (int32_t t = 0; t < steps; t++) {
    const spike_bits bits = {spikes->positive + t * step,
                             spikes->negative ? spikes->negative + t * step : NULL,
                             spikes->passes};
    if (bits.negative) {
      count += count_spikes(&bits, positions, stride / 8, fan_out);
    } else {
      const spike_bits binary = {bits.positive, NULL, NULL};
      count += count_spikes(&binary, positions, stride / 8, fan_out);
    }
  }
  return count;
}

/// Where each position's events begin, from the bits that have been listed.
SPIKE_INLINE void set_starts(const uint8_t *present, int32_t positions, int32_t stride, int32_t first,
                       int32_t *starts) {
  const int32_t bytes = stride / 8;
  int32_t count = first;
  for (int32_t position = 0; position < positions; position++) {
    starts[position] = count;
    for (int32_t b = 0; b < bytes; b += 8)
      count += __builtin_popcountll(load_bits(present + (size_t)position * bytes + b, bytes - b));
  }
  starts[positions] = count;
}

SPIKE_KERNEL(int32_t, spike_collect,
             (const spike_bits *bits, int32_t positions, int32_t stride, int32_t first,
             int32_t *events, int32_t *starts, uint8_t *present),
             (bits, positions, stride, first, events, starts, present)) {
  const int64_t bytes = (int64_t)positions * (stride / 8);
  int32_t count = first;
  for (int64_t b = 0; b < bytes; b += 8) {
    const uint64_t word = passing(bits, (size_t)b, bytes - b);
    store_bits(present + b, word);
    if (!word) continue;
    const uint64_t negative = bits->negative ? load_bits(bits->negative + b, 8) : 0;
    count = append(word, negative, (int32_t)b * 8, events, count);
  }
  set_starts(present, positions, stride, first, starts);
  return count;
}

SPIKE_KERNEL(int32_t, spike_collect_fours,
             (const uint8_t *spikes, int32_t positions, int32_t stride, int32_t first,
             int32_t *events, int32_t *starts, uint8_t *present),
             (spikes, positions, stride, first, events, starts, present)) {
  const int64_t bytes = (int64_t)positions * (stride / 8);
  int32_t count = first;
  for (int64_t b = 0; b < bytes; b += 8) {
    const uint64_t word = load_bits(spikes + b, bytes - b), pairs = word | word >> 1;
    // The first bit of every four of which any is set.
    uint64_t fours = (pairs | pairs >> 2) & 0x1111111111111111;
    store_bits(present + b, fours);
    const int32_t end = count + __builtin_popcountll(fours), number = (int32_t)b * 2;
    // Four at a time; what is written behind the end is overwritten by the next ones, or not read.
    for (; count < end; count += 4) {
#pragma unroll
      for (int32_t k = 0; k < 4; k++, fours &= fours - 1) {
        const int32_t lane = __builtin_ctzll(fours | 1ull << 60);
        const int32_t subset = (int32_t)(word >> lane & 15);
        events[count + k] = (number + lane / 4) * SPIKE_SUBSETS + subset - 1;
      }
    }
    count = end;
  }
  set_starts(present, positions, stride, first, starts);
  return count;
}

SPIKE_KERNEL(int32_t, spike_collect_held,
             (const uint8_t *spikes, spike_holding *holding, int32_t positions,
             int32_t stride, int32_t first, int32_t *events, int32_t *starts,
             uint8_t *present),
             (spikes, holding, positions, stride, first, events, starts, present)) {
  const int64_t bytes = (int64_t)positions * (stride / 8);
  int32_t count = first;
  holding->change_count = 0;
  const spike_bits all = {spikes, NULL, NULL};
  const bool holds_more = count_bytes(&all, 0, bytes) >= holding->least;
  for (int64_t b = 0; b < bytes; b += 8) {
    const int64_t left = bytes - b;
    const uint64_t now = load_bits(spikes + b, left), held = load_bits(holding->held + b, left);
    const uint64_t steady = ~(now ^ load_bits(holding->previous + b, left));
    const uint64_t differs = now ^ held;
    const uint64_t changes = differs & steady & (holds_more ? ~0ull : held);
    const uint64_t listed = differs & ~changes;
    memcpy(holding->previous + b, &now, left < 8 ? (size_t)left : 8);
    store_bits(present + b, listed);
    count = append(listed, held, (int32_t)b * 8, events, count);
    if (!changes) continue;
    const uint64_t next = held ^ changes;
    memcpy(holding->held + b, &next, left < 8 ? (size_t)left : 8);
    holding->change_count =
        append(changes, held, (int32_t)b * 8, holding->changes, holding->change_count);
  }
  set_starts(present, positions, stride, first, starts);
  return count;
}
