import CSpikeKernels
import Glibc

/// What one layer of a micro-batch carries. Strides are in elements from one sample to the next.
final class LayerMemory {
  let layout: PaddedLayout
  let potential: AlignedBuffer<Float>
  let forwardSum: AlignedBuffer<Float>
  let backwardSum: AlignedBuffer<Float>
  let suprathreshold: AlignedBuffer<UInt8>
  /// The mask of the link into the layer; nil where it drops nothing. Layer 0's are the micro-batch's.
  let mask: AlignedBuffer<UInt8>?
  /// Which spikes travel back over the link into the layer: gate and mask.
  let backwardMask: AlignedBuffer<UInt8>
  /// Spikes counted since the last flush to the sums, `[sample][unit]`; nil where no link counts. A byte a unit is a quarter
  /// of the memory traffic that the sums would take at every step.
  private let spikeCounts: AlignedBuffer<Int8>?
  /// Which of the layer's spikes are held, and the current that held spikes send to the layer; nil where none are.
  let holding: Holding?
  private let tile: Int
  /// Whether each sample of the micro-batch has spikes of its own here; else they are gone when the next sample comes.
  let keepsSpikes: Bool
  private let positive: AlignedBuffer<UInt8>
  private let negative: AlignedBuffer<UInt8>
  private let events: AlignedBuffer<Int32>
  private let starts: AlignedBuffer<Int32>
  private let startsStep: Int

  init(
    _ layout: PaddedLayout, _ signals: BlockSignals.Layer, capacity: Int, tile: Int,
    keepsSpikes: Bool, holds: Bool, spikeCounts: Bool, hasMask: Bool
  ) {
    self.layout = layout
    self.tile = tile
    self.keepsSpikes = keepsSpikes
    let slots = (keepsSpikes ? capacity : 1) * tile
    potential = AlignedBuffer(count: capacity * layout.units)
    (forwardSum, backwardSum) = (signals.forwardSum, signals.backwardSum)
    backwardMask = signals.backwardMask
    suprathreshold = AlignedBuffer(count: capacity * layout.bytes + 8)
    // Kernels read bits in words of 8 bytes.
    mask = hasMask ? AlignedBuffer(count: capacity * layout.bytes + 8) : nil
    // Counted in whole vectors.
    self.spikeCounts = spikeCounts ? AlignedBuffer(count: capacity * layout.units + 64) : nil
    holding = holds ? Holding(layout, capacity: capacity) : nil
    positive = AlignedBuffer(count: slots * layout.bytes + 8)
    negative = AlignedBuffer(count: slots * layout.bytes + 8)
    // Kernels copy lists sixteen events at a time.
    events = AlignedBuffer(count: slots * layout.units + 2 * PaddedLayout.lanes)
    // A position's start each, and the end.
    startsStep = layout.positions + 1
    starts = AlignedBuffer(count: slots * startsStep)
  }

  /// The same memory with other signals, and without the mask where nothing is dropped.
  init(sharing other: LayerMemory, _ signals: BlockSignals.Layer, usesDropout: Bool) {
    (layout, tile, keepsSpikes) = (other.layout, other.tile, other.keepsSpikes)
    (forwardSum, backwardSum) = (signals.forwardSum, signals.backwardSum)
    backwardMask = signals.backwardMask
    (potential, suprathreshold) = (other.potential, other.suprathreshold)
    mask = usesDropout ? other.mask : nil
    (spikeCounts, holding) = (other.spikeCounts, other.holding)
    (positive, negative) = (other.positive, other.negative)
    (events, starts, startsStep) = (other.events, other.starts, other.startsStep)
  }

  /// The numerators of the firing rates in a stage.
  func sums(_ stage: Stage) -> AlignedBuffer<Float> {
    stage == .forward ? forwardSum : backwardSum
  }

  /// Where a sample's spikes of a tile lie among all that are kept.
  private func slot(_ sample: Int, _ step: Int) -> Int {
    keepsSpikes ? sample * tile + step : step
  }

  func positive(_ sample: Int, _ step: Int) -> UnsafeMutablePointer<UInt8> {
    positive.base + slot(sample, step) * layout.bytes
  }

  func negative(_ sample: Int, _ step: Int) -> UnsafeMutablePointer<UInt8> {
    negative.base + slot(sample, step) * layout.bytes
  }

  /// A step's spikes: those of the forward stage, or those of the backward stage that travel on.
  func bits(_ sample: Int, _ step: Int, _ stage: Stage) -> spike_bits {
    spike_bits(
      positive: positive(sample, step), negative: stage == .backward ? negative(sample, step) : nil,
      passes: stage == .backward ? backwardMask.base + sample * layout.bytes : nil)
  }

