import CSpikeKernels

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
