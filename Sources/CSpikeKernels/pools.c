#include "bits.h"
#include "fire.h"

// All sources of a pool have the same weight. Without a leak a potential is then a whole number of weights, mostly a small
// one: potentials are held in bytes during a call, and so are the counts of spikes. Each step waits for the one before it, so
// several vectors go side by side. Kernels in floats do the same for neurons that leak, and for thresholds and reset amounts
// that are no whole number of weights.

/// Neurons in a vector of bytes, and vectors side by side.
enum { BYTES = 16, ABREAST = 4 };

typedef int8_t v16c __attribute__((vector_size(16)));

SPIKE_INLINE v16c all16c(int8_t x) {
  return (v16c){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
}

/// A byte of 1 or 0 for each of `units` bits, sixteen or eight.
SPIKE_INLINE v16c unpack(const uint8_t *bits, const uint8_t *passes, const int units) {
  uint16_t word = 0, pass = 0;
  memcpy(&word, bits, units / 8);
  if (passes) {
    memcpy(&pass, passes, units / 8);
    word &= pass;
  }
  v16b lanes;
  memcpy(&lanes, &word, 2);
  return __builtin_convertvector(lanes, v16c);
}

/// A bit for each byte that is not 0.
SPIKE_INLINE void pack(v16c comparison, uint8_t *bits, const int units) {
  const v16b lanes = __builtin_convertvector(comparison, v16b);
  memcpy(bits, &lanes, units / 8);
}

/// Potentials as counts; they are whole numbers of weights, so the quotient is exact.
SPIKE_INLINE v16c load_counts(const float *potential, float weight, const int units) {
  int8_t counts[BYTES] = {0};
  for (int i = 0; i < units; i++) counts[i] = (int8_t)(potential[i] / weight);
  v16c v;
  memcpy(&v, counts, BYTES);
  return v;
}

SPIKE_INLINE void store_counts(v16c potential, v16c spikes, float weight, float *to, float *sum,
                               const int units) {
  int8_t counts[BYTES], spiked[BYTES];
  memcpy(counts, &potential, BYTES);
  memcpy(spiked, &spikes, BYTES);
  for (int i = 0; i < units; i++) {
    to[i] = (float)counts[i] * weight;
    sum[i] += (float)spiked[i];
  }
}

// MARK: Forward

/// `abreast` positions from `position` on, and of each of them `units` channels from `channel` on.
SPIKE_INLINE void pool_count_of(const spike_phase *p, const spike_counter *counter,
                                const uint8_t *source, int64_t source_step, const uint8_t *mask,
                                const spike_layer *l, int32_t position, int32_t channel,
                                int32_t steps, const int units, const int abreast) {
  const v16c threshold = all16c(counter->threshold), reset_amount = all16c(counter->reset_amount);
  const size_t bytes = (size_t)p->source_stride / 8;
  v16c potential[ABREAST], spikes[ABREAST];
  const uint8_t *from[ABREAST];
  size_t unit[ABREAST];
  for (int i = 0; i < abreast; i++) {
    const size_t y = (position + i) / p->target_width, x = (position + i) % p->target_width;
    from[i] = source + (y * p->source_width + x) * p->source_step * bytes + channel / 8;
    unit[i] = (size_t)(position + i) * p->target_stride + channel;
    potential[i] = load_counts(l->potential + unit[i], counter->weight, units);
    spikes[i] = all16c(0);
  }
  uint8_t *positive = l->positive;
  for (int32_t t = 0; t < steps; t++, source += source_step, positive += l->bits_step) {
    for (int32_t a = 0; a < p->rows; a++) {
      for (int32_t b = 0; b < p->columns; b++) {
        const size_t at = ((size_t)a * p->source_width + b) * bytes + t * source_step;
#pragma unroll
        for (int i = 0; i < abreast; i++)
          potential[i] += unpack(from[i] + at, mask ? mask + unit[i] / 8 : NULL, units);
      }
    }
#pragma unroll
    for (int i = 0; i < abreast; i++) {
      const v16c fires = (v16c)SPIKES_UP(potential[i], threshold);
      potential[i] -= fires & reset_amount;
      spikes[i] -= fires;
      pack(fires, positive + unit[i] / 8, units);
    }
  }
  for (int i = 0; i < abreast; i++)
    store_counts(potential[i], spikes[i], counter->weight, l->potential + unit[i],
                 l->sum + unit[i], units);
}

/// The same for all positions.
SPIKE_INLINE void pool_count_channels(const spike_phase *p, const spike_counter *counter,
                                      const uint8_t *source, int64_t source_step,
                                      const uint8_t *mask, const spike_layer *l, int32_t channel,
                                      int32_t steps, const int units) {
  const int32_t positions = p->target_height * p->target_width;
  int32_t position = 0;
  for (; position + ABREAST <= positions; position += ABREAST)
    pool_count_of(p, counter, source, source_step, mask, l, position, channel, steps, units, ABREAST);
  for (; position < positions; position++)
    pool_count_of(p, counter, source, source_step, mask, l, position, channel, steps, units, 1);
}

SPIKE_KERNEL(void, spike_pool_count,
             (const spike_phase *phase, const spike_counter *counter,
             const uint8_t *source, int64_t source_step, const uint8_t *mask,
             const spike_layer *layer, int32_t steps),
             (phase, counter, source, source_step, mask, layer, steps)) {
  const spike_phase p = *phase;
  const spike_counter c = *counter;
  const spike_layer l = *layer;
  int32_t channel = 0;
  for (; channel + BYTES <= p.target_stride; channel += BYTES)
    pool_count_channels(&p, &c, source, source_step, mask, &l, channel, steps, BYTES);
  if (channel < p.target_stride)
    pool_count_channels(&p, &c, source, source_step, mask, &l, channel, steps, LANES);
}

SPIKE_KERNEL(void, spike_pool_fire,
             (const spike_phase *phase, float weight, const uint8_t *source,
             int64_t source_step, const uint8_t *mask, const spike_layer *layer,
             int32_t steps),
             (phase, weight, source, source_step, mask, layer, steps)) {
  const spike_phase p = *phase;
  const spike_layer l = *layer;
  const size_t bytes = (size_t)p.source_stride / LANES;
  const size_t units = (size_t)p.target_height * p.target_width * p.target_stride;
  for (size_t unit = 0; unit < units; unit += LANES) {
    const size_t position = unit / p.target_stride, v = unit % p.target_stride / LANES;
    const size_t y = position / p.target_width, x = position % p.target_width;
    const uint8_t *from = source + (y * p.source_width + x) * p.source_step * bytes + v;
    v16f u = load16(l.potential + unit, 8), sum = load16(l.sum + unit, 8);
    for (int32_t t = 0; t < steps; t++) {
      v16f current = all16(0);
      for (int32_t a = 0; a < p.rows; a++) {
        for (int32_t b = 0; b < p.columns; b++) {
          const size_t at = ((size_t)a * p.source_width + b) * bytes;
          current += where16(lanes16(from[t * source_step + at]), all16(weight));
        }
      }
      if (mask) current = where16(lanes16(mask[unit / LANES]), current);
      fire(&l, &u, &sum, &current, l.positive + t * l.bits_step + unit / LANES, NULL, 1, LEAKY);
    }
    store16(l.potential + unit, u, 8);
    store16(l.sum + unit, sum, 8);
  }
}

// MARK: Backward

typedef int8_t v64c __attribute__((vector_size(64)));
typedef bool v64b __attribute__((ext_vector_type(64)));

SPIKE_INLINE v64c unpack64(uint64_t bits) {
  v64b lanes;
  memcpy(&lanes, &bits, 8);
  return __builtin_convertvector(lanes, v64c);
}

SPIKE_INLINE void pack64(v64c comparison, uint8_t *bits, const int bytes) {
  const v64b lanes = __builtin_convertvector(comparison, v64b);
  uint64_t word;
  memcpy(&word, &lanes, 8);
  if (bytes == 8) {
    memcpy(bits, &word, 8);
  } else {
    for (int b = 0; b < bytes; b++) bits[b] = (uint8_t)(word >> 8 * b);
  }
}

/// `abreast` vectors of 64 units each, or of fewer, from `unit` on.
SPIKE_INLINE void pooled_count_of(const spike_counter *counter, const spike_bits *source,
                                  int64_t source_step, size_t unit, const spike_layer *l,
                                  int32_t steps, const int units, const int abreast) {
  const v64c threshold = (v64c){0} + counter->threshold, reset_amount = (v64c){0} + counter->reset_amount;
  const int bytes = units / 8;
  uint64_t passes[ABREAST];
  v64c potential[ABREAST], spikes[ABREAST];
  for (int v = 0; v < abreast; v++) {
    passes[v] = load_bits(source->passes + unit / 8 + v * 8, bytes);
    int8_t counts[64] = {0};
    for (int i = 0; i < units; i++)
      counts[i] = (int8_t)(l->potential[unit + v * 64 + i] / counter->weight);
    memcpy(&potential[v], counts, 64);
    spikes[v] = (v64c){0};
  }
  const uint8_t *up = source->positive + unit / 8, *down = source->negative + unit / 8;
  uint8_t *positive = l->positive + unit / 8, *negative = l->negative + unit / 8;
  for (int32_t t = 0; t < steps; t++) {
#pragma unroll
    for (int v = 0; v < abreast; v++) {
      potential[v] += unpack64(load_bits(up + v * 8, 8) & passes[v]);
      potential[v] -= unpack64(load_bits(down + v * 8, 8) & passes[v]);
      const v64c above = (v64c)SPIKES_UP(potential[v], threshold);
      const v64c below = (v64c)SPIKES_DOWN(potential[v], threshold);
      potential[v] += (below & reset_amount) - (above & reset_amount);
      spikes[v] += below - above;
      pack64(above, positive + v * 8, bytes);
      pack64(below, negative + v * 8, bytes);
    }
    up += source_step;
    down += source_step;
    positive += l->bits_step;
    negative += l->bits_step;
  }
  for (int v = 0; v < abreast; v++) {
    int8_t counts[64], spiked[64];
    memcpy(counts, &potential[v], 64);
    memcpy(spiked, &spikes[v], 64);
    for (int i = 0; i < units; i++) {
      l->potential[unit + v * 64 + i] = (float)counts[i] * counter->weight;
      l->sum[unit + v * 64 + i] += (float)spiked[i];
    }
  }
}

SPIKE_KERNEL(void, spike_pooled_count,
             (const spike_counter *counter, const spike_bits *source,
             int64_t source_step, int32_t units, const spike_layer *layer,
             int32_t steps),
             (counter, source, source_step, units, layer, steps)) {
  const spike_counter c = *counter;
  const spike_bits s = *source;
  const spike_layer l = *layer;
  int32_t unit = 0;
  for (; unit + ABREAST * 64 <= units; unit += ABREAST * 64)
    pooled_count_of(&c, &s, source_step, (size_t)unit, &l, steps, 64, ABREAST);
  for (; unit + 64 <= units; unit += 64)
    pooled_count_of(&c, &s, source_step, (size_t)unit, &l, steps, 64, 1);
  if (unit < units) pooled_count_of(&c, &s, source_step, (size_t)unit, &l, steps, units - unit, 1);
}

SPIKE_KERNEL(void, spike_pooled_fire,
             (float weight, const spike_bits *source, int64_t source_step, int32_t units,
             const spike_layer *layer, int32_t steps),
             (weight, source, source_step, units, layer, steps)) {
  const spike_bits s = *source;
  const spike_layer l = *layer;
  for (int32_t unit = 0; unit < units; unit += LANES) {
    const size_t at = (size_t)unit / LANES;
    v16f u = load16(l.potential + unit, 8), sum = load16(l.sum + unit, 8);
    for (int32_t t = 0; t < steps; t++) {
      const size_t from = at + (size_t)t * source_step, to = at + (size_t)t * l.bits_step;
      const v16i up = lanes16(s.positive[from] & s.passes[at]);
      const v16i down = lanes16(s.negative[from] & s.passes[at]);
      const v16f current = where16(up, all16(weight)) - where16(down, all16(weight));
      fire(&l, &u, &sum, &current, l.positive + to, l.negative + to, 1, LEAKY | TERNARY);
    }
    store16(l.potential + unit, u, 8);
    store16(l.sum + unit, sum, 8);
  }
}

void spike_pooled_expand(const spike_phase *p, int64_t size, void *memory) {
  // From the end: a pool lies before all its sources, and is read before what is written reaches it.
  char *bytes = memory;
  for (int32_t y = p->target_height - 1; y >= 0; y--) {
    for (int32_t x = p->target_width - 1; x >= 0; x--) {
      const char *pool = bytes + ((int64_t)y * p->target_width + x) * size;
      const int64_t corner = (int64_t)y * p->source_step * p->source_width + x * p->source_step;
      for (int32_t a = p->rows - 1; a >= 0; a--) {
        for (int32_t b = p->columns - 1; b >= 0; b--) {
          char *source = bytes + (corner + (int64_t)a * p->source_width + b) * size;
          if (source != pool) memcpy(source, pool, (size_t)size);
        }
      }
    }
  }
  // Sources under no pool have never been reached.
  const int32_t covered_rows = p->target_height * p->rows;
  const int32_t covered_columns = p->target_width * p->columns;
  for (int32_t y = 0; y < p->source_height; y++) {
    const int32_t from = y < covered_rows ? covered_columns : 0;
    if (from < p->source_width)
      memset(bytes + ((int64_t)y * p->source_width + from) * size, 0,
             (size_t)((p->source_width - from) * size));
  }
}
