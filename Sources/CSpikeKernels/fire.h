// What every kernel that fires shares: neurons sixteen at a time, and the window of a target.
#ifndef FIRE_H
#define FIRE_H

#include <stddef.h>

#include "CSpikeBlocks.h"
#include "threshold.h"
#include "vectors.h"

/// The part of a window that lies inside the source.
typedef struct {
  int32_t first_row, first_column;
  int32_t row_from, row_to, column_from, column_to;
} window_part;

/// Of `count` taps over the positions from `first` on, those over 0 ..< `limit`: from `*from` up to `*to`, which are the same
/// where a window lies in the padding altogether.
SPIKE_INLINE void taps_inside(int32_t first, int32_t count, int32_t limit, int32_t *from,
                              int32_t *to) {
  *from = first < 0 ? -first : 0;
  *to = limit - first < count ? limit - first : count;
  if (*to < *from) *to = *from;
}

SPIKE_INLINE window_part inside(const spike_phase *p, int32_t i, int32_t j) {
  window_part w = {.first_row = i * p->source_step + p->row_offset,
                   .first_column = j * p->source_step + p->column_offset};
  taps_inside(w.first_row, p->rows, p->source_height, &w.row_from, &w.row_to);
  taps_inside(w.first_column, p->columns, p->source_width, &w.column_from, &w.column_to);
  return w;
}

/// What kind of neurons a kernel is compiled for. Those whose spikes are counted by unit have no sums and no leak.
enum { TERNARY = 1, LEAKY = 2, COUNTED = 4 };

/// Vectors of sixteen neurons that a panel of `vectors` * 8 takes, and the lanes in use of each of them.
enum { MOST_SIXTEENS = SPIKE_PANEL / 16 };
#define SIXTEENS(vectors) (((vectors) + 1) / 2)
#define LANES_OF(v, vectors) ((vectors) - 2 * (v) > 1 ? 16 : 8)

/// The method's h, s(t), u(t) of `vectors` * 8 neighbouring units: potentials and weighted sums of spikes are updated, and
/// the bits written.
SPIKE_INLINE void fire(const spike_layer *l, v16f *u, v16f *sum, const v16f *current,
                       uint8_t *positive_bits, uint8_t *negative_bits, const int vectors,
                       const int kind) {
  const v16f leak = all16(l->leak), threshold = all16(l->threshold), reset_amount = all16(l->reset_amount);
  const v16f one = all16(1.0f);
#pragma unroll
  for (int v = 0; v < SIXTEENS(vectors); v++) {
    const v16f h = (kind & LEAKY ? leak * u[v] : u[v]) + current[v];
    const v16i positive = SPIKES_UP(h, threshold);
    u[v] = h - where16(positive, reset_amount);
    sum[v] = (kind & LEAKY ? leak * sum[v] : sum[v]) + where16(positive, one);
    store_bits16(positive_bits + 2 * v, bits16(positive), LANES_OF(v, vectors));
    if (kind & TERNARY) {
      const v16i negative = SPIKES_DOWN(h, threshold);
      u[v] += where16(negative, reset_amount);
      sum[v] -= where16(negative, one);
      store_bits16(negative_bits + 2 * v, bits16(negative), LANES_OF(v, vectors));
    }
  }
}

/// What the sums of a panel's weights, the held ones included, come to as a current, integrated and fired.
SPIKE_INLINE void fire_sums(const spike_panel *panel, const float *start, const spike_layer *l,
                            size_t unit, const v16u *sums, v16f *u, v16f *weighted,
                            uint8_t *positive, uint8_t *negative, const int vectors,
                            const int kind) {
  v16f current[MOST_SIXTEENS];
#pragma unroll
  for (int v = 0; v < SIXTEENS(vectors); v++) {
    const int lanes = LANES_OF(v, vectors);
    current[v] = load16(start + v * 16, lanes) +
                 dequantise16(sums[v], load16(panel->scales + v * 16, lanes));
  }
  if (panel->mask) {
#pragma unroll
    for (int v = 0; v < SIXTEENS(vectors); v++) {
      const uint8_t *mask = panel->mask + unit / 8 + 2 * v;
      current[v] = where16(lanes16(load_bits16(mask, LANES_OF(v, vectors))), current[v]);
    }
  }
  if (panel->added) {
#pragma unroll
    for (int v = 0; v < SIXTEENS(vectors); v++)
      current[v] = load16(panel->added + unit + v * 16, LANES_OF(v, vectors)) + current[v];
  }
  fire(l, u, weighted, current, positive, negative, vectors, kind);
}

