#include "fire.h"

SPIKE_INLINE uint64_t load64(const uint8_t *p) {
  uint64_t word;
  memcpy(&word, p, 8);
  return word;
}

/// Vectors that go through their steps side by side.
enum { ABREAST = 4 };

// MARK: Neurons without a link

/// Some steps of `vectors` * 8 units. Each step waits for the one before it, so several vectors go side by side.
SPIKE_INLINE void fire_steps_of(const spike_layer *l, const float *current, int32_t unit,
                                int32_t steps, const int vectors, const bool leaks) {
  const v8f leak = all8(l->leak), threshold = all8(l->threshold), drop = all8(l->drop);
  const v8f one = all8(1.0f);
  v8f c[ABREAST], u[ABREAST], sum[ABREAST];
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    c[v] = load8(current + unit + v * LANES);
    u[v] = load8(l->potential + unit + v * LANES);
    sum[v] = load8(l->sum + unit + v * LANES);
  }
  uint8_t *bits = l->positive + unit / LANES;
  for (int32_t t = 0; t < steps; t++, bits += l->bits_step) {
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      const v8f h = (leaks ? leak * u[v] : u[v]) + c[v];
      const v8i positive = h >= threshold;
      u[v] = h - where8(positive, drop);
      sum[v] = (leaks ? leak * sum[v] : sum[v]) + where8(positive, one);
      bits[v] = bits8(positive);
    }
  }
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    store8(l->potential + unit + v * LANES, u[v]);
    store8(l->sum + unit + v * LANES, sum[v]);
  }
}

SPIKE_INLINE void fire_steps(const spike_layer *layer, const float *current, int32_t units,
                             int32_t steps, const bool leaks) {
  const spike_layer l = *layer;
  int32_t unit = 0;
  for (; unit + ABREAST * LANES <= units; unit += ABREAST * LANES)
    fire_steps_of(&l, current, unit, steps, ABREAST, leaks);
  for (; unit < units; unit += LANES) fire_steps_of(&l, current, unit, steps, 1, leaks);
}

SPIKE_CLONES
void spike_fire_steps(const spike_layer *layer, const float *current, int32_t units,
                      int32_t steps) {
  if (layer->leak == 1.0f) {
    fire_steps(layer, current, units, steps, false);
  } else {
    fire_steps(layer, current, units, steps, true);
  }
}

SPIKE_INLINE void fire_currents(const spike_layer *layer, const float *current, int32_t units,
                                const bool ternary) {
  const spike_layer l = *layer;
  for (int32_t unit = 0; unit < units; unit += LANES) {
    const v8f c = load8(current + unit);
    fire(&l, unit, 0, &c, 1, ternary);
  }
}

SPIKE_CLONES
void spike_fire_currents(const spike_layer *layer, const float *current, int32_t units) {
  if (layer->is_ternary) {
    fire_currents(layer, current, units, true);
  } else {
    fire_currents(layer, current, units, false);
  }
}

// MARK: Pools

SPIKE_INLINE int64_t pool_fire(const spike_phase *phase, float weight, const uint8_t *source,
                        const uint8_t *mask, const spike_layer *layer) {
  const spike_phase p = *phase;
  const spike_layer l = *layer;
  const int32_t vectors = p.target_stride / LANES;
  int64_t added = 0;
  for (int32_t y = 0; y < p.target_height; y++) {
    for (int32_t x = 0; x < p.target_width; x++) {
      const size_t place = (size_t)y * p.target_width + x;
      const size_t corner = (size_t)y * p.source_step * p.source_width + (size_t)x * p.source_step;
      int64_t arriving = 0;
      for (int32_t v = 0; v < vectors; v++) {
        v8f current = all8(0);
        for (int32_t a = 0; a < p.rows; a++) {
          for (int32_t b = 0; b < p.columns; b++) {
            const uint8_t bits = source[(corner + (size_t)a * p.source_width + b) * vectors + v];
            current += where8(lanes8(bits), all8(weight));
            arriving += __builtin_popcount(bits);
          }
        }
        const size_t unit = place * p.target_stride + (size_t)v * LANES;
        if (mask) current = where8(lanes8(mask[unit / LANES]), current);
        fire(&l, unit, place, &current, 1, false);
      }
      added += arriving;
    }
  }
  return added;
}

SPIKE_CLONES
int64_t spike_pool_fire(const spike_phase *p, float weight, const uint8_t *source,
                        const uint8_t *mask, const spike_layer *l) {
  return pool_fire(p, weight, source, mask, l);
}

