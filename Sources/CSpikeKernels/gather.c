#include "fire.h"

/// Copies `length` events with their numbers shifted. Eight or sixteen are copied at a time, whether there are as many
/// or not.
SPIKE_INLINE void copy_events(const int32_t *from, int32_t length, int32_t shift, int32_t *to,
                              const bool is_signed) {
  // Events without a sign are those of the forward stage, of which there are more: sixteen at once are seldom too few.
  const int32_t unrolled = is_signed ? 1 : 2;
  const v8i shifts = all8i(shift);
  int32_t k = 0;
  do {
#pragma unroll
    for (int32_t c = 0; c < unrolled; c++, k += LANES) {
      const v8i code = load8i(from + k), sign = code >> 31;
      store8i(to + k, is_signed ? code + (shifts ^ sign) - sign : code + shifts);
    }
  } while (k < length);
}

/// Lists a band: step after step, source row by source row, the events in the source columns under the windows of one column
/// of targets. The events of one target's window are then neighbours. They are numbered
/// [source row][column of the window][channel]; `rows` gets, for every step, where each source row's events begin, and the
/// end.
SPIKE_INLINE void list_band(const spike_phase *phase, const spike_list *list, window_part w,
                            int32_t steps, int32_t *rows, int32_t *band, const bool is_signed) {
  const spike_phase p = *phase;
  const int32_t width = w.column_to - w.column_from;
  const int32_t first = width > 0 ? w.first_column + w.column_from : 0;
  const int32_t *starts = list->starts;
  int32_t count = 0;
  for (int32_t t = 0; t < steps; t++, starts += list->starts_step) {
    for (int32_t y = 0; y < p.source_height; y++) {
      *rows++ = count;
      const int32_t *position = starts + y * p.source_width + first;
      const int32_t length = position[width] - position[0];
      const int32_t shift = y * (p.columns - p.source_width) - w.first_column;
      copy_events(list->events + position[0], length, shift * p.source_stride, band + count,
                  is_signed);
      count += length;
    }
    *rows++ = count;
  }
}

/// Adds rows, or subtracts those of negative events.
SPIKE_INLINE void add_rows(v16u *sum, const int32_t *rows, const int32_t *events, int32_t count,
                           const int vectors, const bool is_signed) {
  const int pairs = vectors / 2;
  uint32_t negatives = 0;
  v8u odd = {0};
  for (int32_t e = 0; e < count; e++) {
    const int32_t code = events[e], sign = code >> 31;
    const int32_t *row = rows + (ptrdiff_t)(is_signed ? code ^ sign : code) * (vectors * LANES);
    // Subtracting is adding the complement and 1.
    const uint32_t flip = (uint32_t)sign;
    if (is_signed) negatives -= flip;
#pragma unroll
    for (int v = 0; v < pairs; v++)
      sum[v] += is_signed ? load16u(row + v * 16) ^ flip : load16u(row + v * 16);
    if (vectors % 2) odd += is_signed ? load8u(row + pairs * 16) ^ flip : load8u(row + pairs * 16);
  }
  if (vectors % 2) sum[pairs] += join8u(odd, all8u(0));
#pragma unroll
  for (int v = 0; v < SIXTEENS(vectors) && is_signed; v++) sum[v] += negatives;
}

SPIKE_INLINE void gather_fire(const spike_phase *phase, const spike_panel *panels,
                              const spike_list *lists, const spike_layer *layer, int32_t steps,
                              const int vectors, const int kind, const bool is_signed) {
  // Local copies, which the compiler may keep in registers: writes through pointers could change those of the caller.
  const spike_phase p = *phase;
  const spike_panel panel = *panels;
  const spike_list list = *lists;
  const bool is_dense = p.rows * p.columns == 1 && p.source_height * p.source_width == 1 &&
                        p.target_height * p.target_width == 1 && p.row_offset == 0 &&
                        p.column_offset == 0;
  // A dense link has one window, all of the source: its list is the band.
  const int64_t ends_step = is_dense ? list.starts_step : p.source_height + 1;
  const int32_t *band = is_dense ? list.events : list.band + steps * ends_step;
  const ptrdiff_t row_weights = (ptrdiff_t)p.columns * p.source_stride * (vectors * LANES);
  for (int32_t j = 0, x = p.first_column; x < p.target_width; x += p.step, j++) {
    if (!is_dense)
      list_band(&p, &list, inside(&p, 0, j), steps, list.band, list.band + steps * ends_step,
                is_signed);
    for (int32_t i = 0, y = p.first_row; y < p.target_height; y += p.step, i++) {
      const window_part window = inside(&p, i, j);
      // Events are numbered from source row 0: here its weights would lie, before those of the window's first row.
      const int32_t *weights = panel.weights - window.first_row * row_weights;
      const int32_t height = window.row_to - window.row_from;
      const int32_t *ends = is_dense ? list.starts : list.band;
      if (height > 0) ends += window.first_row + window.row_from;
      const size_t position = (size_t)y * p.target_width + x;
      const size_t unit = position * p.target_stride + panel.first_channel;
      const spike_layer l = *layer;
      uint8_t *positive = l.positive + unit / LANES, *negative = l.negative + unit / LANES;
      const float *start = start_of(&panel, unit);
      v16f u[MOST_SIXTEENS], sum[MOST_SIXTEENS];
      load_state(&l, unit, u, sum, vectors, kind);
      // All steps of a position in turn: the same sources tend to spike, so their rows are still in the cache.
      for (int32_t t = 0; t < steps;
           t++, ends += ends_step, positive += l.bits_step, negative += l.bits_step) {
        const int32_t from = ends[0], arriving = ends[height] - from;
        if (arriving == 0 && !l.visits_all && !any_suprathreshold(&l, u, vectors, kind)) {
          memset(positive, 0, vectors);
          if (kind & TERNARY) memset(negative, 0, vectors);
          continue;
        }
        v16u total[MOST_SIXTEENS] = {0};
#pragma unroll
        for (int v = 0; v < SIXTEENS(vectors); v++)
          if (panel.held) total[v] = load16i(panel.held + unit + v * 16, LANES_OF(v, vectors));
        add_rows(total, weights, band + from, arriving, vectors, is_signed);
        fire_sums(&panel, start, &l, unit, total, u, sum, positive, negative, vectors, kind);
      }
      store_state(&l, unit, u, sum, vectors, kind);
    }
  }
}