  /// Spikes of some steps from the first of the tile on.
  ///
  /// - Parameters:
  ///   - passing: of the backward stage those that travel on.
  ///   - fanOut: how often those of a position count; nil for once.
  ///   - positions: of a layer that is numbered by the pools over it, their number.
  func count(
    _ sample: Int, _ steps: Int, _ stage: Stage, passing: Bool = false,
    fanOut: [Int32]? = nil, positions: Int? = nil
  ) -> Int {
    var bits = bits(sample, 0, stage)
    if !passing { bits.passes = nil }
    func count(_ fanOut: UnsafePointer<Int32>?) -> Int {
      Int(
        spike_count(
          &bits, Int64(layout.bytes), Int32(steps), Int32(positions ?? layout.positions),
          Int32(layout.stride), fanOut))
    }
    return fanOut.map { $0.withUnsafeBufferPointer { count($0.baseAddress) } } ?? count(nil)
  }

  /// Counts the spikes of some steps for each unit.
  func addCounts(_ sample: Int, _ steps: Int, _ stage: Stage) {
    guard let spikeCounts else { preconditionFailure("a layer without spikeCounts") }
    for step in 0..<steps {
      var bits = bits(sample, step, stage)
      spike_add_counts(&bits, Int32(layout.units), spikeCounts.base + sample * layout.units)
    }
  }

  /// Adds to the sums what has been counted.
  func flushCounts(_ samples: Int, sums: AlignedBuffer<Float>) {
    guard let spikeCounts else { return }
    spike_flush_counts(spikeCounts.base, Int32(samples * layout.units), sums.base)
  }

  /// Lists the spikes of some steps, one after the other, and counts the events.
  ///
  /// - Parameter byFours: whether the spikes of four channels are one event.
  func collect(
    _ sample: Int, _ steps: Range<Int>, _ stage: Stage, whole: Bool, byFours: Bool,
    _ memory: BlockMemory
  ) -> (list: spike_list, count: Int) {
    let list = list(sample, steps.lowerBound, memory)
    let (positions, stride) = whole ? (1, layout.units) : (layout.positions, layout.stride)
    var end: Int32 = 0
    for step in steps {
      let starts = starts.base + slot(sample, step) * startsStep
      if byFours {
        end = spike_collect_fours(
          positive(sample, step), Int32(positions), Int32(stride), end, events(sample), starts,
          memory.present.base)
      } else {
        var bits = bits(sample, step, stage)
        end = spike_collect(
          &bits, Int32(positions), Int32(stride), end, events(sample), starts, memory.present.base)
      }
    }
    return (list, Int(end))
  }

  /// Lists in what a step's spikes differ from the held ones, and calls `hold` with the units that are held from now on (as
  /// positive events) or no longer (as negative ones), if any.
  func collectHeld(
    _ sample: Int, whole: Bool, _ holding: Holding, _ memory: BlockMemory,
    hold: (UnsafePointer<Int32>, Int32) -> Void
  ) -> (list: spike_list, count: Int) {
    let (positions, stride) = whole ? (1, layout.units) : (layout.positions, layout.stride)
    // Of spikes that are fewer, about as many differ from the held ones as there are.
    let least = layout.units / 10
    var state = spike_holding(
      held: holding.held.base + sample * layout.bytes,
      previous: holding.previous.base + sample * layout.bytes, changes: memory.changes.base,
      change_count: 0, least: Int32(least))
    let count = spike_collect_held(
      positive(sample, 0), &state, Int32(positions), Int32(stride), 0, events(sample),
      starts.base + slot(sample, 0) * startsStep, memory.present.base)
    if state.change_count > 0 { hold(memory.changes.base, state.change_count) }
    return (list(sample, 0, memory), Int(count))
  }

  private func events(_ sample: Int) -> UnsafeMutablePointer<Int32> {
    events.base + slot(sample, 0) * layout.units
  }

  private func list(_ sample: Int, _ step: Int, _ memory: BlockMemory) -> spike_list {
    spike_list(
      events: events(sample), starts: starts.base + slot(sample, step) * startsStep,
      starts_step: Int64(startsStep), band: memory.band.base)
  }

  /// No spikes before the first step.
  func clearSpikes(_ sample: Int) {
    memset(positive(sample, 0), 0, layout.bytes)
    memset(negative(sample, 0), 0, layout.bytes)
  }

  /// Potentials at 0 and nothing counted, before a stage.
  func start(_ samples: Int, sums: AlignedBuffer<Float>) {
    potential.clear(0, samples * layout.units)
    sums.clear(0, samples * layout.units)
    spikeCounts?.clear(0, samples * layout.units)
    suprathreshold.clear(0, samples * layout.bytes)
  }
}

/// Spikes that go on at step after step are held: their weights lie in a sum of their own, and a step adds only what
/// differs from them (see `spike_collect_held`).
final class Holding {
  /// Units of the layer that are held, and that spiked at the step before: `[sample][unit / 8]`.
  let held: AlignedBuffer<UInt8>
  let previous: AlignedBuffer<UInt8>
  /// What the held units of the layer before send to this one, quantised: `[sample][unit]`.
  let current: AlignedBuffer<Int32>

  init(_ layout: PaddedLayout, capacity: Int) {
    held = AlignedBuffer(count: capacity * layout.bytes + 8)
    previous = AlignedBuffer(count: capacity * layout.bytes + 8)
    current = AlignedBuffer(count: capacity * layout.units)
  }

  /// Nothing is held.
  func clear() {
    held.clear(0, held.count)
    previous.clear(0, previous.count)
    current.clear(0, current.count)
  }
}
