// The kernels that train: a layer of one sample goes through a step in one call, from the spikes that arrive to the
// spikes that leave. Plain C, no state, no allocation.
//
// Conventions
// - A unit's number is place * stride + channel, place = row * width + column. The stride is the number of channels
//   rounded up to 8, so that vectors never straddle two places; the units in between never spike.
// - Spikes are bits, one for each unit, and for links that read them as lists also events: `unit` for +1, `~unit`
//   for -1, ascending, with the list's place boundaries beside it.
// - Sums run over the sources in ascending order whatever the path, starting from the bias: the same bits everywhere.
#ifndef C_SPIKE_BLOCKS_H
#define C_SPIKE_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

/// Some of a link's targets and the window of sources that each of them reads. A convolution and a dense link have one
/// phase. Of a transposed convolution of stride s, the targets whose row and column leave the same remainders by s
/// read with the same taps: s * s phases.
typedef struct {
  int32_t source_height, source_width, source_stride;
  int32_t target_height, target_width, target_stride;
  /// The targets are the places (first_row + i * step, first_column + j * step).
  int32_t first_row, first_column, step;
  /// Target (i, j) reads `rows` x `columns` places from (i * source_step + row_offset, j * source_step + column_offset).
  int32_t source_step, row_offset, column_offset, rows, columns;
} spike_phase;

/// Widest panel of target channels that one call handles.
enum { SPIKE_PANEL = 64 };

/// What a layer's neurons do with the current, and where their state lies.
typedef struct {
  float leak, threshold, drop;
  bool is_ternary;
  /// Visit neurons that receive nothing too: they leak or have a current of their own.
  bool visits_all;
  /// Potentials, and the numerators of the weighted mean rates, by unit.
  float *potential, *sum;
  /// By place: some unit of this panel would spike again without any current.
  uint8_t *restless;
  /// This step's spikes, one bit a unit; `negative` for ternary neurons only.
  uint8_t *positive, *negative;
  /// Bytes from one step's bits to the next.
  int64_t bits_step;
} spike_layer;

/// What a link adds to, and what it lets through.
typedef struct {
  /// First channel of the panel, and its width: a multiple of 8, up to SPIKE_PANEL.
  int32_t first_channel, width;
  /// Weights of this phase and panel: [row, column, source channel][width].
  const float *rows;
  /// What the sums start from: a bias for each target channel, or a current for each unit, or neither.
  const float *channel_start, *unit_start;
  /// Dropout: one bit a unit, or null.
  const uint8_t *mask;
  /// Added after the mask, by unit, or null.
  const float *added;
} spike_panel;

/// Binary or ternary spikes of a source layer as a list.
typedef struct {
  /// Sixteen more may be read behind the last one.
  const int32_t *events;
  /// Where each place's events begin; one more for the end.
  const int32_t *starts;
  /// Room for the events of one window, and sixteen more.
  int32_t *window;
  /// Numbers from one step's list to the next, for kernels that go through several steps.
  int64_t events_step, starts_step;
} spike_list;

/// The sums of a panel of targets over the spikes in their windows, integrated and fired, for some steps.
/// Returns the number of rows added.
int64_t spike_gather_fire(const spike_phase *phase, const spike_panel *panel, const spike_list *list,
                          const spike_layer *layer, int32_t steps);

/// A window as its sources see it: source (y, x) sends to kernel x kernel targets from (y * stride - padding, …).
typedef struct {
  int32_t source_height, source_width, source_stride;
  int32_t target_height, target_width, target_stride;
  int32_t kernel, stride, padding;
} spike_spread;

/// The same as `spike_gather_fire` for ternary neurons without a leak and without a start, where few spikes arrive:
/// every spike is added to the currents in memory. `rows` is [source channel][kernel row][kernel column][target stride],
/// up to SPIKE_PANEL target channels. `current` (by unit) and `touched` (by place) are 0 before and after.
int64_t spike_scatter_fire(const spike_spread *spread, const float *rows, const spike_list *list,
                           float *current, uint8_t *touched, const spike_layer *layer);

/// Neurons of which every step has the same current: `steps` steps at once. For binary neurons that no link reaches.
void spike_fire_steps(const spike_layer *layer, const float *current, int32_t units,
                      int32_t steps);

