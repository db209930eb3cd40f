#include "CSpikeKernels.h"

#include <stddef.h>

#include "clones.h"

SPIKE_INLINE void add_row(int32_t *out, const int32_t *row, int32_t width, bool negative) {
  uint32_t *sums = (uint32_t *)out;
  const uint32_t *weights = (const uint32_t *)row;
  if (negative) {
    for (int32_t j = 0; j < width; j++) sums[j] -= weights[j];
  } else {
    for (int32_t j = 0; j < width; j++) sums[j] += weights[j];
  }
}

SPIKE_INLINE void add_scaled(float *out, const float *row, int32_t width, float scale) {
  for (int32_t j = 0; j < width; j++) out[j] += scale * row[j];
}

/// The other side's coordinate that tap `k` connects with `at`, or -1.
SPIKE_INLINE int32_t partner(int32_t at, int32_t k, const spike_window *w, bool from_wide,
                             int32_t limit) {
  int32_t other;
  if (from_wide) {
    int32_t shifted = at + w->padding - k;
    if (shifted < 0 || shifted % w->stride != 0) return -1;
    other = shifted / w->stride;
  } else {
    other = at * w->stride - w->padding + k;
  }
  return other >= 0 && other < limit ? other : -1;
}

SPIKE_KERNEL(int64_t, spike_link_add,
             (const spike_window *w, bool from_wide, int32_t source_channels,
             int32_t target_channels, const int32_t *events, int32_t count,
             const int32_t *rows, int32_t *out),
             (w, from_wide, source_channels, target_channels, events, count, rows, out)) {
  int32_t source_width = from_wide ? w->wide_width : w->narrow_width;
  int32_t target_height = from_wide ? w->narrow_height : w->wide_height;
  int32_t target_width = from_wide ? w->narrow_width : w->wide_width;
  size_t tap = (size_t)source_channels * (size_t)target_channels;
  int64_t added = 0;
  for (int32_t e = 0; e < count; e++) {
    int32_t code = events[e];
    bool negative = code < 0;
    int32_t unit = negative ? ~code : code;
    int32_t position = unit / source_channels;
    int32_t channel = unit - position * source_channels;
    int32_t y = position / source_width;
    int32_t x = position - y * source_width;
    for (int32_t ky = 0; ky < w->kernel; ky++) {
      int32_t ty = partner(y, ky, w, from_wide, target_height);
      if (ty < 0) continue;
      for (int32_t kx = 0; kx < w->kernel; kx++) {
        int32_t tx = partner(x, kx, w, from_wide, target_width);
        if (tx < 0) continue;
        const int32_t *row =
            rows + (size_t)(ky * w->kernel + kx) * tap + (size_t)channel * target_channels;
        add_row(out + ((size_t)ty * target_width + tx) * target_channels, row, target_channels,
                negative);
        added += target_channels;
      }
    }
  }
  return added;
}

SPIKE_KERNEL(void, spike_link_add_values,
             (const spike_window *w, bool from_wide, int32_t source_channels,
             int32_t target_channels, const float *values, const float *rows,
             float *out),
             (w, from_wide, source_channels, target_channels, values, rows, out)) {
  int32_t source_height = from_wide ? w->wide_height : w->narrow_height;
  int32_t source_width = from_wide ? w->wide_width : w->narrow_width;
  int32_t target_height = from_wide ? w->narrow_height : w->wide_height;
  int32_t target_width = from_wide ? w->narrow_width : w->wide_width;
  size_t tap = (size_t)source_channels * (size_t)target_channels;
  for (int32_t y = 0; y < source_height; y++) {
    for (int32_t x = 0; x < source_width; x++) {
      const float *here = values + ((size_t)y * source_width + x) * source_channels;
      for (int32_t ky = 0; ky < w->kernel; ky++) {
        int32_t ty = partner(y, ky, w, from_wide, target_height);
        if (ty < 0) continue;
        for (int32_t kx = 0; kx < w->kernel; kx++) {
          int32_t tx = partner(x, kx, w, from_wide, target_width);
          if (tx < 0) continue;
          const float *row = rows + (size_t)(ky * w->kernel + kx) * tap;
          float *target = out + ((size_t)ty * target_width + tx) * target_channels;
          for (int32_t c = 0; c < source_channels; c++) {
            if (here[c] != 0.0f)
              add_scaled(target, row + (size_t)c * target_channels, target_channels, here[c]);
          }
        }
      }
    }
  }
}

