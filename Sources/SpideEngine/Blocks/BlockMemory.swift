import CSpikeKernels

/// Everything that a block of samples needs while it runs, allocated once: no step allocates.
///
/// Sample `n` of the block has its own part of every buffer. Spikes are kept for a tile of time steps only, so memory
/// does not grow with `T_F` and `T_B`.
package final class BlockMemory {
  /// Most samples in a block.
  let capacity: Int
  /// Most time steps that one layer goes through before the next layer follows. Without feedback a layer depends on no
  /// later one, and its weights and potentials stay in the cache for the whole tile; with feedback it is 1.
  let tile: Int
  let layers: [LayerMemory]
  let inputs: AlignedBuffer<Float>
  /// `F x + b_x` and what else reaches layer 0 at every step, `[sample][unit]`.
  let drive: AlignedBuffer<Float>
  /// `a_{N-1}`, `g`: `[sample][unit of the last layer]`.
  let rate: AlignedBuffer<Float>
  let outputGradient: AlignedBuffer<Float>
  /// `[sample][padded class]`.
  let scores: AlignedBuffer<Float>
  /// Dropout masks as bits, `[sample][unit / 8]`; nil where a link drops nothing.
  let inputMask: AlignedBuffer<UInt8>?
  let feedbackMask: AlignedBuffer<UInt8>?
  /// Which of layer 0's errors the input link learns from: gate and mask.
  let inputGate: AlignedBuffer<UInt8>
  /// Currents and marks of the targets of a scatter; 0 between two of them.
  let current: AlignedBuffer<Float>
  let touched: AlignedBuffer<UInt8>
  /// The events of one window.
  let window: AlignedBuffer<Int32>
  /// `β` gated, of one layer: `[sample][unit]`.
  let gated: AlignedBuffer<Float>
  /// Samples as the source writes them, channels-first.
  var sample: [Float]
  let outer: OuterScratch

  private let usesDropout: Bool

  /// Samples in a block. More of them share a weight that was fetched; fewer leave more of the cache to their potentials.
  static func capacity(_ plan: NetworkPlan) -> Int { plan.feedback == nil ? 16 : 8 }

  /// Whether the memory was made for such a network: of the same plan, with masks where it drops out.
  func fits(_ network: BlockNetwork, frames: Int) -> Bool {
    usesDropout == network.usesDropout && sample.count == frames * network.plan.inputShape.count
      && layers.map(\.layout.shape) == network.plan.layers
  }

  package init(network: BlockNetwork, capacity: Int, frames: Int) {
    self.capacity = capacity
    usesDropout = network.usesDropout
    tile = network.feedback == nil ? 16 : 1
    let layouts = network.layers
    layers = layouts.indices.map { [tile] layer in
      LayerMemory(
        layouts[layer], capacity: capacity, tile: tile,
        hasMask: layer > 0 && network.links[layer - 1].dropout > 0)
    }
    let last = layouts[layouts.count - 1]
    inputs = AlignedBuffer(count: capacity * network.inputLayout.units)
    drive = AlignedBuffer(count: capacity * layouts[0].units)
    rate = AlignedBuffer(count: capacity * last.units)
    outputGradient = AlignedBuffer(count: capacity * last.units)
    scores = AlignedBuffer(count: capacity * network.classifier.target.units)
    func mask(_ link: BlockLink?) -> AlignedBuffer<UInt8>? {
      guard let link, link.dropout > 0 else { return nil }
      return AlignedBuffer(count: capacity * link.target.bytes + 8)
    }
    inputMask = mask(network.input)
    feedbackMask = mask(network.feedback)
    inputGate = AlignedBuffer(count: capacity * layouts[0].bytes + 8)
    current = AlignedBuffer(count: layouts.map(\.units).max() ?? 0)
    touched = AlignedBuffer(count: layouts.map(\.places).max() ?? 0)
    let widest = network.namedLinks.map(\.link.widestWindow).max() ?? 0
    window = AlignedBuffer(count: widest + 2 * PaddedLayout.lanes)
    gated = AlignedBuffer(count: capacity * (layouts.map(\.units).max() ?? 0))
    sample = [Float](repeating: 0, count: frames * network.plan.inputShape.count)
    outer = OuterScratch([network.inputLayout] + layouts)
  }
}

/// What one layer of a block carries. Strides are in elements from one sample to the next.
final class LayerMemory {
  let layout: PaddedLayout
  let potential: AlignedBuffer<Float>
  let forwardSum: AlignedBuffer<Float>
  let backwardSum: AlignedBuffer<Float>
  let restless: AlignedBuffer<UInt8>
  /// The mask of the link into the layer; nil where it drops nothing. Layer 0's are the block's.
  let mask: AlignedBuffer<UInt8>?
  /// Which spikes travel back over the link into the layer: gate and mask.
  let leaving: AlignedBuffer<UInt8>
  private let tile: Int
  private let positive: AlignedBuffer<UInt8>
  private let negative: AlignedBuffer<UInt8>
  private let events: AlignedBuffer<Int32>
  private let starts: AlignedBuffer<Int32>
  private let startCount: Int

