#include "fire.h"

// Neurons that no link reaches: what they get is the same at every step.

/// Vectors that go through their steps side by side.
enum { ABREAST = 4 };

/// Some steps of `vectors` * 8 units. Each step waits for the one before it, so several vectors go side by side.
SPIKE_INLINE void fire_steps_of(const spike_layer *l, const float *current, int32_t unit,
                                int32_t steps, const int vectors, const bool leaks) {
  const v8f leak = all8(l->leak), threshold = all8(l->threshold), drop = all8(l->drop);
  const v8f one = all8(1.0f);
  v8f c[ABREAST], u[ABREAST], sum[ABREAST];
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    c[v] = load8(current + unit + v * LANES);
    u[v] = load8(l->potential + unit + v * LANES);
    sum[v] = load8(l->sum + unit + v * LANES);
  }
  uint8_t *bits = l->positive + unit / LANES;
  for (int32_t t = 0; t < steps; t++, bits += l->bits_step) {
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      const v8f h = (leaks ? leak * u[v] : u[v]) + c[v];
      const v8i positive = h >= threshold;
      u[v] = h - where8(positive, drop);
      sum[v] = (leaks ? leak * sum[v] : sum[v]) + where8(positive, one);
      bits[v] = bits8(positive);
    }
  }
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    store8(l->potential + unit + v * LANES, u[v]);
    store8(l->sum + unit + v * LANES, sum[v]);
  }
}

SPIKE_INLINE void fire_steps(const spike_layer *layer, const float *current, int32_t units,
                             int32_t steps, const bool leaks) {
  const spike_layer l = *layer;
  int32_t unit = 0;
  for (; unit + ABREAST * LANES <= units; unit += ABREAST * LANES)
    fire_steps_of(&l, current, unit, steps, ABREAST, leaks);
  for (; unit < units; unit += LANES) fire_steps_of(&l, current, unit, steps, 1, leaks);
}

SPIKE_KERNEL(void, spike_fire_steps,
             (const spike_layer *layer, const float *current, int32_t units,
             int32_t steps),
             (layer, current, units, steps)) {
  if (layer->leak == 1.0f) {
    fire_steps(layer, current, units, steps, false);
  } else {
    fire_steps(layer, current, units, steps, true);
  }
}

SPIKE_INLINE void fire_currents(const spike_layer *layer, const float *current, int32_t units,
                                const bool ternary) {
  const spike_layer l = *layer;
  for (int32_t unit = 0; unit < units; unit += LANES) {
    const size_t at = (size_t)unit / LANES;
    const v8f c = load8(current + unit);
    v8f u = load8(l.potential + unit), sum = load8(l.sum + unit);
    fire(&l, &u, &sum, &c, l.positive + at, ternary ? l.negative + at : NULL, 1,
         ternary ? LEAKY | TERNARY : LEAKY);
    store8(l.potential + unit, u);
    store8(l.sum + unit, sum);
  }
}

SPIKE_KERNEL(void, spike_fire_currents,
             (const spike_layer *layer, const float *current, int32_t units),
             (layer, current, units)) {
  if (layer->is_ternary) {
    fire_currents(layer, current, units, true);
  } else {
    fire_currents(layer, current, units, false);
  }
}
