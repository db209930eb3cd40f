#include "fire.h"

// Where the weights are many, more than a cache holds, each of them should be fetched once for as many spikes as can be
// had: the samples of a block (or the steps of a tile) go side by side, and the spikes of all of them are taken channel
// by channel, so that the rows of a channel stay at hand while every spike of it is added.

void spike_bucket(const spike_list *list, int32_t places, int32_t stride, int32_t slot,
                  const spike_buckets *buckets) {
  for (int32_t place = 0; place < places; place++) {
    const int32_t code = slot << SPIKE_SLOT_SHIFT | place, first_unit = place * stride;
    for (int32_t e = list->starts[place]; e < list->starts[place + 1]; e++) {
      const int32_t event = list->events[e], sign = event >> 31;
      const int32_t channel = (event ^ sign) - first_unit;
      buckets->events[(size_t)channel * buckets->capacity + buckets->counts[channel]++] =
          code ^ sign;
    }
  }
}

/// Cache lines of the next channel's rows that are asked for with every spike.
enum { LINES_AHEAD = 8, LINE = 16 };

SPIKE_INLINE void spread(const spike_spread *spread, const spike_panel *panel,
                         const spike_buckets *buckets, int32_t *sums, const int vectors) {
  const spike_spread s = *spread;
  const int32_t *rows = panel->rows;
  const size_t width = vectors * LANES, channel_step = s.taps * width;
  const size_t slot_step = (size_t)s.target_height * s.target_width * width;
  for (int32_t channel = 0; channel < s.source_stride; channel++, rows += channel_step) {
    const int32_t *events = buckets->events + (size_t)channel * buckets->capacity;
    for (int32_t e = 0; e < buckets->counts[channel]; e++) {
      const int32_t sign = events[e] >> 31, code = events[e] ^ sign;
      const int32_t place = code & ((1 << SPIKE_SLOT_SHIFT) - 1);
      int32_t *slot = sums + (code >> SPIKE_SLOT_SHIFT) * slot_step;
      const v8u flip = (v8u)all8i(sign);
#pragma unroll
      for (int32_t k = 0; k < LINES_AHEAD; k++)
        __builtin_prefetch(rows + channel_step + (e * LINES_AHEAD + k) * LINE, 0, 2);
      for (int32_t r = s.firsts[place]; r < s.firsts[place + 1]; r++) {
        const spike_run run = s.runs[r];
        int32_t *to = slot + run.target * width;
        const int32_t *row = rows + run.tap * width;
        for (int32_t n = 0; n < run.length; n++, to += width, row += width) {
#pragma unroll
          for (int v = 0; v < vectors; v++)
            store8u(to + v * LANES,
                    load8u(to + v * LANES) + (load8u(row + v * LANES) ^ flip) - flip);
        }
      }
    }
  }
}

SPIKE_KERNEL(void, spike_spread_block,
             (const spike_spread *s, const spike_panel *panel, const spike_buckets *buckets,
              int32_t *sums),
             (s, panel, buckets, sums)) {
#define SPREAD(N)                    \
  spread(s, panel, buckets, sums, N); \
  break
  FOR_WIDTH(panel->width, SPREAD)
}

SPIKE_INLINE void fire_block(const spike_panel *panels, int32_t places, int32_t stride,
                             int32_t *sums, const spike_layer *layer, const int vectors,
                             const int kind) {
  const spike_panel panel = *panels;
  const spike_layer l = *layer;
  for (int32_t place = 0; place < places; place++, sums += vectors * LANES) {
    // A panel's potentials lie in short pieces far from each other: no processor sees the next one coming.
    const float *ahead = l.potential + (size_t)(place + 2) * stride + panel.first_channel;
#pragma unroll
    for (int v = 0; v < vectors; v += 2) __builtin_prefetch(ahead + v * LANES, 1);
    const size_t unit = (size_t)place * stride + panel.first_channel;
    uint8_t *positive = l.positive + unit / LANES, *negative = l.negative + unit / LANES;
    uint8_t *restless = l.restless + unit / LANES;
    v8u total[SPIKE_PANEL / LANES], any = {0};
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      total[v] = load8u(sums + v * LANES);
      store8u(sums + v * LANES, all8u(0));
      any |= total[v];
    }
    if (!l.visits_all && !bits8((v8i)any != 0)) {
      uint8_t again = 0;
      for (int v = 0; v < vectors; v++) again |= restless[v];
      if (!again) {
        memset(positive, 0, vectors);
        if (kind & TERNARY) memset(negative, 0, vectors);
        continue;
      }
    }
    v8f u[SPIKE_PANEL / LANES], weighted[SPIKE_PANEL / LANES];
    load_state(&l, unit, u, weighted, vectors, kind);
    fire_sums(&panel, start_of(&panel, unit), &l, unit, total, u, weighted, positive, negative,
              vectors, kind);
#pragma unroll
    for (int v = 0; v < vectors && !l.visits_all; v++) restless[v] = restless8(&l, u[v], kind);
    store_state(&l, unit, u, weighted, vectors, kind);
  }
}

SPIKE_KERNEL(void, spike_fire_block,
             (const spike_panel *panel, int32_t places, int32_t stride, int32_t *sums,
              const spike_layer *layer),
             (panel, places, stride, sums, layer)) {
#define FIRE(N, KIND)                                        \
  fire_block(panel, places, stride, sums, layer, N, KIND); \
  break
#define FIRE_BINARY(N) FIRE(N, 0)
#define FIRE_TERNARY(N) FIRE(N, TERNARY)
#define FIRE_LEAKY(N) FIRE(N, LEAKY)
#define FIRE_LEAKY_TERNARY(N) FIRE(N, LEAKY | TERNARY)
  switch (kind_of(layer)) {
    case TERNARY: FOR_WIDTH(panel->width, FIRE_TERNARY) break;
    case LEAKY: FOR_WIDTH(panel->width, FIRE_LEAKY) break;
    case LEAKY | TERNARY: FOR_WIDTH(panel->width, FIRE_LEAKY_TERNARY) break;
    default: FOR_WIDTH(panel->width, FIRE_BINARY)
  }
}
