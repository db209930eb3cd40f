// The kernels that train: a layer of one sample goes through some steps in one call, from the spikes that arrive to the
// spikes that leave. Plain C, no state, no allocation.
//
// Conventions
// - A unit's number is position * stride + channel, position = row * width + column. The stride is the number of channels
//   rounded up to 8, so that vectors never straddle two positions; the units in between never spike.
// - Spikes are bits, one for each unit; for links that gather them also a list of events: `unit` for +1, `~unit` for -1,
//   ascending. Bits are read in words of 8 bytes, which may end behind the last of them.
// - Weights are whole numbers times a scale, a power of two for each target channel (`scales`), so fine that no sum of a
//   channel's weights leaves 32 bits; of a link that is scattered to panels no weight leaves 24 either. Sums of them are
//   exact: in whatever order the spikes are added, and on whatever processor, the bits are the same.
//
// What bounds each of them, measured, stands in Sources/SpideEngine/SpideEngine.docc/KernelLimits.md.
#ifndef C_SPIKE_BLOCKS_H
#define C_SPIKE_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

/// Some of a link's targets and the window of sources that each of them reads. A convolution and a dense link have one
/// phase. Of a transposed convolution of stride s, the targets whose row and column leave the same remainders by s
/// read with the same taps: s * s phases, or fewer where there are fewer targets. A window may lie outside the source,
/// in part or altogether.
typedef struct {
  int32_t source_height, source_width, source_stride;
  int32_t target_height, target_width, target_stride;
  /// The targets are the positions (first_row + i * step, first_column + j * step).
  int32_t first_row, first_column, step;
  /// Target (i, j) reads `rows` x `columns` positions from (i * source_step + row_offset, j * source_step + column_offset).
  int32_t source_step, row_offset, column_offset, rows, columns;
} spike_phase;

/// Widest panel of target channels that one call handles.
enum { SPIKE_PANEL = 64 };

// MARK: Neurons

/// What a layer's neurons do with the current, and where their state lies.
typedef struct {
  /// A spike at the threshold subtracts the reset amount, V; of ternary neurons one at minus the threshold adds it.
  float leak, threshold, reset_amount;
  bool is_ternary;
  /// Visit neurons that receive nothing too: they leak or have a current of their own.
  bool visits_all;
  /// Potentials, and the numerators of the weighted mean rates, by unit. The latter are null where spikes are counted by unit
  /// instead, which takes neurons without a leak.
  float *potential, *sum;
  /// Which units would spike again without any current, as bits: for kernels that would not look at them otherwise.
  uint8_t *suprathreshold;
  /// The first step's spikes, one bit a unit; `negative` for ternary neurons only.
  uint8_t *positive, *negative;
  /// Bytes from one step's bits to the next.
  int64_t bits_step;
} spike_layer;

/// Neurons of which every step has the same current: `steps` steps at once. For binary neurons that no link reaches.
void spike_fire_steps(const spike_layer *layer, const float *current, int32_t units,
                      int32_t steps);

/// One step of neurons that have only a current of their own.
void spike_fire_currents(const spike_layer *layer, const float *current, int32_t units);

// MARK: Spikes as bits and lists

/// Spikes of a layer at one step.
typedef struct {
  /// `negative` is null for binary neurons.
  const uint8_t *positive, *negative;
  /// The backward mask: which of them travel on over the next link; null for all.
  const uint8_t *passes;
} spike_bits;

/// Spikes of some steps that travel on, each as often as `fan_out` says for its position; null for once. `step` is the number
/// of bytes from one step to the next.
int64_t spike_count(const spike_bits *bits, int64_t step, int32_t steps, int32_t positions,
                    int32_t stride, const int32_t *fan_out);

/// A layer's spikes as a list.
typedef struct {
  /// Sixteen more may be read behind the last one.
  const int32_t *events;
  /// Where each position's events begin among `events`; one more for the end. Of a layer that is read as a whole: its two ends.
  const int32_t *starts;
  /// Numbers from one step's starts to the next.
  int64_t starts_step;
  /// Room for what a column of targets sees of all steps: for each of them source height + 1 numbers and the events of
  /// as many source columns as the window has, and then sixteen more. A layer that is read as a whole needs none.
  int32_t *band;
} spike_list;

