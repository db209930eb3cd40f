#include "bits.h"
#include "fire.h"

// Few spikes over many targets: a gather would visit every target and find next to nothing. Here the spikes of a position
// are added to the currents in memory. Then the targets that have got something integrate and fire.

// MARK: Currents

/// Lists the spikes of a position that pass, as channels; `~channel` for a negative one.
SPIKE_INLINE int32_t list_position(const uint8_t *positive, const uint8_t *negative,
                                const uint8_t *passes, int32_t bytes, int32_t *channels) {
  int32_t count = 0;
  for (int32_t b = 0; b < bytes; b += 8) {
    const uint64_t down = load_bits(negative + b, bytes - b);
    const uint64_t word = (load_bits(positive + b, bytes - b) | down) & load_bits(passes + b, 8);
    count = append(word, down, b * 8, channels, count);
  }
  return count;
}

/// The rows of one to four events, added to the currents of a run: all of them go abreast.
SPIKE_INLINE void add_few(int32_t *current, const int32_t *rows, size_t channel_step,
                          const int32_t *channels, int32_t numbers, const int events) {
  const int32_t *from[4];
  uint32_t flip[4], negatives = 0;
#pragma unroll
  for (int e = 0; e < events; e++) {
    const int32_t sign = channels[e] >> 31;
    from[e] = rows + (size_t)(channels[e] ^ sign) * channel_step;
    // Subtracting is adding the complement and 1.
    flip[e] = (uint32_t)sign;
    negatives -= flip[e];
  }
  int32_t n = 0;
  for (; n + 2 * LANES <= numbers; n += 2 * LANES) {
    v16u sum = load16u(current + n) + negatives;
#pragma unroll
    for (int e = 0; e < events; e++) sum += load16u(from[e] + n) ^ flip[e];
    store16u(current + n, sum);
  }
  if (n == numbers) return;
  v8u sum = load8u(current + n) + negatives;
#pragma unroll
  for (int e = 0; e < events; e++) sum += load8u(from[e] + n) ^ flip[e];
  store8u(current + n, sum);
}

/// The rows of any number of events, added to `vectors` * 16 currents, which stay in registers for as long.
SPIKE_INLINE void add_many(int32_t *current, const int32_t *rows, size_t channel_step,
                           const int32_t *channels, int32_t count, const int vectors) {
  v16u sum[SPIKE_PANEL / 16];
#pragma unroll
  for (int v = 0; v < vectors; v++) sum[v] = load16u(current + v * 16);
  uint32_t negatives = 0;
  for (int32_t e = 0; e < count; e++) {
    const int32_t sign = channels[e] >> 31;
    const int32_t *row = rows + (size_t)(channels[e] ^ sign) * channel_step;
    const uint32_t flip = (uint32_t)sign;
    negatives -= flip;
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[v] += load16u(row + v * 16) ^ flip;
  }
#pragma unroll
  for (int v = 0; v < vectors; v++) store16u(current + v * 16, sum[v] + negatives);
}

/// The rows of a position's events, added to the currents of a run: where they are many, as much of the run at a time as
/// registers hold; the rest, or where they are few, four events at a time.
SPIKE_INLINE void add_run(int32_t *current, const int32_t *rows, size_t channel_step,
                          const int32_t *channels, int32_t count, int32_t numbers) {
  int32_t n = 0;
  for (; count > 4 && n + SPIKE_PANEL <= numbers; n += SPIKE_PANEL)
    add_many(current + n, rows + n, channel_step, channels, count, SPIKE_PANEL / 16);
  if (n == numbers) return;
#define ADD_FEW(EVENTS) \
  add_few(current + n, rows + n, channel_step, channels, numbers - n, EVENTS)
  for (; count >= 4; count -= 4, channels += 4) ADD_FEW(4);
  switch (count) {
    case 3: ADD_FEW(3); break;
    case 2: ADD_FEW(2); break;
    case 1: ADD_FEW(1); break;
  }
}

