#include "fire.h"

// Links with more weights than L2 holds. The target channels are gone through panel by panel, each so narrow that its weights
// stay in L2 for all samples of a micro-batch, and its currents in L1.
//
// Reading rows from L2 is what takes the time, so four weights of 24 bits are packed into three numbers of 32. Weights
// a, b, c, d become 256 a + x, 256 b + y and 256 c + z, where x, y and z are the bytes of d + 2^23, the lowest first. Rows are
// added up with one shift for each number. Shifted right by 8, the numbers are a, b and c, and so their sums are those of a, b
// and c. The sums of the numbers as they stand, less 256 times these, are the sums of x, y and z, which give that of d.

// MARK: Currents

/// Where the rows of some events begin: those of positive ones first.
typedef struct {
  int32_t count, positive;
  int32_t offsets[256];
} event_rows;

/// As many of `count` events as there is room for.
SPIKE_INLINE void set_rows(event_rows *rows, const int32_t *channels, int32_t count,
                           int32_t channel_step) {
  const int32_t room = sizeof rows->offsets / sizeof rows->offsets[0];
  rows->count = count < room ? count : room;
  int32_t positive = 0, negative = rows->count;
  for (int32_t e = 0; e < rows->count; e++) {
    const int32_t sign = channels[e] >> 31;
    negative += sign;
    rows->offsets[sign ? negative : positive] = (channels[e] ^ sign) * channel_step;
    positive += 1 + sign;
  }
  rows->positive = positive;
}

/// Adds up packed rows of one sign: the numbers as they stand in `whole`, and shifted right by 8 in `upper`.
SPIKE_INLINE void sum_rows(v16u *whole, v16i *upper, const int32_t *weights,
                           const int32_t *offsets, int32_t count, const int sign,
                           const int lanes) {
  for (int32_t e = 0; e < count; e++) {
#pragma unroll
    for (int v = 0; v < 3; v++) {
      const v16i part = (v16i)load16i(weights + offsets[e] + v * lanes, lanes);
      whole[v] += (v16u)part * (uint32_t)sign;
      upper[v] += (part >> 8) * sign;
    }
  }
}

/// The rows of some events over one tap, added to the currents of a target.
SPIKE_INLINE void add_rows(int32_t *current, const int32_t *weights, const event_rows *rows,
                           const int lanes) {
  const int32_t negative = rows->count - rows->positive;
  v16u whole[3] = {0};
  v16i upper[3] = {0};
  sum_rows(whole, upper, weights, rows->offsets, rows->positive, 1, lanes);
  sum_rows(whole, upper, weights, rows->offsets + rows->positive, negative, -1, lanes);
  v16u last = {0};
#pragma unroll
  for (int v = 0; v < 3; v++) {
    const v16u sum = (v16u)upper[v];
    add16u(current + v * lanes, sum, lanes);
    last += (whole[v] - (sum << 8)) << (8 * v);
  }
  const uint32_t shifted = (uint32_t)(rows->positive - negative) << 23;
  add16u(current + 3 * lanes, last - shifted, lanes);
}

/// Brings the state of some positions' neurons into L2.
SPIKE_INLINE void fetch_state(const spike_panel *panel, const spike_layer *l, int32_t stride,
                              int64_t position, int64_t end) {
  for (; position < end; position++) {
    const size_t unit = (size_t)position * stride + panel->first_channel;
    for (int32_t c = 0; c < panel->width; c += 16) {
      __builtin_prefetch(l->potential + unit + c, 1, 2);
      if (l->sum) __builtin_prefetch(l->sum + unit + c, 1, 2);
      if (panel->held) __builtin_prefetch(panel->held + unit + c, 0, 2);
    }
  }
}

void spike_fetch(const int32_t *rows, int64_t count) {
  for (int64_t n = 0; n < count; n += 16) __builtin_prefetch(rows + n, 0, 2);
}