/// Where the currents of a panel's units from `unit` on start.
SPIKE_INLINE const float *start_of(const spike_panel *panel, size_t unit) {
  static const float none[SPIKE_PANEL] = {0};
  if (panel->unit_start) return panel->unit_start + unit;
  return panel->channel_start ? panel->channel_start : none;
}

/// Loads the potentials of a panel's units and, of neurons with a leak, the weighted sums of their spikes. Without a leak the
/// steps of one call are summed from 0, and `store_state` adds that to memory only where a unit has spiked.
SPIKE_INLINE void load_state(const spike_layer *l, size_t unit, v16f *u, v16f *weighted,
                             const int vectors, const int kind) {
#pragma unroll
  for (int v = 0; v < SIXTEENS(vectors); v++) {
    const int lanes = LANES_OF(v, vectors);
    u[v] = load16(l->potential + unit + v * 16, lanes);
    weighted[v] = kind & LEAKY ? load16(l->sum + unit + v * 16, lanes) : all16(0);
  }
}

SPIKE_INLINE void store_state(const spike_layer *l, size_t unit, const v16f *u,
                              const v16f *weighted, const int vectors, const int kind) {
  v16i spiked = {0};
#pragma unroll
  for (int v = 0; v < SIXTEENS(vectors); v++) {
    store16(l->potential + unit + v * 16, u[v], LANES_OF(v, vectors));
    spiked |= weighted[v] != 0;
  }
  if (kind & COUNTED || (!(kind & LEAKY) && !bits16(spiked))) return;
#pragma unroll
  for (int v = 0; v < SIXTEENS(vectors); v++) {
    const int lanes = LANES_OF(v, vectors);
    float *sum = l->sum + unit + v * 16;
    store16(sum, kind & LEAKY ? weighted[v] : load16(sum, lanes) + weighted[v], lanes);
  }
}

/// Which of sixteen units would spike without any current.
SPIKE_INLINE v16i suprathreshold16(const spike_layer *l, v16f u, const int kind) {
  const v16f threshold = all16(l->threshold);
  v16i again = SPIKES_UP(u, threshold);
  if (kind & TERNARY) again |= SPIKES_DOWN(u, threshold);
  return again;
}

/// Whether any of `vectors` * 8 units would.
SPIKE_INLINE bool any_suprathreshold(const spike_layer *l, const v16f *u, const int vectors,
                               const int kind) {
  v16i any = {0};
#pragma unroll
  for (int v = 0; v < SIXTEENS(vectors); v++) any |= suprathreshold16(l, u[v], kind);
  return bits16(any) != 0;
}

/// Writes which of a panel's units would: most often none.
SPIKE_INLINE void store_suprathreshold(const spike_layer *l, const v16f *u, uint8_t *suprathreshold,
                                 const int vectors, const int kind) {
  if (!any_suprathreshold(l, u, vectors, kind)) {
    memset(suprathreshold, 0, vectors);
    return;
  }
#pragma unroll
  for (int v = 0; v < SIXTEENS(vectors); v++)
    store_bits16(suprathreshold + 2 * v, bits16(suprathreshold16(l, u[v], kind)), LANES_OF(v, vectors));
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
  return (l->is_ternary ? TERNARY : 0) | (l->leak == 1.0f ? 0 : LEAKY) | (l->sum ? 0 : COUNTED);
}

#endif
