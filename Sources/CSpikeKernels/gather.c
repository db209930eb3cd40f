#include "fire.h"

/// Adds or subtracts a row. A product with 1 or -1 is exact, so fusing it with the sum changes no bit.
SPIKE_INLINE void add_signed(v8f *sum, const float *rows, int32_t code, const int vectors) {
#pragma STDC FP_CONTRACT ON
  const float *row = rows + (ptrdiff_t)(code ^ (code >> 31)) * (vectors * LANES);
  const v8f sign = all8(code < 0 ? -1.0f : 1.0f);
#pragma unroll
  for (int v = 0; v < vectors; v++) sum[v] += sign * load8(row + v * LANES);
}

SPIKE_INLINE int64_t gather_fire(const spike_phase *p, const spike_panel *panel,
                                 const spike_list *list, const spike_layer *l, const int vectors,
                                 const bool ternary) {
  const ptrdiff_t width = vectors * LANES;
  int64_t added = 0;
  for (int32_t i = 0, y = p->first_row; y < p->target_height; y += p->step, i++) {
    for (int32_t j = 0, x = p->first_column; x < p->target_width; x += p->step, j++) {
      const window_part w = inside(p, i, j);
      const size_t place = (size_t)y * p->target_width + x;
      const size_t unit = place * p->target_stride + panel->first_channel;
      int32_t arriving = 0;
      for (int32_t a = w.row_from; a < w.row_to; a++) {
        const int32_t *starts = list->starts + (w.first_row + a) * p->source_width + w.first_column;
        arriving += starts[w.column_to] - starts[w.column_from];
      }
      if (arriving == 0 && !l->visits_all && !l->restless[place]) {
        keep_silent(l, unit, vectors, ternary);
        continue;
      }
      v8f sum[SPIKE_PANEL / LANES];
#pragma unroll
      for (int v = 0; v < vectors; v++) {
        sum[v] = panel->unit_start      ? load8(panel->unit_start + unit + v * LANES)
                 : panel->channel_start ? load8(panel->channel_start + v * LANES)
                                        : all8(0);
      }
      if (arriving) {
        added += arriving;
        for (int32_t a = w.row_from; a < w.row_to; a++) {
          const ptrdiff_t first =
              (ptrdiff_t)(w.first_row + a) * p->source_width + w.first_column;
          const float *rows =
              panel->rows + ((ptrdiff_t)a * p->columns - first) * p->source_stride * width;
          const int32_t *event = list->events + list->starts[first + w.column_from];
          const int32_t *end = list->events + list->starts[first + w.column_to];
          for (; event < end; event++) {
            if (ternary) {
              add_signed(sum, rows, *event, vectors);
            } else {
              const float *row = rows + (ptrdiff_t)*event * width;
#pragma unroll
              for (int v = 0; v < vectors; v++) sum[v] += load8(row + v * LANES);
            }
          }
        }
      }
      if (panel->mask) {
#pragma unroll
        for (int v = 0; v < vectors; v++)
          sum[v] = where8(lanes8(panel->mask[unit / LANES + v]), sum[v]);
      }
      if (panel->added) {
#pragma unroll
        for (int v = 0; v < vectors; v++) sum[v] = load8(panel->added + unit + v * LANES) + sum[v];
      }
      fire(l, unit, place, sum, vectors, ternary);
    }
  }
  return added;
}

SPIKE_CLONES
static int64_t gather_binary(const spike_phase *phase, const spike_panel *panel,
                             const spike_list *list, const spike_layer *layer) {
#define BINARY(N) return gather_fire(phase, panel, list, layer, N, false)
  FOR_WIDTH(panel->width, BINARY)
}

SPIKE_CLONES
static int64_t gather_ternary(const spike_phase *phase, const spike_panel *panel,
                              const spike_list *list, const spike_layer *layer) {
#define TERNARY(N) return gather_fire(phase, panel, list, layer, N, true)
  FOR_WIDTH(panel->width, TERNARY)
}

int64_t spike_gather_fire(const spike_phase *phase, const spike_panel *panel, const spike_list *list,
                          const spike_layer *layer) {
  return layer->is_ternary ? gather_ternary(phase, panel, list, layer)
                           : gather_binary(phase, panel, list, layer);
}