/// One step of neurons that have only a current of their own.
void spike_fire_currents(const spike_layer *layer, const float *current, int32_t units);

/// A layer of 2D pools: every target adds `weight` for each spike among its size x size sources.
/// The phase has `rows` = `columns` = `source_step` = size. Returns the number of additions.
int64_t spike_pool_fire(const spike_phase *phase, float weight, const uint8_t *source,
                        const uint8_t *mask, const spike_layer *layer);

/// Spikes of a layer as bits, at several steps.
typedef struct {
  const uint8_t *positive, *negative;
  /// Which of them travel on, at all steps.
  const uint8_t *passes;
  /// Bytes from one step to the next.
  int64_t step;
} spike_bits;

/// Some steps of the layer that a pool reads, on the way back: every source under a pool gets `weight` for the pool's
/// spike. All sources of a pool start alike and get the same, so one stands for all of them: potentials, sums and bits
/// are numbered by the pools' units, of which there are `units`.
void spike_pooled_fire(float weight, const spike_bits *sources, int32_t units,
                       const spike_layer *layer, int32_t steps);

/// Spikes of one step that travel on.
int64_t spike_count_passing(const spike_bits *bits, int64_t bytes);

/// Gives every source of a pool, in place, the `size` bytes of its pool's number: the phase is the pool's own.
void spike_pooled_expand(const spike_phase *phase, int64_t size, void *memory);

/// The list of a layer's spikes, of those that `passes` (bits, or null for all) lets through. `negative` may be null.
/// `starts` gets places + 1 numbers. Returns the length.
int32_t spike_collect(const uint8_t *positive, const uint8_t *negative, const uint8_t *passes,
                      int32_t places, int32_t stride, int32_t *events, int32_t *starts);

/// The same for a layer that a pool reads, of whose bits one stands for all sources of a pool; `passes` is by unit.
int32_t spike_collect_pooled(const spike_phase *phase, const uint8_t *positive,
                             const uint8_t *negative, const uint8_t *passes, int32_t *events,
                             int32_t *starts);

/// Bits that are set.
int64_t spike_count(const uint8_t *bits, int64_t bytes);

/// out[unit] = start + the real-valued sources in the window times the weights, for a panel of targets.
void spike_values(const spike_phase *phase, const spike_panel *panel, const float *values,
                  float *out);

/// The same for a pool, whose sources all have one weight.
void spike_pool_values(const spike_phase *phase, float weight, const float *values,
                       const uint8_t *mask, float *out);

/// Bits of the units with 0 < sum < whole: the gate of the backward stage.
void spike_gate_bits(const float *sum, float whole, int32_t units, uint8_t *bits);

/// Room for the work of `spike_outer_window`.
typedef struct {
  /// For each source channel where its list begins: source channels + 1 numbers.
  int32_t *starts;
  /// Places and values of the sources that are not 0, channel by channel: one for each source unit.
  int32_t *places;
  float *values;
  /// The target place that a tap joins with a source place, or -1: one for each source place.
  int32_t *partners;
  /// By target place: all its channels are 0.
  uint8_t *is_silent;
} spike_outer_scratch;

/// A sample's part in the weight gradient of a window:
/// gradient[row, column, source channel][target stride] (+)= source * target over all pairs that the window joins.
/// Both are by unit. `adds` tells whether the gradient holds other samples already.
void spike_outer_window(const spike_phase *phase, int32_t source_channels, const float *source,
                        const float *target, const spike_outer_scratch *scratch, bool adds,
                        float *gradient);

/// The same for a dense link and a block of samples: gradient[source][target] (+)= the sum over the samples, which lie
/// `source_step` and `target_step` numbers apart. `targets` is a multiple of 8.
void spike_outer_dense(int32_t sources, int32_t targets, int32_t samples, const float *source,
                       int64_t source_step, const float *target, int64_t target_step, bool adds,
                       float *gradient);

/// out[unit] = sum[unit] where the gate's bit is set, else 0.
void spike_gated_sum(const float *sum, const uint8_t *gate, int32_t units, float *out);

/// out[channel] += the values of all places, in order.
void spike_add_places(const float *values, int32_t places, int32_t stride, float *out);

#endif
