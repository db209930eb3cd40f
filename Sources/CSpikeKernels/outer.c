#include "fire.h"

// The gradient of a weight is a sum of products: of a source's spike sum (its rate) and a target's (its error), over the
// positions that the weight joins. Both are mostly 0, errors more often than rates: so each target unit with an error adds the
// rates in its window, times the error, to its row of the gradient. Neighbouring positions of a window are one run of numbers.

/// to += factor * from
SPIKE_INLINE void add_scaled(float *to, const float *from, int32_t count, float factor) {
  int32_t c = 0;
  for (; c + LANES <= count; c += LANES)
    store8(to + c, load8(to + c) + all8(factor) * load8(from + c));
  for (; c < count; c++) to[c] += factor * from[c];
}

SPIKE_KERNEL(void, spike_outer_window,
             (const spike_phase *phase, int64_t run, int32_t channels, const float *source,
             const float *target, const uint8_t *gate, float *gradient, float *bias),
             (phase, run, channels, source, target, gate, gradient, bias)) {
  const spike_phase p = *phase;
  for (int32_t i = 0, y = p.first_row; y < p.target_height; y += p.step, i++) {
    for (int32_t j = 0, x = p.first_column; x < p.target_width; x += p.step, j++) {
      const window_part w = inside(&p, i, j);
      const size_t first = ((size_t)y * p.target_width + x) * p.target_stride;
      const int32_t count = (w.column_to - w.column_from) * p.source_stride;
      for (int32_t c = 0; c < channels; c += LANES) {
        const size_t unit = first + c;
        if (!gate[unit / LANES]) continue;
        uint32_t bits = gate[unit / LANES] & bits8(load8(target + unit) != all8(0));
        for (; bits; bits &= bits - 1) {
          const int32_t channel = c + __builtin_ctz(bits);
          const float value = target[first + channel];
          if (bias) bias[channel] += value;
          float *rows = gradient + (size_t)channel * p.rows * run;
          for (int32_t a = w.row_from; a < w.row_to; a++) {
            const size_t position =
                (size_t)(w.first_row + a) * p.source_width + w.first_column + w.column_from;
            add_scaled(rows + a * run + (size_t)w.column_from * p.source_stride,
                       source + position * p.source_stride, count, value);
          }
        }
      }
    }
  }
}

/// One target's row of the gradient: `vectors` * 8 sources of each of the samples listed.
SPIKE_INLINE void outer_run(const float *const *sources, const float *values, int32_t samples,
                            bool adds, float *row, const int vectors) {
  v8f sum[SPIKE_PANEL / LANES];
#pragma unroll
  for (int v = 0; v < vectors; v++) sum[v] = adds ? load8(row + v * LANES) : all8(0);
  for (int32_t n = 0; n < samples; n++) {
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[v] += all8(values[n]) * load8(sources[n] + v * LANES);
  }
#pragma unroll
  for (int v = 0; v < vectors; v++) store8(row + v * LANES, sum[v]);
}

SPIKE_KERNEL(void, spike_outer_dense,
             (int32_t sources, int32_t targets, int32_t samples, const float *source,
             int64_t source_step, const float *target, int64_t target_step,
             const uint8_t *gate, bool adds, float *gradient, float *bias),
             (sources, targets, samples, source, source_step, target, target_step, gate, adds, gradient, bias)) {
  const int64_t run = (sources + LANES - 1) / LANES * LANES;
  for (int32_t t = 0; t < targets; t++) {
    float *row = gradient + t * run;
    for (int32_t first = 0; first < samples; first += SPIKE_PANEL) {
      const float *from[SPIKE_PANEL];
      float values[SPIKE_PANEL];
      int32_t count = 0;
      for (int32_t n = first; n < samples && n < first + SPIKE_PANEL; n++) {
        const int64_t unit = n * target_step + t;
        const bool passes = !gate || gate[unit / LANES] >> (unit % LANES) & 1;
        if (!passes || target[unit] == 0.0f) continue;
        from[count] = source + n * source_step;
        values[count++] = target[unit];
        if (bias) bias[t] += target[unit];
      }
      if (count == 0 && (adds || first > 0)) continue;
      for (int64_t c = 0; c < run; c += SPIKE_PANEL) {
#define OUTER_RUN(N)                                              \
  outer_run(from, values, count, adds || first > 0, row + c, N); \
  break
        FOR_WIDTH(run - c < SPIKE_PANEL ? run - c : SPIKE_PANEL, OUTER_RUN)
        for (int32_t n = 0; n < count; n++) from[n] += SPIKE_PANEL;
      }
    }
  }
}

SPIKE_KERNEL(void, spike_gate_bits,
             (const float *sum, float whole, int32_t units, uint8_t *bits),
             (sum, whole, units, bits)) {
  for (int32_t unit = 0; unit < units; unit += LANES) {
    const v8f s = load8(sum + unit);
    bits[unit / LANES] = bits8((s > all8(0)) & (s < all8(whole)));
  }
}

SPIKE_KERNEL(void, spike_count_active,
             (const float *values, const uint8_t *gate, int32_t positions, int32_t stride,
             int32_t *counts),
             (values, gate, positions, stride, counts)) {
  for (int32_t position = 0; position < positions; position++) {
    const size_t first = (size_t)position * stride;
    int32_t count = 0, c = 0;
    for (; c + LANES <= stride; c += LANES) {
      const uint32_t bits = bits8(load8(values + first + c) != all8(0));
      count += __builtin_popcount(gate ? bits & gate[(first + c) / LANES] : bits);
    }
    for (; c < stride; c++) count += values[first + c] != 0.0f;
    counts[position] = count;
  }
}