/// Most steps that counts have room for.
enum { SPIKE_MOST_COUNTED = 127 };

/// Counts a step's spikes, those that do not travel on too: +1 or -1 for each unit. `counts` has room for whole vectors
/// of 64.
void spike_add_counts(const spike_bits *bits, int32_t units, int8_t *counts);

/// Adds what has been counted to the sums, and begins again.
void spike_flush_counts(int8_t *counts, int32_t units, float *sums);

/// Lists the spikes that travel on from `events[first]`, and returns the end. `starts` gets positions + 1 numbers;
/// `present`, as long as the bits, is scratch; three more events may be written. For a layer that is read as a whole,
/// `positions` is 1.
int32_t spike_collect(const spike_bits *bits, int32_t positions, int32_t stride, int32_t first,
                      int32_t *events, int32_t *starts, uint8_t *present);

/// Subsets of four, the empty one excluded.
enum { SPIKE_SUBSETS = 15 };

/// The same for binary spikes, those of four neighbouring channels as one event: SPIKE_SUBSETS * (unit / 4) + subset - 1,
/// where bit k of the subset, 1 ... 15, tells whether the k-th of the four spikes.
int32_t spike_collect_fours(const uint8_t *spikes, int32_t positions, int32_t stride, int32_t first,
                            int32_t *events, int32_t *starts, uint8_t *present);

/// What is held of a layer's binary spikes. The weights of a unit that spikes at step after step are added once to a sum that
/// is kept (`spike_hold`); a step's list then has only what differs from the held units.
typedef struct {
  /// Which units are held, and which spiked at the step before.
  uint8_t *held, *previous;
  /// Units whose held state changes now: positive for those that are held from now on. Room for all units and three
  /// more.
  int32_t *changes;
  int32_t change_count;
  /// Where fewer units spike at a step, none is held from there on: most spikes are single ones then.
  int32_t least;
} spike_holding;

/// The same for what differs from the held spikes: +1 for a unit that spikes and is not held, -1 for one that is held
/// and does not spike. A unit that has twice done the same is held so from now on, `least` permitting.
int32_t spike_collect_held(const uint8_t *spikes, spike_holding *holding, int32_t positions,
                           int32_t stride, int32_t first, int32_t *events, int32_t *starts,
                           uint8_t *present);

// MARK: Links

/// What a link adds to, and what it lets through.
typedef struct {
  /// First channel of the panel, and its width: a multiple of 8, up to SPIKE_PANEL.
  int32_t first_channel, width;
  /// Weights of this phase and panel, quantised: [row, column, source channel][width].
  const int32_t *weights;
  /// Weights that are wanted soon, as those of the next panel, and how many numbers: `spike_scatter_panel` brings them
  /// into L2 meanwhile.
  const int32_t *ahead;
  int64_t ahead_count;
  /// The scale of each channel of the panel.
  const float *scales;
  /// What the held spikes send, by unit, quantised; or null. Where spikes are held, neurons leak or are counted by unit.
  const int32_t *held;
  /// What is added to the spikes' current: a bias for each channel of the panel, a current for each unit; or null.
  const float *channel_start, *unit_start;
  /// Dropout: one bit a unit, or null.
  const uint8_t *mask;
  /// Added after the mask, by unit, or null.
  const float *added;
} spike_panel;

/// The sums of a panel of targets over the spikes in their windows, integrated and fired, for some steps.
void spike_gather_fire(const spike_phase *phase, const spike_panel *panel, const spike_list *list,
                       const spike_layer *layer, int32_t steps);

/// Adds to `held` (by target unit) the weights of units that are held from now on, and takes away those of units that
/// are no longer.
void spike_hold(const spike_phase *phase, const spike_panel *panel, const int32_t *events,
                int32_t count, int32_t *held);

/// Targets side by side that one source position reaches: `length` of them from `target` on, in row `row`, over the taps
/// from `tap` on.
typedef struct {
  int32_t target, row, tap, length;
} spike_target_run;

