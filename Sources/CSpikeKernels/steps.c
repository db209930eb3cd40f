#include "fire.h"

// Layer 0 of a network without feedback: no spikes arrive, and the current is the same at every step.

/// Eights of neurons that go through their steps side by side.
enum { ABREAST = 8 };

/// Some steps of `vectors` * 8 units. Each step waits for the one before it, so several vectors go side by side.
SPIKE_INLINE void fire_steps_of(const spike_layer *layer, const float *current, int32_t unit,
                                int32_t steps, const int vectors, const int kind) {
  const spike_layer l = *layer;
  v16f c[SIXTEENS(ABREAST)], u[SIXTEENS(ABREAST)], sum[SIXTEENS(ABREAST)];
#pragma unroll
  for (int v = 0; v < SIXTEENS(vectors); v++)
    c[v] = load16(current + unit + v * 16, LANES_OF(v, vectors));
  load_state(&l, unit, u, sum, vectors, kind);
  uint8_t *bits = l.positive + unit / LANES;
  for (int32_t t = 0; t < steps; t++, bits += l.bits_step)
    fire(&l, u, sum, c, bits, NULL, vectors, kind);
  store_state(&l, unit, u, sum, vectors, kind);
}

SPIKE_INLINE void fire_steps(const spike_layer *layer, const float *current, int32_t units,
                             int32_t steps, const int kind) {
  int32_t unit = 0;
  for (; unit + ABREAST * LANES <= units; unit += ABREAST * LANES)
    fire_steps_of(layer, current, unit, steps, ABREAST, kind);
  for (; unit < units; unit += LANES) fire_steps_of(layer, current, unit, steps, 1, kind);
}

SPIKE_KERNEL(void, spike_fire_steps,
             (const spike_layer *layer, const float *current, int32_t units,
             int32_t steps),
             (layer, current, units, steps)) {
  if (layer->leak == 1.0f) {
    fire_steps(layer, current, units, steps, 0);
  } else {
    fire_steps(layer, current, units, steps, LEAKY);
  }
}

SPIKE_INLINE void fire_currents(const spike_layer *layer, const float *current, int32_t units,
                                const bool ternary) {
  const spike_layer l = *layer;
  for (int32_t unit = 0; unit < units; unit += LANES) {
    const size_t at = (size_t)unit / LANES;
    const v16f c = load16(current + unit, 8);
    v16f u = load16(l.potential + unit, 8), sum = load16(l.sum + unit, 8);
    fire(&l, &u, &sum, &c, l.positive + at, ternary ? l.negative + at : NULL, 1,
         ternary ? LEAKY | TERNARY : LEAKY);
    store16(l.potential + unit, u, 8);
    store16(l.sum + unit, sum, 8);
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
