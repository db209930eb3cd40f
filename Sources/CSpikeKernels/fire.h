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

/// METHOD.md's h, s(t), u(t) of `vectors` * 8 neighbouring units: potentials and weighted sums of spikes are updated, and
/// the bits written.
SPIKE_INLINE void fire(const spike_layer *l, v8f *u, v8f *sum, const v8f *current,
                       uint8_t *positive_bits, uint8_t *negative_bits, const int vectors,
                       const bool ternary) {
  const v8f leak = all8(l->leak), threshold = all8(l->threshold), drop = all8(l->drop);
  const v8f one = all8(1.0f);
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    const v8f h = leak * u[v] + current[v];
    const v8i positive = h >= threshold;
    u[v] = h - where8(positive, drop);
    sum[v] = leak * sum[v] + where8(positive, one);
    positive_bits[v] = bits8(positive);
    if (ternary) {
      const v8i negative = h <= -threshold;
      u[v] += where8(negative, drop);
      sum[v] -= where8(negative, one);
      negative_bits[v] = bits8(negative);
    }
  }
}

/// Whether some unit would spike without any current.
SPIKE_INLINE bool is_restless(const spike_layer *l, const v8f *u, const int vectors,
                              const bool ternary) {
  v8i again = {0};
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    again |= u[v] >= all8(l->threshold);
    if (ternary) again |= u[v] <= all8(-l->threshold);
  }
  return bits8(again) != 0;
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