SPIKE_INLINE void pooled_fire_of(float weight, const spike_bits *sources, int32_t unit,
                                 const spike_layer *l, int32_t steps, const int vectors,
                                 const bool leaks) {
  const v8f leak = all8(l->leak), threshold = all8(l->threshold), drop = all8(l->drop);
  const v8f one = all8(1.0f), weights = all8(weight);
  const size_t at = unit / LANES;
  v8f u[ABREAST], sum[ABREAST];
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    u[v] = load8(l->potential + unit + v * LANES);
    sum[v] = load8(l->sum + unit + v * LANES);
  }
  for (int32_t t = 0; t < steps; t++) {
    const size_t source = at + (size_t)t * sources->step, target = at + (size_t)t * l->bits_step;
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      const uint8_t passing = sources->passes[at + v];
      const v8i up = lanes8(sources->positive[source + v] & passing);
      const v8i down = lanes8(sources->negative[source + v] & passing);
      const v8f current = where8(up, weights) - where8(down, weights);
      v8f h = (leaks ? leak * u[v] : u[v]) + current;
      const v8i positive = h >= threshold, negative = (h <= -threshold) & ~positive;
      h -= where8(positive, drop);
      u[v] = h + where8(negative, drop);
      sum[v] = (leaks ? leak * sum[v] : sum[v]) + where8(positive, one) - where8(negative, one);
      l->positive[target + v] = bits8(positive);
      l->negative[target + v] = bits8(negative);
    }
  }
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    store8(l->potential + unit + v * LANES, u[v]);
    store8(l->sum + unit + v * LANES, sum[v]);
  }
}

SPIKE_INLINE void pooled_fire(float weight, const spike_bits *sources, int32_t units,
                              const spike_layer *layer, int32_t steps, const bool leaks) {
  const spike_layer l = *layer;
  const spike_bits bits = *sources;
  int32_t unit = 0;
  for (; unit + ABREAST * LANES <= units; unit += ABREAST * LANES)
    pooled_fire_of(weight, &bits, unit, &l, steps, ABREAST, leaks);
  for (; unit < units; unit += LANES) pooled_fire_of(weight, &bits, unit, &l, steps, 1, leaks);
}

SPIKE_CLONES
void spike_pooled_fire(float weight, const spike_bits *sources, int32_t units,
                       const spike_layer *layer, int32_t steps) {
  if (layer->leak == 1.0f) {
    pooled_fire(weight, sources, units, layer, steps, false);
  } else {
    pooled_fire(weight, sources, units, layer, steps, true);
  }
}

