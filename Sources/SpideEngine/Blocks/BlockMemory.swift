import CSpikeKernels
import Glibc

/// Everything that a micro-batch needs while it runs, allocated once: no step allocates.
///
/// Sample `n` of the micro-batch has its own part of every buffer. Spikes are kept for a tile of time steps only, so memory
/// does not grow with `T_F` and `T_B`.
package final class BlockMemory {
  /// Most samples in a micro-batch.
  let capacity: Int
  private let blocks: BlockPlan
  let layers: [LayerMemory]
  /// What is left for the gradients.
  let signals: BlockSignals
  /// The frames of a varying input, `[sample][frame][unit]`; nil where it is constant.
  let frames: AlignedBuffer<Float>?
  /// `F x + b_x` and, from the second step on, the bias of a feedback without dropout: `[sample][unit]`.
  let inputCurrent: AlignedBuffer<Float>
  /// `g`: `[sample][unit of the last layer]`.
  let outputGradient: AlignedBuffer<Float>
  /// Dropout masks as bits, `[sample][unit / 8]`; nil where a link drops nothing.
  let inputMask: AlignedBuffer<UInt8>?
  let feedbackMask: AlignedBuffer<UInt8>?
  /// Scratch of the kernels that scatter, 0 between two calls: quantised currents by target unit (or by position and channel
  /// of a panel), and a mark for each row of targets that has got any.
  let current: AlignedBuffer<Int32>
  let touched: AlignedBuffer<UInt8>
  /// Scratch of the kernels: the events in the windows of one column of targets in a tile of steps, or those of one position.
  let band: AlignedBuffer<Int32>
  /// Scratch of the kernels that list spikes: the bits that are listed, and the units that are held from now on or no longer.
  let present: AlignedBuffer<UInt8>
  let changes: AlignedBuffer<Int32>
  /// Units of a link's ends that have anything to multiply, by position, and sums over those of one end.
  let sourceCounts: AlignedBuffer<Int32>
  let targetCounts: AlignedBuffer<Int32>
  let windowSums: AlignedBuffer<Int32>
  /// Samples as the source writes them, channels-first.
  var sample: [Float]

  /// Whether there is room for masks, in use or not.
  private let hasMasks: Bool

  var inputs: AlignedBuffer<Float> { signals.ends.inputs }
  var inputGate: AlignedBuffer<UInt8> { signals.ends.inputGate }
  var rate: AlignedBuffer<Float> { signals.ends.rate }
  var scores: AlignedBuffer<Float> { signals.ends.scores }

  /// What is kept from one network of the same plan to the next, or made anew where that does not do: for at least as many
  /// samples, as many frames, and with room for masks where the network drops out.
  static func kept(
    _ memory: inout BlockMemory?, network: BlockNetwork, samples: Int, frames: Int
  ) -> BlockMemory {
    var (capacity, hasMasks) = (samples, network.usesDropout)
    if let memory, memory.blocks === network.blocks {
      // So that training and tests, which take turns, end up with one memory for both.
      capacity = max(capacity, memory.capacity)
      hasMasks = hasMasks || memory.hasMasks
      if memory.capacity == capacity, memory.hasMasks == hasMasks,
        memory.sample.count == frames * network.plan.inputShape.count
      {
        return memory
      }
    }
    // What was there goes first.
    memory = nil
    let fresh = BlockMemory(
      network: network, capacity: capacity, frames: frames, hasMasks: hasMasks,
      signals: BlockSignals(network.blocks, capacity: capacity))
    memory = fresh
    return fresh
  }

  /// Memory of a micro-batch of up to `capacity` samples.
  package convenience init(network: BlockNetwork, capacity: Int, frames: Int) {
    self.init(
      network: network, capacity: capacity, frames: frames, hasMasks: network.usesDropout,
      signals: BlockSignals(network.blocks, capacity: capacity))
  }

  /// Memory of a micro-batch that leaves its signals where it is told; with room for masks, if only for later.
  private init(
    network: BlockNetwork, capacity: Int, frames: Int, hasMasks: Bool, signals: BlockSignals
  ) {
    self.capacity = capacity
    self.signals = signals
    blocks = network.blocks
    self.hasMasks = hasMasks
    let order = blocks.order
    let layouts = network.layers
    layers = layouts.indices.map { layer in
      LayerMemory(
        layouts[layer], signals.layers[layer], capacity: capacity, tile: order.tile,
        keepsSpikes: order.keepsSpikes[layer], holds: order.holds,
        spikeCounts: Stage.allCases.contains(where: network.blocks.hasCounts),
        hasMask: hasMasks && layer > 0 && network.all[layer].geometry.link.dropout > 0)
    }
    let last = layouts[layouts.count - 1]
    let inputSize = network.plan.inputShape.count
    self.frames = frames == 1 ? nil : AlignedBuffer(count: capacity * frames * inputSize)
    inputCurrent = AlignedBuffer(count: capacity * layouts[0].units)
    outputGradient = AlignedBuffer(count: capacity * last.units)
    func mask(_ link: BlockLink?) -> AlignedBuffer<UInt8>? {
      guard hasMasks, let link, link.geometry.link.dropout > 0 else { return nil }
      return AlignedBuffer(count: capacity * link.target.bytes + 8)
    }
    inputMask = mask(network.input)
    feedbackMask = mask(network.feedback)
    // A panel's currents may be padded.
    current = AlignedBuffer(
      count: layouts.map { max($0.units, $0.positions * Int(SPIKE_PANEL)) }.max() ?? 0)
    touched = AlignedBuffer(count: layouts.map(\.positions).max() ?? 0)
    let widest = network.all.map(\.bandRoom).max() ?? 0
    band = AlignedBuffer(count: order.tile * widest + 2 * PaddedLayout.lanes)
    present = AlignedBuffer(count: (layouts.map(\.bytes).max() ?? 0) + 8)
    let lanes = PaddedLayout.lanes
    changes = AlignedBuffer(count: order.holds ? (layouts.map(\.units).max() ?? 0) + lanes : 0)
    let connections = blocks.links.map(\.connections)
    sourceCounts = AlignedBuffer(count: connections.map(\.fanOut.count).max() ?? 0)
    targetCounts = AlignedBuffer(count: connections.map(\.fanIn.count).max() ?? 0)
    windowSums = AlignedBuffer(count: connections.map(\.sumsCount).max() ?? 0)
    sample = [Float](repeating: 0, count: frames * inputSize)
  }

  /// The same memory for a micro-batch of `network` that leaves its signals elsewhere, without masks where the network
  /// drops nothing. One of the two is in use at a time.
  init(sharing other: BlockMemory, network: BlockNetwork, signals: BlockSignals) {
    capacity = other.capacity
    blocks = other.blocks
    self.signals = signals
    let usesDropout = network.usesDropout
    hasMasks = usesDropout
    layers = zip(other.layers, signals.layers).map {
      LayerMemory(sharing: $0, $1, usesDropout: usesDropout)
    }
    (frames, inputCurrent) = (other.frames, other.inputCurrent)
    outputGradient = other.outputGradient
    inputMask = usesDropout ? other.inputMask : nil
    feedbackMask = usesDropout ? other.feedbackMask : nil
    (current, touched, band) = (other.current, other.touched, other.band)
    (present, changes, sample) = (other.present, other.changes, other.sample)
    (sourceCounts, targetCounts) = (other.sourceCounts, other.targetCounts)
    windowSums = other.windowSums
  }
}

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
