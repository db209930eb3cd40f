#include "fire.h"

SPIKE_INLINE void values(const spike_phase *p, const spike_panel *panel, const float *rows,
                         const float *source, float *out, const int vectors) {
  const ptrdiff_t width = vectors * LANES;
  for (int32_t i = 0, y = p->first_row; y < p->target_height; y += p->step, i++) {
    for (int32_t j = 0, x = p->first_column; x < p->target_width; x += p->step, j++) {
      const window_part w = inside(p, i, j);
      const size_t position = (size_t)y * p->target_width + x;
      const size_t unit = position * p->target_stride + panel->first_channel;
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
        const float *row =
            rows + ((ptrdiff_t)a * p->columns + w.column_from) * p->source_stride * width;
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

SPIKE_KERNEL(void, spike_values,
             (const spike_phase *phase, const spike_panel *panel, const float *rows,
             const float *source, float *out),
             (phase, panel, rows, source, out)) {
#define VALUES(N)                             \
  values(phase, panel, rows, source, out, N); \
  break
  FOR_WIDTH(panel->width, VALUES)
}

void spike_pool_values(const spike_phase *p, float weight, const float *values,
                       const uint8_t *mask, float *out) {
  for (int32_t y = 0; y < p->target_height; y++) {
    for (int32_t x = 0; x < p->target_width; x++) {
      const size_t position = (size_t)y * p->target_width + x;
      for (int32_t c = 0; c < p->target_stride; c++) {
        const size_t unit = position * p->target_stride + c;
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
