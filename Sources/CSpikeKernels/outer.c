#include "fire.h"

/// Lists the sources that are not 0, channel by channel.
static void list_sources(const spike_phase *p, int32_t channels, const float *source,
                         const spike_outer_scratch *scratch) {
  const int32_t places = p->source_height * p->source_width;
  int32_t count = 0;
  for (int32_t c = 0; c < channels; c++) {
    scratch->starts[c] = count;
    for (int32_t place = 0; place < places; place++) {
      const float value = source[(size_t)place * p->source_stride + c];
      scratch->places[count] = place;
      scratch->values[count] = value;
      count += value != 0.0f;
    }
  }
  scratch->starts[channels] = count;
}

/// The target that tap (a, b) joins with each source place; -1 for none, and for one that is 0 in all channels.
static void list_partners(const spike_phase *p, int32_t a, int32_t b, const uint8_t *is_silent,
                          int32_t *partners) {
  const int32_t places = p->source_height * p->source_width;
  for (int32_t place = 0; place < places; place++) partners[place] = -1;
  for (int32_t i = 0, y = p->first_row; y < p->target_height; y += p->step, i++) {
    const int32_t row = i * p->source_step + p->row_offset + a;
    if (row < 0 || row >= p->source_height) continue;
    for (int32_t j = 0, x = p->first_column; x < p->target_width; x += p->step, j++) {
      const int32_t column = j * p->source_step + p->column_offset + b;
      if (column < 0 || column >= p->source_width) continue;
      const int32_t place = y * p->target_width + x;
      if (!is_silent[place]) partners[row * p->source_width + column] = place;
    }
  }
}

SPIKE_INLINE void outer_panel(const spike_phase *p, int32_t channels, const float *target,
                              const spike_outer_scratch *scratch, bool adds, float *gradient,
                              const int vectors) {
  for (int32_t c = 0; c < channels; c++) {
    v8f sum[SPIKE_PANEL / LANES];
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[v] = all8(0);
    for (int32_t e = scratch->starts[c]; e < scratch->starts[c + 1]; e++) {
      const int32_t partner = scratch->partners[scratch->places[e]];
      if (partner < 0) continue;
      const v8f value = all8(scratch->values[e]);
      const float *t = target + (size_t)partner * p->target_stride;
#pragma unroll
      for (int v = 0; v < vectors; v++) sum[v] += value * load8(t + v * LANES);
    }
    float *row = gradient + (size_t)c * p->target_stride;
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      if (adds) sum[v] = load8(row + v * LANES) + sum[v];
      store8(row + v * LANES, sum[v]);
    }
  }
}

SPIKE_CLONES
static void outer_tap(const spike_phase *p, int32_t channels, const float *target,
                      const spike_outer_scratch *scratch, bool adds, float *gradient) {
#define OUTER(N)                                                                       \
  outer_panel(p, channels, target + first, scratch, adds, gradient + first, N);        \
  break
  for (int32_t first = 0; first < p->target_stride; first += SPIKE_PANEL) {
    const int32_t left = p->target_stride - first;
    FOR_WIDTH(left < SPIKE_PANEL ? left : SPIKE_PANEL, OUTER)
  }
}

void spike_outer_window(const spike_phase *p, int32_t source_channels, const float *source,
                        const float *target, const spike_outer_scratch *scratch, bool adds,
                        float *gradient) {
  list_sources(p, source_channels, source, scratch);
  for (int32_t place = 0; place < p->target_height * p->target_width; place++) {
    const float *t = target + (size_t)place * p->target_stride;
    bool silent = true;
    for (int32_t c = 0; c < p->target_stride && silent; c++) silent = t[c] == 0.0f;
    scratch->is_silent[place] = silent;
  }
  const size_t tap = (size_t)source_channels * p->target_stride;
  for (int32_t a = 0; a < p->rows; a++) {
    for (int32_t b = 0; b < p->columns; b++) {
      list_partners(p, a, b, scratch->is_silent, scratch->partners);
      outer_tap(p, source_channels, target, scratch, adds, gradient + (a * p->columns + b) * tap);
    }
  }
}

SPIKE_INLINE void outer_dense_panel(int32_t sources, int32_t targets, int32_t samples,
                                    const float *source, int64_t source_step, const float *target,
                                    int64_t target_step, bool adds, float *gradient,
                                    const int vectors) {
  for (int32_t s = 0; s < sources; s++) {
    v8f sum[SPIKE_PANEL / LANES];
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[v] = all8(0);
    for (int32_t n = 0; n < samples; n++) {
      const v8f value = all8(source[n * source_step + s]);
      const float *t = target + n * target_step;
#pragma unroll
      for (int v = 0; v < vectors; v++) sum[v] += value * load8(t + v * LANES);
    }
    float *row = gradient + (size_t)s * targets;
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      if (adds) sum[v] = load8(row + v * LANES) + sum[v];
      store8(row + v * LANES, sum[v]);
    }
  }
}

SPIKE_CLONES
void spike_outer_dense(int32_t sources, int32_t targets, int32_t samples, const float *source,
                       int64_t source_step, const float *target, int64_t target_step, bool adds,
                       float *gradient) {
#define OUTER_DENSE(N)                                                                  \
  outer_dense_panel(sources, targets, samples, source, source_step, target + first,     \
                    target_step, adds, gradient + first, N);                                 \
  break
  for (int32_t first = 0; first < targets; first += SPIKE_PANEL) {
    const int32_t left = targets - first;
    FOR_WIDTH(left < SPIKE_PANEL ? left : SPIKE_PANEL, OUTER_DENSE)
  }
}

SPIKE_INLINE void gated_sum(const float *sum, const uint8_t *gate, int32_t units, float *out) {
  for (int32_t unit = 0; unit < units; unit += LANES)
    store8(out + unit, where8(lanes8(gate[unit / LANES]), load8(sum + unit)));
}

SPIKE_CLONES
void spike_gated_sum(const float *sum, const uint8_t *gate, int32_t units, float *out) {
  gated_sum(sum, gate, units, out);
}

SPIKE_CLONES
void spike_add_places(const float *values, int32_t places, int32_t stride, float *out) {
  for (int32_t place = 0; place < places; place++) {
    for (int32_t c = 0; c < stride; c++) out[c] += values[(size_t)place * stride + c];
  }
}
