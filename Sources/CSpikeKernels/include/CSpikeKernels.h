// The innermost loops of the engine. Plain C, no state, no allocation.
//
// Conventions
// - Layers are channels-last: unit = (row * width + column) * channels + channel.
// - A spike event is one int32: `unit` for +1, `~unit` for -1; lists ascend by unit.
// - Weights are packed in rows: row (ky, kx, source channel) holds one number for each target channel. Spikes add
//   quantised weights, whole numbers (see CSpikeBlocks.h), which are exact; real values are multiplied by floats, in
//   order and without anything fused. So every processor and every path gives the same bits.
#ifndef C_SPIKE_KERNELS_H
#define C_SPIKE_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

#include "CSpikeBlocks.h"

/// How a link's positions lie over each other. A position (y, x) of the narrow side covers the positions
/// (y * stride - padding + ky, x * stride - padding + kx) of the wide side.
/// A convolution reads the wide side; its transpose, and a transposed convolution, read the narrow one.
/// A dense link is a 1x1 window over a single position.
typedef struct {
  int32_t wide_height, wide_width;
  int32_t narrow_height, narrow_width;
  int32_t kernel, stride, padding;
} spike_window;

// MARK: Neurons

/// One step of `n` neurons: h = leak * u + current; a spike where h is at the threshold (threshold.h); u = h - reset_amount * spike.
/// Writes the events and returns their number; `suprathreshold` tells whether some u is still at the threshold.
int32_t spike_fire(float *u, const float *current, int32_t n, float leak, float threshold,
                   float reset_amount, bool is_ternary, int32_t *events, bool *suprathreshold);

/// sum = leak * sum + spike, over `n` units: the numerator of the weighted mean firing rate.
void spike_accumulate(float *sum, int32_t n, float leak, const int32_t *events, int32_t count);

/// Copies the events whose unit has a non-zero gate; returns their number. `out` may be `events`.
int32_t spike_gate(const int32_t *events, int32_t count, const uint8_t *gate, int32_t *out);

// MARK: Links

/// out += the rows of every spiking source unit, as quantised sums. `from_wide` tells which side of the window spikes.
/// Returns the number of additions (synaptic operations).
int64_t spike_link_add(const spike_window *window, bool from_wide, int32_t source_channels,
                       int32_t target_channels, const int32_t *events, int32_t count,
                       const int32_t *rows, int32_t *out);

/// out += quantised sums times the scale of each channel.
void spike_add_quantised(float *out, const int32_t *sums, const float *scales, int32_t positions,
                       int32_t channels);

/// Adds up the absolute values of weights [outer][inner][taps] and finds the largest, for each index of `outer`.
void spike_outer_sizes(const float *weights, int32_t outer, int32_t inner, int32_t taps,
                       float *totals, float *largest);

/// The same for each index of `inner`.
void spike_inner_sizes(const float *weights, int32_t outer, int32_t inner, int32_t taps,
                       float *totals, float *largest);

/// `out += values[unit]` times its rows, over the units of all source positions.
void spike_link_add_values(const spike_window *window, bool from_wide, int32_t source_channels,
                           int32_t target_channels, const float *values, const float *rows,
                           float *out);

/// out[target] += weight for every spike under a pool of size x size positions.
int64_t spike_pool_add(int32_t height, int32_t width, int32_t channels, int32_t size,
                       const int32_t *events, int32_t count, float weight, float *out);

/// The transpose: spikes of the pooled layer spread over the positions that it read.
int64_t spike_pool_spread(int32_t height, int32_t width, int32_t channels, int32_t size,
                          const int32_t *events, int32_t count, float weight, float *out);

// MARK: Gradients

/// gradient[row (ky, kx, source channel)][target channel] += source * target over all positions that meet;
/// both sides are mostly zero, and only pairs with both non-zero cost anything.
void spike_outer(const spike_window *window, bool from_wide, int32_t source_channels,
                 int32_t target_channels, const float *source, const float *target,
                 float *gradient);

// MARK: Elementwise

/// out[i] += gate[i] ? x[i] : 0
void spike_add_gated(float *out, const float *x, const uint8_t *gate, int32_t n);

/// out[i] += x[i]
void spike_add(float *out, const float *x, int32_t n);

/// v = momentum * v + (gradient + decay * w); w -= rate * v   (TheMethod.md, "SGD")
void spike_sgd(float *w, float *v, const float *gradient, int32_t n, float momentum, float decay,
               float rate);

// MARK: Memory

/// From now on nobody may read or write these bytes: a program that is built with the address sanitizer ends where
/// somebody does. Any other program takes no notice.
void spike_forbid(const void *memory, int64_t bytes);

/// They may be read and written again.
void spike_permit(const void *memory, int64_t bytes);

// MARK: Dispatch

/// What kernels are compiled for. On processors other than x86-64 there are the plain ones, which the compiler makes of
/// what it finds there.
enum { SPIKE_PLAIN = 1, SPIKE_AVX2, SPIKE_AVX512 };

/// The level of the kernels that run: the processor's, unless it has been limited.
int spike_kernel_level(void);

/// Lets no kernels above a level run, and returns the level that runs then. For tests: all levels give the same bits.
int spike_limit_kernels(int most);

/// The processor and the kernels that run on it, in words.
const char *spike_processor_features(void);

#endif