/// Adds what the spikes of a position send; returns how many targets they reach.
SPIKE_INLINE int32_t add_position(const spike_fan_out *s, const int32_t *rows, size_t position,
                               const int32_t *channels, int32_t count, int32_t *current,
                               uint8_t *touched) {
  const size_t stride = (size_t)s->target_stride;
  int32_t added = 0;
  for (int32_t r = s->row_starts[position]; r < s->row_starts[position + 1]; r++) {
    const spike_target_run run = s->target_runs[r];
    touched[run.row] = 1;
    added += run.length;
    add_run(current + run.target * stride, rows + run.tap * stride, s->taps * stride, channels,
            count, run.length * s->target_stride);
  }
  return added;
}

/// Whether a position may have spikes: the eight bytes from its first one on, which may reach into the next positions.
SPIKE_INLINE bool may_spike(const spike_bits *bits, size_t at, int32_t bytes) {
  uint64_t any = load_bits(bits->positive + at, 8) | load_bits(bits->negative + at, 8);
  for (int32_t b = 8; b < bytes; b += 8)
    any |= load_bits(bits->positive + at + b, 8) | load_bits(bits->negative + at + b, 8);
  return any != 0;
}

SPIKE_INLINE int64_t scatter(const spike_fan_out *s, const int32_t *rows, const spike_bits *bits,
                             int32_t *current, uint8_t *touched, int32_t *channels) {
  const int32_t bytes = s->source_stride / 8, positions = s->source_height * s->source_width;
  int64_t added = 0;
  for (int32_t position = 0; position < positions; position++) {
    const size_t at = (size_t)position * bytes;
    if (!may_spike(bits, at, bytes)) continue;
    const int32_t count =
        list_position(bits->positive + at, bits->negative + at, bits->passes + at, bytes, channels);
    if (count)
      added += (int64_t)count * add_position(s, rows, position, channels, count, current, touched);
  }
  return added;
}

/// Lists the spikes of a pool, as the number of the subset of its sources that pass times the stride plus the channel;
/// the complement for a negative one.
SPIKE_INLINE int32_t list_pool(const spike_bits *bits, const spike_fan_out *s, size_t at,
                               size_t corner, int32_t bytes, int32_t *channels,
                               int64_t *reached) {
  const size_t below = corner + (size_t)s->pooled_width;
  const size_t positions[4] = {corner, corner + 1, below, below + 1};
  int32_t count = 0;
  for (int32_t b = 0; b < bytes; b += 8) {
    const uint64_t down = load_bits(bits->negative + at + b, bytes - b);
    const uint64_t spikes = load_bits(bits->positive + at + b, bytes - b) | down;
    uint64_t passing[4], any = 0;
#pragma unroll
    for (int k = 0; k < 4; k++) {
      passing[k] = spikes & load_bits(bits->passes + positions[k] * bytes + b, 8);
      any |= passing[k];
      *reached += (int64_t)__builtin_popcountll(passing[k]) * s->pooled_fan_out[positions[k]];
    }
    for (; any; any &= any - 1) {
      const int32_t lane = __builtin_ctzll(any);
      int32_t subset = 0;
#pragma unroll
      for (int k = 0; k < 4; k++) subset |= (int32_t)(passing[k] >> lane & 1) << k;
      channels[count++] = (subset * bytes * 8 + b * 8 + lane) ^ -(int32_t)(down >> lane & 1);
    }
  }
  return count;
}

/// The same for sources under pools of 2 x 2.
SPIKE_INLINE int64_t scatter_pools(const spike_fan_out *s, const int32_t *rows,
                                   const spike_bits *bits, int32_t *current, uint8_t *touched,
                                   int32_t *channels) {
  const int32_t bytes = s->source_stride / 8;
  int64_t reached = 0;
  for (int32_t i = 0; i < s->source_height; i++) {
    for (int32_t j = 0; j < s->source_width; j++) {
      const size_t position = (size_t)i * s->source_width + j, at = position * bytes;
      if (!may_spike(bits, at, bytes)) continue;
      const size_t corner = 2 * ((size_t)i * s->pooled_width + j);
      const int32_t count = list_pool(bits, s, at, corner, bytes, channels, &reached);
      if (count) add_position(s, rows, position, channels, count, current, touched);
    }
  }
  return reached;
}

// MARK: Neurons

