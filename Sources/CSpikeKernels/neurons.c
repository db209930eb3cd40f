#include "CSpikeKernels.h"

#include <string.h>

#include "clones.h"
#include "threshold.h"

// Neurons are handled 256 at a time: the arithmetic vectorises and leaves a byte for each neuron, 1, 0 or -1; the bytes
// are then read in words of eight, so that neurons that do not spike cost next to nothing.
enum { CHUNK = 256 };

SPIKE_INLINE int32_t collect(const int8_t *spikes, int32_t n, int32_t first, int32_t *events) {
  int32_t count = 0;
  for (int32_t i = 0; i < n; i += 8) {
    uint64_t eight;
    memcpy(&eight, spikes + i, 8);
    while (eight) {
      int32_t lane = __builtin_ctzll(eight) >> 3;
      int32_t unit = first + i + lane;
      events[count++] = spikes[i + lane] > 0 ? unit : ~unit;
      eight &= ~(0xFFull << (lane * 8));
    }
  }
  return count;
}

SPIKE_INLINE int32_t fire_neurons(float *u, const float *current, int32_t n, float leak,
                                  float threshold, float reset_amount, int32_t *events, bool *suprathreshold,
                                  const bool ternary) {
  int32_t count = 0;
  int8_t again = 0;
  for (int32_t first = 0; first < n; first += CHUNK) {
    int32_t size = n - first < CHUNK ? n - first : CHUNK;
    int8_t spikes[CHUNK + 8];
    float *v = u + first;
    const float *c = current + first;
    for (int32_t i = 0; i < size; i++) {
      float h = leak * v[i] + c[i];
      int8_t positive = SPIKES_UP(h, threshold);
      int8_t negative = ternary && SPIKES_DOWN(h, threshold);
      h -= positive ? reset_amount : 0.0f;
      if (ternary) h += negative ? reset_amount : 0.0f;
      again |= SPIKES_UP(h, threshold) | (ternary && SPIKES_DOWN(h, threshold));
      spikes[i] = (int8_t)(positive - negative);
      v[i] = h;
    }
    memset(spikes + size, 0, 8);
    count += collect(spikes, size, first, events + count);
  }
  *suprathreshold = again != 0;
  return count;
}

SPIKE_KERNEL(int32_t, spike_fire,
             (float *u, const float *current, int32_t n, float leak, float threshold,
             float reset_amount, bool is_ternary, int32_t *events, bool *suprathreshold),
             (u, current, n, leak, threshold, reset_amount, is_ternary, events, suprathreshold)) {
  return is_ternary
             ? fire_neurons(u, current, n, leak, threshold, reset_amount, events, suprathreshold, true)
             : fire_neurons(u, current, n, leak, threshold, reset_amount, events, suprathreshold, false);
}

SPIKE_KERNEL(void, spike_accumulate,
             (float *sum, int32_t n, float leak, const int32_t *events, int32_t count),
             (sum, n, leak, events, count)) {
  if (leak != 1.0f) {
    for (int32_t i = 0; i < n; i++) sum[i] *= leak;
  }
  for (int32_t e = 0; e < count; e++) {
    int32_t code = events[e];
    if (code >= 0) {
      sum[code] += 1.0f;
    } else {
      sum[~code] -= 1.0f;
    }
  }
}

int32_t spike_gate(const int32_t *events, int32_t count, const uint8_t *gate, int32_t *out) {
  int32_t kept = 0;
  for (int32_t e = 0; e < count; e++) {
    int32_t code = events[e];
    out[kept] = code;
    kept += gate[code < 0 ? ~code : code] != 0;
  }
  return kept;
}

SPIKE_KERNEL(void, spike_add_gated,
             (float *out, const float *x, const uint8_t *gate, int32_t n),
             (out, x, gate, n)) {
  for (int32_t i = 0; i < n; i++) out[i] += gate[i] ? x[i] : 0.0f;
}

SPIKE_KERNEL(void, spike_add,
             (float *out, const float *x, int32_t n),
             (out, x, n)) {
  for (int32_t i = 0; i < n; i++) out[i] += x[i];
}

SPIKE_KERNEL(void, spike_sgd,
             (float *w, float *v, const float *gradient, int32_t n, float momentum, float decay,
             float rate),
             (w, v, gradient, n, momentum, decay, rate)) {
  for (int32_t i = 0; i < n; i++) {
    v[i] = momentum * v[i] + (gradient[i] + decay * w[i]);
    w[i] -= rate * v[i];
  }
}