/// The fan-out of a link's source positions, as compressed sparse rows: a row is a source position, its entries are runs of
/// targets.
typedef struct {
  int32_t source_height, source_width, source_stride;
  int32_t target_height, target_width, target_stride;
  /// Taps of the window.
  int32_t taps;
  /// Source position p sends to the runs from target_runs[row_starts[p]] on, up to but not target_runs[row_starts[p + 1]].
  const int32_t *row_starts;
  const spike_target_run *target_runs;
  /// Sources under pools of 2 x 2, all four of which spike when their pool does: a position is then a pool, whose window is
  /// wider than a source's, and one addition sends what those of the four send that pass. These are the positions in a row
  /// of sources, and how many targets each source reaches; else 0 and null.
  int32_t pooled_width;
  const int32_t *pooled_fan_out;
} spike_fan_out;

/// The same as `spike_gather_fire` for one step of ternary neurons without a leak, where few spikes arrive over few
/// weights: source position by source position, their weights are added to the currents in memory.
/// - `rows`: weights, [source channel][tap][target stride]; where sources lie under pools
///   [subset of a pool's four sources][source channel][tap][target stride], with spikes numbered by pool, `passes` by source.
/// - `scales`: by unit of one row of targets. `start`: by unit, what the spikes' current is added to; or null.
/// - `current` (quantised, by unit) and `touched` (by row of targets): scratch, 0 before and after.
/// - `channels`: scratch for the events of a position, and three more.
/// Returns over how many pairs of a spike and a target position weights were added.
int64_t spike_scatter_fire(const spike_fan_out *fan_out, const int32_t *rows, const float *scales,
                           const float *start, const spike_bits *bits, int32_t *current,
                           uint8_t *touched, int32_t *channels, const spike_layer *layer);

// Panels of a link with more weights than a cache holds. Weights stand there in 24 bits, four of them in three numbers
// (see panels.c), and panels as if they were 32 or 64 channels wide.

/// A quarter of the channels that a panel is packed for, 64 or 32: the numbers of one vector.
static inline int32_t spike_panel_lanes(int32_t width) { return width > 32 ? 16 : 8; }

/// Packs a row of `width` weights, -2^23 ... 2^23 - 1, into 3 * `spike_panel_lanes(width)` numbers.
void spike_pack_panel(const int32_t *numbers, int32_t width, int32_t *row);

/// Brings rows into L2, one after the other.
void spike_fetch(const int32_t *rows, int64_t count);

/// The same as `spike_scatter_fire` for one step of any neurons and a panel of targets. `rows` of the panel is
/// [source channel][tap], packed; `current` is by position and 4 * `spike_panel_lanes(width)` channels. Spikes of neurons
/// without a leak must be counted by unit.
void spike_scatter_panel(const spike_fan_out *fan_out, const spike_panel *panel,
                         const spike_list *list, int32_t *current, const spike_layer *layer);

/// The same as `spike_hold` for such a panel.
void spike_hold_panel(const spike_fan_out *fan_out, const spike_panel *panel, const int32_t *events,
                      int32_t count, int32_t *held);

// MARK: Packing

/// A row of quantised weights: out[i] = weights[offsets[i]] * scale * inverses[i] to the nearest whole number (of two
/// the even one); 0 where the offset is negative, or the inverse 0.
void spike_pack_numbers(const float *weights, const int32_t *offsets, int32_t count, float scale,
                        const float *inverses, int32_t *out);

/// A row of real weights: out[i] = weights[offsets[i]] * scale; 0 where the offset is negative.
void spike_pack_values(const float *weights, const int32_t *offsets, int32_t count, float scale,
                       float *out);

/// A row of a gradient back to where its weights lie: weights[offsets[i]] = row[i] * scale, where the offset is not
/// negative.
void spike_unpack_values(const float *row, const int32_t *offsets, int32_t count, float scale,
                         float *weights);

// MARK: Dropout