SPIKE_KERNEL(void, spike_outer,
             (const spike_window *w, bool from_wide, int32_t source_channels,
             int32_t target_channels, const float *source, const float *target,
             float *gradient),
             (w, from_wide, source_channels, target_channels, source, target, gradient)) {
  int32_t source_height = from_wide ? w->wide_height : w->narrow_height;
  int32_t source_width = from_wide ? w->wide_width : w->narrow_width;
  int32_t target_height = from_wide ? w->narrow_height : w->wide_height;
  int32_t target_width = from_wide ? w->narrow_width : w->wide_width;
  size_t tap = (size_t)source_channels * (size_t)target_channels;
  for (int32_t ty = 0; ty < target_height; ty++) {
    for (int32_t tx = 0; tx < target_width; tx++) {
      const float *t = target + ((size_t)ty * target_width + tx) * target_channels;
      bool silent = true;
      for (int32_t j = 0; j < target_channels; j++) silent &= t[j] == 0.0f;
      if (silent) continue;
      for (int32_t ky = 0; ky < w->kernel; ky++) {
        int32_t y = partner(ty, ky, w, !from_wide, source_height);
        if (y < 0) continue;
        for (int32_t kx = 0; kx < w->kernel; kx++) {
          int32_t x = partner(tx, kx, w, !from_wide, source_width);
          if (x < 0) continue;
          const float *s = source + ((size_t)y * source_width + x) * source_channels;
          float *rows = gradient + (size_t)(ky * w->kernel + kx) * tap;
          for (int32_t c = 0; c < source_channels; c++) {
            if (s[c] != 0.0f)
              add_scaled(rows + (size_t)c * target_channels, t, target_channels, s[c]);
          }
        }
      }
    }
  }
}

int64_t spike_pool_add(int32_t height, int32_t width, int32_t channels, int32_t size,
                       const int32_t *events, int32_t count, float weight, float *out) {
  int32_t target_height = height / size, target_width = width / size;
  int64_t added = 0;
  for (int32_t e = 0; e < count; e++) {
    int32_t code = events[e];
    int32_t unit = code < 0 ? ~code : code;
    int32_t position = unit / channels;
    int32_t channel = unit - position * channels;
    int32_t y = position / width / size;
    int32_t x = position % width / size;
    if (y >= target_height || x >= target_width) continue;
    out[((size_t)y * target_width + x) * channels + channel] += code < 0 ? -weight : weight;
    added++;
  }
  return added;
}

int64_t spike_pool_spread(int32_t height, int32_t width, int32_t channels, int32_t size,
                          const int32_t *events, int32_t count, float weight, float *out) {
  (void)height;
  int32_t pooled_width = width / size;
  for (int32_t e = 0; e < count; e++) {
    int32_t code = events[e];
    float signed_weight = code < 0 ? -weight : weight;
    int32_t unit = code < 0 ? ~code : code;
    int32_t position = unit / channels;
    int32_t channel = unit - position * channels;
    int32_t y = position / pooled_width * size;
    int32_t x = position % pooled_width * size;
    for (int32_t dy = 0; dy < size; dy++) {
      for (int32_t dx = 0; dx < size; dx++)
        out[((size_t)(y + dy) * width + x + dx) * channels + channel] += signed_weight;
    }
  }
  return (int64_t)count * size * size;
}

void spike_add_quantised(float *out, const int32_t *sums, const float *scales, int32_t positions,
                       int32_t channels) {
  for (int32_t position = 0; position < positions; position++, out += channels, sums += channels) {
    for (int32_t c = 0; c < channels; c++) out[c] += scales[c] * (float)sums[c];
  }
}

/// Adds a weight's size to a total, and widens the largest.
SPIKE_INLINE void add_size(float weight, float *total, float *largest) {
  const float size = __builtin_fabsf(weight);
  *total += size;
  *largest = size > *largest ? size : *largest;
}

/// The same for neighbouring weights. Eight of each go side by side, so that a vector may hold them.
SPIKE_INLINE void add_sizes(const float *weights, int64_t count, float *total, float *largest) {
  float sum[8] = {0}, most[8] = {0}, all = 0;
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (int32_t k = 0; k < 8; k++) add_size(weights[i + k], &sum[k], &most[k]);
  }
  for (; i < count; i++) add_size(weights[i], &sum[i % 8], &most[i % 8]);
  for (int32_t k = 0; k < 8; k++) {
    all += sum[k];
    *largest = most[k] > *largest ? most[k] : *largest;
  }
  *total += all;
}

SPIKE_KERNEL(void, spike_outer_sizes,
             (const float *weights, int32_t outer, int32_t inner, int32_t taps,
             float *totals, float *largest),
             (weights, outer, inner, taps, totals, largest)) {
  const int64_t count = (int64_t)inner * taps;
  for (int32_t o = 0; o < outer; o++) {
    totals[o] = largest[o] = 0;
    add_sizes(weights + o * count, count, &totals[o], &largest[o]);
  }
}

SPIKE_KERNEL(void, spike_inner_sizes,
             (const float *weights, int32_t outer, int32_t inner, int32_t taps,
             float *totals, float *largest),
             (weights, outer, inner, taps, totals, largest)) {
  for (int32_t i = 0; i < inner; i++) totals[i] = largest[i] = 0;
  for (int32_t o = 0; o < outer; o++, weights += (int64_t)inner * taps) {
    if (taps == 1) {
      for (int32_t i = 0; i < inner; i++) add_size(weights[i], &totals[i], &largest[i]);
    } else {
      for (int32_t i = 0; i < inner; i++)
        add_sizes(weights + i * taps, taps, &totals[i], &largest[i]);
    }
  }
}