  init(_ layout: PaddedLayout, capacity: Int, tile: Int, hasMask: Bool) {
    self.layout = layout
    self.tile = tile
    potential = AlignedBuffer(count: capacity * layout.units)
    forwardSum = AlignedBuffer(count: capacity * layout.units)
    backwardSum = AlignedBuffer(count: capacity * layout.units)
    restless = AlignedBuffer(count: capacity * layout.bytes)
    // Kernels read bits in words of 8 bytes.
    mask = hasMask ? AlignedBuffer(count: capacity * layout.bytes + 8) : nil
    leaving = AlignedBuffer(count: capacity * layout.bytes + 8)
    positive = AlignedBuffer(count: capacity * tile * layout.bytes + 8)
    negative = AlignedBuffer(count: capacity * tile * layout.bytes + 8)
    // Kernels copy lists sixteen events at a time.
    events = AlignedBuffer(count: capacity * tile * layout.units + 2 * PaddedLayout.lanes)
    startCount = layout.places + 3
    starts = AlignedBuffer(count: capacity * tile * startCount)
  }

  func positive(_ sample: Int, _ slot: Int) -> UnsafeMutablePointer<UInt8> {
    positive.base + (sample * tile + slot) * layout.bytes
  }

  func negative(_ sample: Int, _ slot: Int) -> UnsafeMutablePointer<UInt8> {
    negative.base + (sample * tile + slot) * layout.bytes
  }

  private func starts(_ sample: Int, _ slot: Int) -> UnsafeMutablePointer<Int32> {
    starts.base + (sample * tile + slot) * startCount
  }

  private func events(_ sample: Int, _ slot: Int) -> UnsafeMutablePointer<Int32> {
    events.base + (sample * tile + slot) * layout.units
  }

  /// The list of a step's spikes; where the layer counts as one place, its bounds stand behind the places'.
  func list(
    _ sample: Int, _ slot: Int, whole: Bool, window: AlignedBuffer<Int32>
  ) -> spike_list {
    spike_list(
      events: events(sample, slot),
      starts: starts(sample, slot) + (whole ? layout.places + 1 : 0), window: window.base,
      events_step: Int64(layout.units), starts_step: Int64(startCount))
  }

  /// Lists a step's spikes; `pool` is given where one bit stands for all sources of that pool.
  func collect(_ sample: Int, _ slot: Int, isTernary: Bool, pool: spike_phase? = nil) {
    let starts = starts(sample, slot)
    let events = events(sample, slot)
    let count: Int32
    if var pool {
      count = spike_collect_pooled(
        &pool, positive(sample, slot), negative(sample, slot),
        leaving.base + sample * layout.bytes, events, starts)
    } else {
      count = spike_collect(
        positive(sample, slot), isTernary ? negative(sample, slot) : nil,
        isTernary ? leaving.base + sample * layout.bytes : nil, Int32(layout.places),
        Int32(layout.stride), events, starts)
    }
    starts[layout.places + 1] = 0
    starts[layout.places + 2] = count
  }

  /// Spikes of a step's list.
  func listCount(_ sample: Int, _ slot: Int) -> Int { Int(starts(sample, slot)[layout.places]) }

  /// No spikes before the first step.
  func clearList(_ sample: Int, _ slot: Int) {
    starts(sample, slot).update(repeating: 0, count: startCount)
  }

  /// Potentials at 0, before a stage.
  func start(_ samples: Int, sums: AlignedBuffer<Float>) {
    potential.clear(0, samples * layout.units)
    sums.clear(0, samples * layout.units)
    restless.clear(0, samples * layout.bytes)
  }
}

/// Room for `spike_outer_window`.
final class OuterScratch {
  private let starts: AlignedBuffer<Int32>
  private let places: AlignedBuffer<Int32>
  private let values: AlignedBuffer<Float>
  private let partners: AlignedBuffer<Int32>
  private let silent: AlignedBuffer<UInt8>

  init(_ layouts: [PaddedLayout]) {
    let most = layouts.map(\.places).max() ?? 0
    let units = layouts.map(\.units).max() ?? 0
    starts = AlignedBuffer(count: (layouts.map(\.stride).max() ?? 0) + 1)
    // One more than there are sources: the list is written ahead of its end.
    places = AlignedBuffer(count: units + 1)
    values = AlignedBuffer(count: units + 1)
    partners = AlignedBuffer(count: most)
    silent = AlignedBuffer(count: most)
  }

  var pointers: spike_outer_scratch {
    spike_outer_scratch(
      starts: starts.base, places: places.base, values: values.base, partners: partners.base,
      is_silent: silent.base)
  }
}