/// `vectors` * 8 neighbouring ternary units without a leak: their currents are taken and set to 0. Most often none
/// spikes, and then nothing but potentials and empty bits is written.
SPIKE_INLINE void fire_currents(const spike_layer *l, int32_t *current, const float *scales,
                                const float *start, size_t unit, const int vectors) {
  const v16f threshold = all16(l->threshold), reset_amount = all16(l->reset_amount), one = all16(1.0f);
  uint8_t *positive_bits = l->positive + unit / LANES, *negative_bits = l->negative + unit / LANES;
  v16f h[MOST_SIXTEENS];
  v16i spike = {0};
#pragma unroll
  for (int v = 0; v < SIXTEENS(vectors); v++) {
    const int lanes = LANES_OF(v, vectors);
    const size_t at = unit + (size_t)v * 16;
    const v16f sent =
        dequantise16(take16u(current + at, lanes), load16(scales + v * 16, lanes));
    h[v] = load16(l->potential + at, lanes) + (start ? load16(start + at, lanes) + sent : sent);
    spike |= SPIKES_UP(h[v], threshold) | SPIKES_DOWN(h[v], threshold);
  }
  if (!bits16(spike)) {
#pragma unroll
    for (int v = 0; v < SIXTEENS(vectors); v++)
      store16(l->potential + unit + v * 16, h[v], LANES_OF(v, vectors));
    memset(positive_bits, 0, vectors);
    memset(negative_bits, 0, vectors);
    return;
  }
#pragma unroll
  for (int v = 0; v < SIXTEENS(vectors); v++) {
    const int lanes = LANES_OF(v, vectors);
    const v16i positive = SPIKES_UP(h[v], threshold), negative = SPIKES_DOWN(h[v], threshold);
    h[v] -= where16(positive, reset_amount);
    h[v] += where16(negative, reset_amount);
    store16(l->potential + unit + v * 16, h[v], lanes);
    store_bits16(positive_bits + 2 * v, bits16(positive), lanes);
    store_bits16(negative_bits + 2 * v, bits16(negative), lanes);
    float *sum = l->sum + unit + v * 16;
    store16(sum, load16(sum, lanes) + where16(positive, one) - where16(negative, one), lanes);
  }
  store_suprathreshold(l, h, l->suprathreshold + unit / LANES, vectors, TERNARY);
}

SPIKE_INLINE void fire_rows(const spike_fan_out *s, const float *scales, const float *start,
                            int32_t *current, uint8_t *touched, const spike_layer *layer) {
  const spike_layer l = *layer;
  const size_t row = (size_t)s->target_width * s->target_stride;
  for (int32_t y = 0; y < s->target_height; y++) {
    const size_t at = y * row / LANES;
    uint64_t suprathreshold = 0;
    for (size_t b = 0; b < row / LANES; b += 8)
      suprathreshold |= load_bits(l.suprathreshold + at + b, (int64_t)(row / LANES - b));
    if (!touched[y] && !suprathreshold && !l.visits_all) {
      memset(l.positive + at, 0, row / LANES);
      memset(l.negative + at, 0, row / LANES);
      continue;
    }
    touched[y] = 0;
    if (suprathreshold) memset(l.suprathreshold + at, 0, row / LANES);
    for (size_t c = 0; c < row; c += SPIKE_PANEL) {
#define FIRE(N)                                                                             \
  fire_currents(&l, current, scales + c, start, y * row + c, N); \
  break
      FOR_WIDTH(row - c < SPIKE_PANEL ? row - c : SPIKE_PANEL, FIRE)
    }
  }
}

SPIKE_KERNEL(int64_t, spike_scatter_fire,
             (const spike_fan_out *fan_out, const int32_t *rows, const float *scales,
             const float *start, const spike_bits *bits, int32_t *current, uint8_t *touched, int32_t *channels, const spike_layer *layer),
             (fan_out, rows, scales, start, bits, current, touched, channels, layer)) {
  const spike_fan_out s = *fan_out;
  const int64_t reached =
      s.pooled_fan_out ? scatter_pools(&s, rows, bits, current, touched, channels)
                     : scatter(&s, rows, bits, current, touched, channels);
  if (start) {
    fire_rows(&s, scales, start, current, touched, layer);
  } else {
    fire_rows(&s, scales, NULL, current, touched, layer);
  }
  return reached;
}