SPIKE_KERNEL(void, spike_gather_fire,
             (const spike_phase *phase, const spike_panel *panel, const spike_list *list,
              const spike_layer *layer, int32_t steps),
             (phase, panel, list, layer, steps)) {
  // Spikes are signed where neurons are ternary, and where spikes are held.
#define GATHER(N, KIND, IS_SIGNED)                                         \
  gather_fire(phase, panel, list, layer, steps, N, KIND, IS_SIGNED); \
  break
#define GATHER_BINARY(N) GATHER(N, 0, false)
#define GATHER_COUNTED(N) GATHER(N, COUNTED, true)
#define GATHER_TERNARY(N) GATHER(N, TERNARY, true)
#define GATHER_COUNTED_TERNARY(N) GATHER(N, COUNTED | TERNARY, true)
#define GATHER_LEAKY(N) GATHER(N, LEAKY, true)
#define GATHER_LEAKY_TERNARY(N) GATHER(N, LEAKY | TERNARY, true)
  switch (kind_of(layer)) {
    case TERNARY: FOR_WIDTH(panel->width, GATHER_TERNARY) break;
    case COUNTED: FOR_WIDTH(panel->width, GATHER_COUNTED) break;
    case COUNTED | TERNARY: FOR_WIDTH(panel->width, GATHER_COUNTED_TERNARY) break;
    case LEAKY: FOR_WIDTH(panel->width, GATHER_LEAKY) break;
    case LEAKY | TERNARY: FOR_WIDTH(panel->width, GATHER_LEAKY_TERNARY) break;
    default: FOR_WIDTH(panel->width, GATHER_BINARY)
  }
}

// MARK: Spikes that are held

/// Takes (or adds) one row of weights to a target.
SPIKE_INLINE void add_row(int32_t *target, const int32_t *row, v8u flip, const int vectors) {
#pragma unroll
  for (int v = 0; v < vectors; v++)
    store8u(target + v * LANES,
            load8u(target + v * LANES) + (load8u(row + v * LANES) ^ flip) - flip);
}

SPIKE_INLINE void hold(const spike_phase *phase, const spike_panel *panels, const int32_t *events,
                       int32_t count, int32_t *held, const int vectors) {
  const spike_phase p = *phase;
  const spike_panel panel = *panels;
  for (int32_t e = 0; e < count; e++) {
    const int32_t code = events[e], sign = code >> 31, unit = code ^ sign;
    const int32_t position = unit / p.source_stride, channel = unit - position * p.source_stride;
    const int32_t y = position / p.source_width - p.row_offset;
    const int32_t x = position % p.source_width - p.column_offset;
    // It lies before the first window.
    if (y < 0 || x < 0) continue;
    const v8u flip = (v8u)all8i(sign);
    // Target (i, j) sees the source in the tap (y - i * source_step, x - j * source_step).
    for (int32_t i = y / p.source_step, a = y - i * p.source_step; a < p.rows && i >= 0;
         a += p.source_step, i--) {
      const int32_t row = p.first_row + i * p.step;
      if (row >= p.target_height) continue;
      for (int32_t j = x / p.source_step, b = x - j * p.source_step; b < p.columns && j >= 0;
           b += p.source_step, j--) {
        const int32_t column = p.first_column + j * p.step;
        if (column >= p.target_width) continue;
        const size_t tap = (size_t)(a * p.columns + b) * p.source_stride + channel;
        const size_t target = ((size_t)row * p.target_width + column) * p.target_stride;
        add_row(held + target + panel.first_channel, panel.weights + tap * (vectors * LANES), flip,
                vectors);
      }
    }
  }
}

SPIKE_KERNEL(void, spike_hold,
             (const spike_phase *phase, const spike_panel *panel, const int32_t *events,
             int32_t count, int32_t *held),
             (phase, panel, events, count, held)) {
#define HOLD(N)                                \
  hold(phase, panel, events, count, held, N); \
  break
  FOR_WIDTH(panel->width, HOLD)
}