/// Adds what a list of spikes sends to a panel. Meanwhile the state of the neurons that get it is fetched.
SPIKE_INLINE void add_list(const spike_fan_out *fan_out, const spike_panel *panel,
                           const spike_list *list, int32_t *current, const spike_layer *l,
                           const int lanes) {
  const spike_fan_out s = *fan_out;
  const int32_t numbers = 4 * lanes, row = 3 * lanes, channel_step = s.taps * row;
  const int32_t positions = s.source_height * s.source_width;
  const int64_t targets = (int64_t)s.target_height * s.target_width;
  for (int32_t position = 0; position < positions; position++) {
    fetch_state(panel, l, s.target_stride, position * targets / positions,
                (position + 1) * targets / positions);
    const int64_t ahead = position * panel->ahead_count / positions;
    spike_fetch(panel->ahead + ahead, (position + 1) * panel->ahead_count / positions - ahead);
    // Events number units, not channels of the position: here the rows of unit 0 would lie.
    const int32_t *weights = panel->weights - (ptrdiff_t)position * s.source_stride * channel_step;
    const int32_t end = list->starts[position + 1];
    event_rows rows;
    for (int32_t e = list->starts[position]; e < end; e += rows.count) {
      set_rows(&rows, list->events + e, end - e, channel_step);
      for (int32_t r = s.row_starts[position]; r < s.row_starts[position + 1]; r++) {
        const spike_target_run run = s.target_runs[r];
        for (int32_t t = 0; t < run.length; t++)
          add_rows(current + (run.target + t) * numbers, weights + (run.tap + t) * row, &rows,
                   lanes);
      }
    }
  }
}

// MARK: Neurons

SPIKE_INLINE void fire_panel(const spike_panel *panels, int32_t positions, int32_t stride,
                             int32_t *sums, const spike_layer *layer, const int vectors,
                             const int kind) {
  const spike_panel panel = *panels;
  const spike_layer l = *layer;
  const int32_t numbers = 4 * spike_panel_lanes(panel.width);
  for (int32_t position = 0; position < positions; position++, sums += numbers) {
    // At each position a panel has a few cache lines, a whole layer's channels apart from the next: processors do not foresee
    // that, so the state of the position after the next is fetched here.
    const size_t ahead = (size_t)(position + 2) * stride + panel.first_channel;
#pragma unroll
    for (int v = 0; v < vectors; v += 2) {
      __builtin_prefetch(l.potential + ahead + v * LANES, 1);
      if (kind & LEAKY) __builtin_prefetch(l.sum + ahead + v * LANES, 1);
    }
    const size_t unit = (size_t)position * stride + panel.first_channel;
    uint8_t *positive = l.positive + unit / LANES, *negative = l.negative + unit / LANES;
    uint8_t *suprathreshold = l.suprathreshold + unit / LANES;
    v16u total[MOST_SIXTEENS], any = {0};
#pragma unroll
    for (int v = 0; v < SIXTEENS(vectors); v++) {
      total[v] = take16u(sums + v * 16, LANES_OF(v, vectors));
      if (panel.held && !(kind & TERNARY))
        total[v] += load16i(panel.held + unit + v * 16, LANES_OF(v, vectors));
      any |= total[v];
    }
    if (!l.visits_all && !bits16((v16i)any != 0)) {
      uint8_t again = 0;
      for (int v = 0; v < vectors; v++) again |= suprathreshold[v];
      if (!again) {
        memset(positive, 0, vectors);
        if (kind & TERNARY) memset(negative, 0, vectors);
        continue;
      }
    }
    v16f u[MOST_SIXTEENS], weighted[MOST_SIXTEENS];
    load_state(&l, unit, u, weighted, vectors, kind);
    fire_sums(&panel, start_of(&panel, unit), &l, unit, total, u, weighted, positive, negative,
              vectors, kind);
    if (!l.visits_all) store_suprathreshold(&l, u, suprathreshold, vectors, kind);
    store_state(&l, unit, u, weighted, vectors, kind);
  }
}

