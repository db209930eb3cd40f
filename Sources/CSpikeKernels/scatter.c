#include "fire.h"

// Few spikes over many targets: a gather would visit every target and find next to nothing. Here each spike adds its
// rows to the currents in memory; a window's row of targets is one run of numbers.

SPIKE_INLINE void add_run(float *target, const float *row, int32_t count, v8f sign) {
  // A product with 1 or -1 is exact, so fusing it with the sum changes no bit.
#pragma STDC FP_CONTRACT ON
  for (int32_t i = 0; i < count; i += LANES)
    store8(target + i, load8(target + i) + sign * load8(row + i));
}

SPIKE_INLINE int64_t scatter_fire(const spike_spread *spread, const float *rows,
                                  const spike_list *lists, float *current, uint8_t *touched,
                                  const spike_layer *layer) {
  const spike_spread s = *spread;
  const spike_list list = *lists;
  const spike_layer l = *layer;
  const int32_t run = s.kernel * s.target_stride;
  int64_t added = 0;
  for (int32_t y = 0; y < s.source_height; y++) {
    for (int32_t x = 0; x < s.source_width; x++) {
      const int32_t place = y * s.source_width + x;
      const int32_t first = list.starts[place], end = list.starts[place + 1];
      if (first == end) continue;
      const int32_t row = y * s.stride - s.padding, column = x * s.stride - s.padding;
      const int32_t row_from = row < 0 ? -row : 0, column_from = column < 0 ? -column : 0;
      const int32_t row_to = s.target_height - row < s.kernel ? s.target_height - row : s.kernel;
      const int32_t column_to =
          s.target_width - column < s.kernel ? s.target_width - column : s.kernel;
      if (row_from >= row_to || column_from >= column_to) continue;
      const int32_t width = column_to - column_from;
      for (int32_t a = row_from; a < row_to; a++)
        memset(touched + (row + a) * s.target_width + column + column_from, 1, width);
      for (int32_t e = first; e < end; e++) {
        const int32_t code = list.events[e];
        const v8f sign = sign8(code);
        const int32_t channel = (code ^ (code >> 31)) - place * s.source_stride;
        for (int32_t a = row_from; a < row_to; a++) {
          const size_t target = (size_t)(row + a) * s.target_width + column + column_from;
          add_run(current + target * s.target_stride,
                  rows + ((size_t)channel * s.kernel + a) * run + column_from * s.target_stride,
                  width * s.target_stride, sign);
        }
      }
      added += (int64_t)(end - first) * (row_to - row_from) * width;
    }
  }
  const int32_t vectors = s.target_stride / LANES;
  const v8f threshold = all8(l.threshold), drop = all8(l.drop);
  const size_t places = (size_t)s.target_height * s.target_width;
  memset(l.positive, 0, places * vectors);
  memset(l.negative, 0, places * vectors);
  for (size_t place = 0; place < places; place++) {
    if (!(touched[place] | l.restless[place])) continue;
    bool restless = false;
    for (int32_t v = 0; v < vectors; v++) {
      const size_t at = place * vectors + v;
      float *c = current + at * LANES;
      restless |= fire_quietly(l.potential + at * LANES, l.sum + at * LANES, l.positive + at,
                               l.negative + at, load8(c), threshold, drop);
      store8(c, all8(0));
    }
    l.restless[place] = restless;
    touched[place] = 0;
  }
  return added;
}

SPIKE_CLONES
int64_t spike_scatter_fire(const spike_spread *spread, const float *rows, const spike_list *list,
                           float *current, uint8_t *touched, const spike_layer *layer) {
  return scatter_fire(spread, rows, list, current, touched, layer);
}
