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
  if (w.column_from > w.column_to) w.column_to = w.column_from;
  return w;
}

/// What kind of neurons a kernel is compiled for.
enum { TERNARY = 1, LEAKY = 2 };

/// METHOD.md's h, s(t), u(t) of `vectors` * 8 neighbouring units: potentials and weighted sums of spikes are updated, and
/// the bits written.
SPIKE_INLINE void fire(const spike_layer *l, v8f *u, v8f *sum, const v8f *current,
                       uint8_t *positive_bits, uint8_t *negative_bits, const int vectors,
                       const int kind) {
  const v8f leak = all8(l->leak), threshold = all8(l->threshold), drop = all8(l->drop);
  const v8f one = all8(1.0f);
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    const v8f h = (kind & LEAKY ? leak * u[v] : u[v]) + current[v];
    const v8i positive = h >= threshold;
    u[v] = h - where8(positive, drop);
    sum[v] = (kind & LEAKY ? leak * sum[v] : sum[v]) + where8(positive, one);
    positive_bits[v] = bits8(positive);
    if (kind & TERNARY) {
      const v8i negative = h <= -threshold;
      u[v] += where8(negative, drop);
      sum[v] -= where8(negative, one);
      negative_bits[v] = bits8(negative);
    }
  }
}

/// What the sums of a panel's weights, the held ones included, come to as a current, integrated and fired.
SPIKE_INLINE void fire_sums(const spike_panel *panel, const float *start, const spike_layer *l,
                            size_t unit, const v8u *sums, v8f *u, v8f *weighted,
                            uint8_t *positive, uint8_t *negative, const int vectors,
                            const int kind) {
  v8f current[SPIKE_PANEL / LANES];
#pragma unroll
  for (int v = 0; v < vectors; v++)
    current[v] = load8(start + v * LANES) + on_grid8(sums[v], panel->grid + v * LANES);
  if (panel->mask) {
#pragma unroll
    for (int v = 0; v < vectors; v++)
      current[v] = where8(lanes8(panel->mask[unit / LANES + v]), current[v]);
  }
  if (panel->added) {
#pragma unroll
    for (int v = 0; v < vectors; v++)
      current[v] = load8(panel->added + unit + v * LANES) + current[v];
  }
  fire(l, u, weighted, current, positive, negative, vectors, kind);
}

/// Where the currents of a panel's units from `unit` on start.
SPIKE_INLINE const float *start_of(const spike_panel *panel, size_t unit) {
  static const float none[SPIKE_PANEL] = {0};
  if (panel->unit_start) return panel->unit_start + unit;
  return panel->channel_start ? panel->channel_start : none;
}

/// Takes up the potentials of a panel's units. Without a leak the spikes of the steps that come are counted alone, and
/// most often there are none to add.
SPIKE_INLINE void load_state(const spike_layer *l, size_t unit, v8f *u, v8f *weighted,
                             const int vectors, const int kind) {
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    u[v] = load8(l->potential + unit + v * LANES);
    weighted[v] = kind & LEAKY ? load8(l->sum + unit + v * LANES) : all8(0);
  }
}

SPIKE_INLINE void store_state(const spike_layer *l, size_t unit, const v8f *u,
                              const v8f *weighted, const int vectors, const int kind) {
  v8i spiked = {0};
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    store8(l->potential + unit + v * LANES, u[v]);
    spiked |= weighted[v] != 0;
  }
  if (!(kind & LEAKY) && !bits8(spiked)) return;
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    float *sum = l->sum + unit + v * LANES;
    store8(sum, kind & LEAKY ? weighted[v] : load8(sum) + weighted[v]);
  }
}

/// Which of eight units would spike without any current.
SPIKE_INLINE uint8_t restless8(const spike_layer *l, v8f u, const int kind) {
  v8i again = u >= all8(l->threshold);
  if (kind & TERNARY) again |= u <= all8(-l->threshold);
  return bits8(again);
}

/// Whether any of `vectors` * 8 units would.
SPIKE_INLINE bool any_restless(const spike_layer *l, const v8f *u, const int vectors,
                               const int kind) {
  uint8_t any = 0;
#pragma unroll
  for (int v = 0; v < vectors; v++) any |= restless8(l, u[v], kind);
  return any != 0;
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

SPIKE_INLINE int kind_of(const spike_layer *l) {
  return (l->is_ternary ? TERNARY : 0) | (l->leak == 1.0f ? 0 : LEAKY);
}

#endif