int64_t spike_count_passing(const spike_bits *bits, int64_t bytes) {
  int64_t count = 0;
  for (int64_t b = 0; b < bytes; b += 8) {
    uint64_t word = (load64(bits->positive + b) | load64(bits->negative + b)) &
                    load64(bits->passes + b);
    if (bytes - b < 8) word &= (1ull << (8 * (bytes - b))) - 1;
    count += __builtin_popcountll(word);
  }
  return count;
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
          for (int64_t i = 0; i < size && source != pool; i++) source[i] = pool[i];
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

// MARK: Bits and lists

/// Appends the events of a place, whose bits begin at byte `at`.
SPIKE_INLINE int32_t collect_place(const uint8_t *positive, const uint8_t *negative,
                                   const uint8_t *passes, size_t at, int32_t stride, int32_t unit,
                                   int32_t *events, int32_t count) {
  const size_t own = (size_t)unit / 8;
  const int32_t bytes = stride / 8;
  for (int32_t b = 0; b < bytes; b += 8) {
    const uint64_t down = negative ? load64(negative + at + b) : 0;
    uint64_t word = load64(positive + at + b) | down;
    if (passes) word &= load64(passes + own + b);
    if (bytes - b < 8) word &= (1ull << (8 * (bytes - b))) - 1;
    for (; word; word &= word - 1) {
      const int32_t lane = __builtin_ctzll(word);
      events[count++] = (unit + b * 8 + lane) ^ -(int32_t)(down >> lane & 1);
    }
  }
  return count;
}

int32_t spike_collect(const uint8_t *positive, const uint8_t *negative, const uint8_t *passes,
                      int32_t places, int32_t stride, int32_t *events, int32_t *starts) {
  int32_t count = 0;
  for (int32_t place = 0; place < places; place++) {
    starts[place] = count;
    count = collect_place(positive, negative, passes, (size_t)place * (stride / 8), stride,
                          place * stride, events, count);
  }
  starts[places] = count;
  return count;
}

int32_t spike_collect_pooled(const spike_phase *phase, const uint8_t *positive,
                             const uint8_t *negative, const uint8_t *passes, int32_t *events,
                             int32_t *starts) {
  const spike_phase p = *phase;
  const int32_t stride = p.source_stride;
  int32_t count = 0;
  for (int32_t y = 0, row = 0, a = 0; y < p.source_height; y++) {
    for (int32_t x = 0, column = 0, b = 0; x < p.source_width; x++) {
      const int32_t place = y * p.source_width + x;
      starts[place] = count;
      if (row < p.target_height && column < p.target_width) {
        const size_t at = ((size_t)row * p.target_width + column) * (stride / 8);
        count = collect_place(positive, negative, passes, at, stride, place * stride, events, count);
      }
      if (++b == p.columns) b = 0, column++;
    }
    if (++a == p.rows) a = 0, row++;
  }
  starts[p.source_height * p.source_width] = count;
  return count;
}

int64_t spike_count(const uint8_t *bits, int64_t bytes) {
  int64_t count = 0;
  for (int64_t b = 0; b + 8 <= bytes; b += 8) count += __builtin_popcountll(load64(bits + b));
  for (int64_t b = bytes & ~7ll; b < bytes; b++) count += __builtin_popcount(bits[b]);
  return count;
}

SPIKE_INLINE void gate_bits(const float *sum, float whole, int32_t units, uint8_t *bits) {
  for (int32_t unit = 0; unit < units; unit += LANES) {
    const v8f s = load8(sum + unit);
    bits[unit / LANES] = bits8((s > all8(0)) & (s < all8(whole)));
  }
}

SPIKE_CLONES
void spike_gate_bits(const float *sum, float whole, int32_t units, uint8_t *bits) {
  gate_bits(sum, whole, units, bits);
}

// MARK: Real-valued sources

SPIKE_INLINE void values(const spike_phase *p, const spike_panel *panel, const float *source,
                         float *out, const int vectors) {
  const ptrdiff_t width = vectors * LANES;
  for (int32_t i = 0, y = p->first_row; y < p->target_height; y += p->step, i++) {
    for (int32_t j = 0, x = p->first_column; x < p->target_width; x += p->step, j++) {
      const window_part w = inside(p, i, j);
      const size_t place = (size_t)y * p->target_width + x;
      const size_t unit = place * p->target_stride + panel->first_channel;
      v8f sum[SPIKE_PANEL / LANES];
#pragma unroll
      for (int v = 0; v < vectors; v++)
        sum[v] = panel->unit_start      ? load8(panel->unit_start + unit + v * LANES)
                 : panel->channel_start ? load8(panel->channel_start + v * LANES)
                                        : all8(0);
      for (int32_t a = w.row_from; a < w.row_to; a++) {
        const ptrdiff_t first = (ptrdiff_t)(w.first_row + a) * p->source_width + w.first_column;
        const float *value = source + (first + w.column_from) * p->source_stride;
        const float *end = source + (first + w.column_to) * p->source_stride;
        const float *row = panel->rows + ((ptrdiff_t)a * p->columns + w.column_from) *
                                             p->source_stride * width;
        for (; value < end; value++, row += width) {
          const v8f x8 = all8(*value);
#pragma unroll
          for (int v = 0; v < vectors; v++) sum[v] += x8 * load8(row + v * LANES);
        }
      }
#pragma unroll
      for (int v = 0; v < vectors; v++) {
        if (panel->mask) sum[v] = where8(lanes8(panel->mask[unit / LANES + v]), sum[v]);
        if (panel->added) sum[v] = load8(panel->added + unit + v * LANES) + sum[v];
        store8(out + unit + v * LANES, sum[v]);
      }
    }
  }
}

SPIKE_CLONES
void spike_values(const spike_phase *phase, const spike_panel *panel, const float *source,
                  float *out) {
#define VALUES(N)                             \
  values(phase, panel, source, out, N);       \
  break
  FOR_WIDTH(panel->width, VALUES)
}

void spike_pool_values(const spike_phase *p, float weight, const float *values,
                       const uint8_t *mask, float *out) {
  for (int32_t y = 0; y < p->target_height; y++) {
    for (int32_t x = 0; x < p->target_width; x++) {
      const size_t place = (size_t)y * p->target_width + x;
      for (int32_t c = 0; c < p->target_stride; c++) {
        const size_t unit = place * p->target_stride + c;
        float sum = 0;
        for (int32_t a = 0; a < p->rows && c < p->source_stride; a++) {
          for (int32_t b = 0; b < p->columns; b++) {
            const size_t source =
                ((size_t)y * p->source_step + a) * p->source_width + x * p->source_step + b;
            sum += weight * values[source * p->source_stride + c];
          }
        }
        const bool passes = !mask || mask[unit / LANES] >> (unit % LANES) & 1;
        out[unit] = passes ? sum : 0.0f;
      }
    }
  }
}
