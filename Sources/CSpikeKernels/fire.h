// What every kernel that fires shares: neurons eight at a time, and the window of a target.
#ifndef FIRE_H
#define FIRE_H

#include <stddef.h>

#include "CSpikeBlocks.h"
#include "vectors.h"

/// The part of a window that lies inside the source.
typedef struct {
  int32_t first_row, first_column;
  int32_t row_from, row_to, column_from, column_to;
} window_part;

SPIKE_INLINE window_part inside(const spike_phase *p, int32_t i, int32_t j) {
  window_part w = {.first_row = i * p->source_step + p->row_offset,
                   .first_column = j * p->source_step + p->column_offset};
  w.row_from = w.first_row < 0 ? -w.first_row : 0;
  w.row_to = p->source_height - w.first_row < p->rows ? p->source_height - w.first_row : p->rows;
  w.column_from = w.first_column < 0 ? -w.first_column : 0;
  w.column_to = p->source_width - w.first_column < p->columns ? p->source_width - w.first_column
                                                              : p->columns;
  if (w.column_from >= w.column_to) w.row_to = w.row_from;
  return w;
}

/// No spikes in `vectors` * 8 units.
SPIKE_INLINE void keep_silent(const spike_layer *l, size_t unit, const int vectors,
                              const bool ternary) {
  memset(l->positive + unit / LANES, 0, vectors);
  if (ternary) memset(l->negative + unit / LANES, 0, vectors);
}

/// Eight ternary units without a leak whose bits are clear already. Nearly always nothing happens, and then nothing but
/// the potentials is written. Returns whether some would spike again without any current.
SPIKE_INLINE bool fire_quietly(float *potential, float *sum, uint8_t *positive_bits,
                               uint8_t *negative_bits, v8f current, v8f threshold, v8f drop) {
  v8f h = load8(potential) + current;
  const v8i positive = h >= threshold, below = h <= -threshold;
  v8i again = {0};
  if (bits8(positive | below)) {
    const v8i negative = below & ~positive;
    const v8f one = all8(1.0f);
    h -= where8(positive, drop);
    h += where8(negative, drop);
    again = (h >= threshold) | (h <= -threshold);
    *positive_bits = bits8(positive);
    *negative_bits = bits8(negative);
    store8(sum, load8(sum) + where8(positive, one) - where8(negative, one));
  }
  store8(potential, h);
  return bits8(again) != 0;
}

/// METHOD.md's h, s(t), u(t) of `vectors` * 8 neighbouring units, whose currents are in `current`.
SPIKE_INLINE void fire(const spike_layer *l, size_t unit, size_t place, const v8f *current,
                       const int vectors, const bool ternary) {
  const v8f leak = all8(l->leak), threshold = all8(l->threshold), drop = all8(l->drop);
  float *u = l->potential + unit, *sum = l->sum + unit;
  v8i again = {0};
  if (ternary && l->leak == 1.0f) {
    bool restless = false;
    keep_silent(l, unit, vectors, true);
#pragma unroll
    for (int v = 0; v < vectors; v++)
      restless |= fire_quietly(u + v * LANES, sum + v * LANES, l->positive + unit / LANES + v,
                               l->negative + unit / LANES + v, current[v], threshold, drop);
    if (!l->visits_all) l->restless[place] = restless;
    return;
  }
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    v8f h = leak * load8(u + v * LANES) + current[v];
    const v8i positive = h >= threshold;
    h -= where8(positive, drop);
    l->positive[unit / LANES + v] = bits8(positive);
    if (ternary) {
      const v8i negative = (h <= -threshold) & ~positive;
      h += where8(negative, drop);
      l->negative[unit / LANES + v] = bits8(negative);
      again |= (h >= threshold) | (h <= -threshold);
      const v8f s = leak * load8(sum + v * LANES) + where8(positive, all8(1.0f));
      store8(sum + v * LANES, s - where8(negative, all8(1.0f)));
    } else {
      again |= h >= threshold;
      store8(sum + v * LANES, leak * load8(sum + v * LANES) + where8(positive, all8(1.0f)));
    }
    store8(u + v * LANES, h);
  }
  if (!l->visits_all) l->restless[place] = bits8(again) != 0;
}

/// Calls a macro with `width` / 8 as a constant.
#define FOR_WIDTH(width, CALL) \
  switch ((width) / LANES) {   \
    case 1: CALL(1);           \
    case 2: CALL(2);           \
    case 3: CALL(3);           \
    case 4: CALL(4);           \
    case 5: CALL(5);           \
    case 6: CALL(6);           \
    case 7: CALL(7);           \
    default: CALL(8);          \
  }

#endif