SPIKE_KERNEL(void, spike_scatter_panel,
             (const spike_fan_out *fan_out, const spike_panel *panel, const spike_list *list,
              int32_t *current, const spike_layer *layer),
             (fan_out, panel, list, current, layer)) {
  if (spike_panel_lanes(panel->width) == 16) {
    add_list(fan_out, panel, list, current, layer, 16);
  } else {
    add_list(fan_out, panel, list, current, layer, 8);
  }
  const int32_t positions = fan_out->target_height * fan_out->target_width;
  const int32_t stride = fan_out->target_stride;
#define FIRE_PANEL(N, KIND)                                     \
  fire_panel(panel, positions, stride, current, layer, N, KIND); \
  break
#define FIRE_BINARY(N) FIRE_PANEL(N, COUNTED)
#define FIRE_TERNARY(N) FIRE_PANEL(N, COUNTED | TERNARY)
#define FIRE_LEAKY(N) FIRE_PANEL(N, LEAKY)
#define FIRE_LEAKY_TERNARY(N) FIRE_PANEL(N, LEAKY | TERNARY)
  switch (kind_of(layer)) {
    case COUNTED | TERNARY: FOR_WIDTH(panel->width, FIRE_TERNARY) break;
    case LEAKY: FOR_WIDTH(panel->width, FIRE_LEAKY) break;
    case LEAKY | TERNARY: FOR_WIDTH(panel->width, FIRE_LEAKY_TERNARY) break;
    default: FOR_WIDTH(panel->width, FIRE_BINARY)
  }
}

SPIKE_INLINE void hold_panel(const spike_fan_out *fan_out, const spike_panel *panel,
                             const int32_t *events, int32_t count, int32_t *held,
                             const int lanes) {
  const spike_fan_out s = *fan_out;
  const int32_t row = 3 * lanes, channel_step = s.taps * row;
  for (int32_t e = 0; e < count; e++) {
    const int32_t sign = events[e] >> 31, unit = events[e] ^ sign;
    const int32_t position = unit / s.source_stride;
    const int32_t channel = (unit - position * s.source_stride) ^ sign;
    event_rows rows;
    set_rows(&rows, &channel, 1, channel_step);
    for (int32_t r = s.row_starts[position]; r < s.row_starts[position + 1]; r++) {
      const spike_target_run run = s.target_runs[r];
      int32_t *to = held + (size_t)run.target * s.target_stride + panel->first_channel;
      for (int32_t t = 0; t < run.length; t++, to += s.target_stride) {
        const int32_t *weights = panel->weights + (run.tap + t) * row;
        if (panel->width == 4 * lanes) {
          add_rows(to, weights, &rows, lanes);
          continue;
        }
        // The panel is narrower than it is packed, and what lies behind its channels belongs to the next one.
        int32_t sums[SPIKE_PANEL] = {0};
        add_rows(sums, weights, &rows, lanes);
        for (int32_t c = 0; c < panel->width; c++) to[c] += sums[c];
      }
    }
  }
}

SPIKE_KERNEL(void, spike_hold_panel,
             (const spike_fan_out *fan_out, const spike_panel *panel, const int32_t *events,
              int32_t count, int32_t *held),
             (fan_out, panel, events, count, held)) {
  if (spike_panel_lanes(panel->width) == 16) {
    hold_panel(fan_out, panel, events, count, held, 16);
  } else {
    hold_panel(fan_out, panel, events, count, held, 8);
  }
}

// MARK: Weights

SPIKE_KERNEL(void, spike_pack_panel,
             (const int32_t *numbers, int32_t width, int32_t *row),
             (numbers, width, row)) {
  const int32_t lanes = spike_panel_lanes(width);
  uint32_t padded[SPIKE_PANEL] = {0};
  for (int32_t i = 0; i < width; i++) padded[i] = (uint32_t)numbers[i];
  for (int32_t v = 0; v < 3; v++) {
    for (int32_t i = 0; i < lanes; i++) {
      const uint32_t last = padded[3 * lanes + i] + (1u << 23);
      row[v * lanes + i] = (int32_t)(padded[v * lanes + i] << 8 | (last >> (8 * v) & 255));
    }
  }
}
