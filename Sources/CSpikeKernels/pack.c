#include "CSpikeBlocks.h"
#include "clones.h"

SPIKE_KERNEL(void, spike_pack_numbers,
             (const float *weights, const int32_t *offsets, int32_t count, float scale,
             const float *inverses, int32_t *out),
             (weights, offsets, count, scale, inverses, out)) {
  for (int32_t i = 0; i < count; i++) {
    const float weight = offsets[i] < 0 ? 0.0f : weights[offsets[i]];
    const float number = inverses[i] == 0.0f ? 0.0f : weight * scale * inverses[i];
    out[i] = (int32_t)__builtin_rintf(number);
  }
}

SPIKE_KERNEL(void, spike_pack_values,
             (const float *weights, const int32_t *offsets, int32_t count, float scale,
             float *out),
             (weights, offsets, count, scale, out)) {
  for (int32_t i = 0; i < count; i++)
    out[i] = offsets[i] < 0 ? 0.0f : weights[offsets[i]] * scale;
}

SPIKE_KERNEL(void, spike_unpack_values,
             (const float *row, const int32_t *offsets, int32_t count, float scale,
             float *weights),
             (row, offsets, count, scale, weights)) {
  for (int32_t i = 0; i < count; i++)
    if (offsets[i] >= 0) weights[offsets[i]] = row[i] * scale;
}
