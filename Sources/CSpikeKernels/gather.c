#include "fire.h"

/// Lists the events of a window one after the other, as numbers of weight rows, and returns their number. Eight or
/// sixteen are copied at a time, whether there are as many or not: one long loop over the list then follows, where a
/// loop over each row of the window would end too soon for the processor to see it coming.
SPIKE_INLINE int32_t list_window(const spike_phase *phase, const spike_list *lists,
                                 window_part w, const bool ternary) {
  const spike_phase p = *phase;
  const spike_list list = *lists;
  int32_t count = 0;
  for (int32_t a = w.row_from; a < w.row_to; a++) {
    const int32_t first = (w.first_row + a) * p.source_width + w.first_column;
    const int32_t from = list.starts[first + w.column_from];
    const int32_t length = list.starts[first + w.column_to] - from;
    const v8i shift = all8i((a * p.columns - first) * p.source_stride);
    // Forward spikes are more: sixteen at once are seldom too few.
    const int32_t unrolled = ternary ? 1 : 2;
    int32_t k = 0;
    do {
#pragma unroll
      for (int32_t c = 0; c < unrolled; c++, k += LANES) {
        const v8i code = load8i(list.events + from + k);
        const v8i sign = code >> 31;
        store8i(list.window + count + k, ternary ? code + (shift ^ sign) - sign : code + shift);
      }
    } while (k < length);
    count += length;
  }
  return count;
}

/// Adds rows, or subtracts those of negative events.
SPIKE_INLINE void add_rows(v8f *sum, const float *rows, const int32_t *events, int32_t count,
                           const int vectors, const bool ternary) {
  // A product with 1 or -1 is exact, so fusing it with the sum changes no bit.
#pragma STDC FP_CONTRACT ON
  for (int32_t e = 0; e < count; e++) {
    const int32_t code = events[e];
    if (ternary) {
      const float *row = rows + (ptrdiff_t)(code ^ (code >> 31)) * (vectors * LANES);
      const v8f sign = sign8(code);
#pragma unroll
      for (int v = 0; v < vectors; v++) sum[v] += sign * load8(row + v * LANES);
    } else {
      const float *row = rows + (ptrdiff_t)code * (vectors * LANES);
#pragma unroll
      for (int v = 0; v < vectors; v++) sum[v] += load8(row + v * LANES);
    }
  }
}

SPIKE_INLINE int64_t gather_fire(const spike_phase *phase, const spike_panel *panels,
                                 const spike_list *lists, const spike_layer *layer, int32_t steps,
                                 const int vectors, const bool ternary) {
  // Copies of its own: what is written through pointers could change those of the caller.
  const spike_phase p = *phase;
  const spike_panel panel = *panels;
  const bool is_dense = p.rows * p.columns == 1 && p.source_height * p.source_width == 1 &&
                        p.target_height * p.target_width == 1 && p.row_offset == 0 &&
                        p.column_offset == 0;
  int64_t added = 0;
  for (int32_t i = 0, y = p.first_row; y < p.target_height; y += p.step, i++) {
    for (int32_t j = 0, x = p.first_column; x < p.target_width; x += p.step, j++) {
      const window_part window = inside(&p, i, j);
      const size_t place = (size_t)y * p.target_width + x;
      const size_t unit = place * p.target_stride + panel.first_channel;
      spike_list list = *lists;
      spike_layer l = *layer;
      // All steps of a place in turn: the same sources tend to spike, so their rows are still at hand.
      for (int32_t t = 0; t < steps; t++, list.events += list.events_step,
                   list.starts += list.starts_step, l.positive += l.bits_step,
                   l.negative += l.bits_step) {
        const int32_t arriving =
            is_dense ? list.starts[1] : list_window(&p, &list, window, ternary);
        if (arriving == 0 && !l.visits_all && !l.restless[place]) {
          keep_silent(&l, unit, vectors, ternary);
          continue;
        }
        v8f sum[SPIKE_PANEL / LANES];
#pragma unroll
        for (int v = 0; v < vectors; v++) {
          sum[v] = panel.unit_start      ? load8(panel.unit_start + unit + v * LANES)
                   : panel.channel_start ? load8(panel.channel_start + v * LANES)
                                         : all8(0);
        }
        add_rows(sum, panel.rows, is_dense ? list.events : list.window, arriving, vectors,
                 ternary);
        added += arriving;
        if (panel.mask) {
#pragma unroll
          for (int v = 0; v < vectors; v++)
            sum[v] = where8(lanes8(panel.mask[unit / LANES + v]), sum[v]);
        }
        if (panel.added) {
#pragma unroll
          for (int v = 0; v < vectors; v++)
            sum[v] = load8(panel.added + unit + v * LANES) + sum[v];
        }
        fire(&l, unit, place, sum, vectors, ternary);
      }
    }
  }
  return added;
}

SPIKE_CLONES
static int64_t gather_binary(const spike_phase *phase, const spike_panel *panel,
                             const spike_list *list, const spike_layer *layer, int32_t steps) {
#define BINARY(N) return gather_fire(phase, panel, list, layer, steps, N, false)
  FOR_WIDTH(panel->width, BINARY)
}

SPIKE_CLONES
static int64_t gather_ternary(const spike_phase *phase, const spike_panel *panel,
                              const spike_list *list, const spike_layer *layer,
                              int32_t steps) {
#define TERNARY(N) return gather_fire(phase, panel, list, layer, steps, N, true)
  FOR_WIDTH(panel->width, TERNARY)
}

int64_t spike_gather_fire(const spike_phase *phase, const spike_panel *panel, const spike_list *list,
                          const spike_layer *layer, int32_t steps) {
  return layer->is_ternary ? gather_ternary(phase, panel, list, layer, steps)
                           : gather_binary(phase, panel, list, layer, steps);
}