/// Draws the mask of a layer: a bit for each unit, 0 for one whose draw (24 bits of SplitMix64) is below `dropped`.
/// Channels in order, position by position; nothing is drawn for the padding, whose bits are 0. Returns the stream's next state.
uint64_t spike_draw_mask(uint64_t state, uint32_t dropped, int32_t positions, int32_t channels,
                         int32_t stride, uint8_t *mask);

// MARK: Pools

/// Potentials as counts: where all weights of a layer are the same, they are a whole number of weights.
typedef struct {
  float weight;
  /// The least count at which a neuron fires, and what it loses then: both are whole numbers of weights.
  int8_t threshold, reset_amount;
} spike_counter;

/// Some steps of a layer of 2D pools, whose targets add `weight` for each spike among their size x size sources.
/// The phase has `rows` = `columns` = `source_step` = size. `source_step` is the number of bytes between two steps.
void spike_pool_fire(const spike_phase *phase, float weight, const uint8_t *source,
                     int64_t source_step, const uint8_t *mask, const spike_layer *layer,
                     int32_t steps);

/// The same without a leak, where potentials are counts.
void spike_pool_count(const spike_phase *phase, const spike_counter *counter,
                      const uint8_t *source, int64_t source_step, const uint8_t *mask,
                      const spike_layer *layer, int32_t steps);

/// Some steps of the layer that a pool reads, on the way back: every source under a pool gets `weight` for the pool's
/// spike. All sources of a pool start alike and get the same, so one stands for all of them: potentials, sums and bits
/// are numbered by the pools' units, of which there are `units`. `source_step` is the number of bytes between two steps.
void spike_pooled_fire(float weight, const spike_bits *source, int64_t source_step, int32_t units,
                       const spike_layer *layer, int32_t steps);

/// The same without a leak, where potentials are counts.
void spike_pooled_count(const spike_counter *counter, const spike_bits *source,
                        int64_t source_step, int32_t units, const spike_layer *layer,
                        int32_t steps);

/// Gives every source of a pool, in place, the `size` bytes of its pool's number: the phase is the pool's own.
void spike_pooled_expand(const spike_phase *phase, int64_t size, void *memory);

// MARK: Real-valued sources

/// out[unit] = start + the real-valued sources in the window times the weights, for a panel of targets.
/// `rows` is [row, column, source channel][width].
void spike_values(const spike_phase *phase, const spike_panel *panel, const float *rows,
                  const float *values, float *out);

/// The same for a pool, whose sources all have one weight.
void spike_pool_values(const spike_phase *phase, float weight, const float *values,
                       const uint8_t *mask, float *out);

// MARK: Gradients

/// Bits of the units with 0 < sum < whole: the gate of the backward stage.
void spike_gate_bits(const float *sum, float whole, int32_t units, uint8_t *bits);

/// How many values of each position are not 0; where `gate` is not null, of those whose bit is set. A position has `stride`
/// of them: whole vectors where there is a gate.
void spike_count_active(const float *values, const uint8_t *gate, int32_t positions,
                        int32_t stride, int32_t *counts);

/// A sample's part in the weight gradient of a window: for each target unit whose gate is open,
/// gradient[target channel][row][column, source channel] += target * source, over the positions of its window.
/// A row of the window has `run` numbers. `bias` (by target channel, or null) gets the sums over positions.
/// Of every position's targets `channels`, whole vectors, are gone through: the first ones from `target`, `gate`, `gradient`
/// and `bias` on.
void spike_outer_window(const spike_phase *phase, int64_t run, int32_t channels,
                        const float *source, const float *target, const uint8_t *gate,
                        float *gradient, float *bias);

/// The same for a dense link and a micro-batch: gradient[target][source] (+)= the sum over the samples, which lie
/// `source_step` and `target_step` numbers apart. A row is `sources` rounded up to 8; as many are read. `gate` may be
/// null. `adds` tells whether the gradient holds other samples already; onto `bias` is always added.
void spike_outer_dense(int32_t sources, int32_t targets, int32_t samples, const float *source,
                       int64_t source_step, const float *target, int64_t target_step,
                       const uint8_t *gate, bool adds, float *gradient, float *bias);

#endif
