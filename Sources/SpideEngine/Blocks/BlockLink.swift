import CSpikeKernels

/// The numbers of one link of a ``BlockNetwork``. Immutable once packed, so that any thread may read it.
final class BlockLink: @unchecked Sendable {
  /// How what a layer sends becomes currents.
  enum Kind {
    case spikes(forward: PackedWeights, backward: PackedWeights)
    case values(forward: PackedRealWeights, backward: PackedRealWeights?)
    case pool(spike_phase, forward: PoolWeight, backward: PoolWeight)
  }

  /// The packed weights of one stage, quantised: rows of targets in the order of a ``GatherMap``.
  final class PackedWeights {
    let map: GatherMap
    let numbers: AlignedBuffer<Int32>
    /// The scale of each target unit of a row of positions.
    let scales: AlignedBuffer<Float>

    init(_ map: GatherMap) {
      self.map = map
      numbers = AlignedBuffer(count: map.rowCount)
      scales = AlignedBuffer(count: Int(map.fanOut.table.target_width) * map.targetStride)
    }

    /// What one call of a kernel handles.
    func panel(_ call: GatherMap.Call) -> spike_panel {
      var panel = call.panel
      panel.weights = UnsafePointer(numbers.base + call.start)
      panel.scales = UnsafePointer(scales.base + Int(panel.first_channel))
      return panel
    }

    /// Calls `body` for every phase and every panel of the targets, in order.
    func forEachPanel(_ body: (spike_phase, spike_panel) -> Void) {
      for call in map.calls { body(call.phase, panel(call)) }
    }
  }

  /// The packed weights of one stage, for real values.
  final class PackedRealWeights {
    let map: GatherMap
    let values: AlignedBuffer<Float>

    init(_ map: GatherMap) {
      self.map = map
      values = AlignedBuffer(count: map.rowCount)
    }

    /// Calls `body` for every phase and every panel of the targets, in order, with the weights.
    func forEachPanel(_ body: (spike_phase, spike_panel, UnsafePointer<Float>) -> Void) {
      for call in map.calls {
        body(call.phase, call.panel, UnsafePointer(values.base + call.start))
      }
    }
  }

  let kind: Kind
  let geometry: BlockPlan.LinkLayout
  /// The bias of each target channel of a row, padding included, times the dropout scale; nil where the link has none.
  let bias: AlignedBuffer<Float>?
  /// The factors that are in the weights.
  let scales: LinkScales

  var source: PaddedLayout { geometry.source }
  var target: PaddedLayout { geometry.target }

  /// A link whose weights are still to be packed.
  init(
    _ geometry: BlockPlan.LinkLayout, _ parameters: Parameters, _ scales: LinkScales,
    dynamics: Dynamics, reusing old: BlockLink?
  ) {
    self.geometry = geometry
    self.scales = scales
    switch (geometry.kind, old?.kind) {
    case (.pool(let phase, let size), _):
      kind = .pool(
        phase, forward: PoolWeight(scales.forward, dynamics.forward, sources: size * size),
        backward: PoolWeight(scales.backward, dynamics.backward, sources: 1))
    case (_, let kind?): self.kind = kind
    case (.values(let forward, let backward), nil):
      kind = .values(
        forward: PackedRealWeights(forward), backward: backward.map(PackedRealWeights.init))
    case (.spikes(let forward, let backward), nil):
      kind = .spikes(forward: PackedWeights(forward), backward: PackedWeights(backward))
    }
    bias = parameters[geometry.name + ".bias"].map { [numbers = geometry.biasNumbers] bias in
      let padded = old?.bias ?? AlignedBuffer<Float>(count: numbers.count)
      for (channel, number) in numbers.enumerated() where number >= 0 {
        padded.base[channel] = bias[number] * scales.kept
      }
      return padded
    }
  }

  /// Lays out the weights for one stage.
  func pack(_ parameters: Parameters, _ stage: Stage) {
    guard let weight = parameters[geometry.name + ".weight"] else { return }
    let scale = scales[stage]
    switch kind {
    case .pool: break
    case .values(let forward, let backward):
      guard let packed = stage == .forward ? forward : backward else { return }
      packed.map.pack(weight, scale: scale, into: packed.values.base)
    case .spikes(let forward, let backward):
      let packed = stage == .forward ? forward : backward
      let quantisation = geometry.map.quantisation(weight, scale: scale, stage)
      packed.map.scales(quantisation, into: packed.scales)
      packed.map.pack(
        weight, scale: scale, inverses: packed.map.inverses(quantisation), into: packed.numbers.base
      )
    }
  }

  /// Room for what a column of targets sees at one step, in either direction.
  var bandRoom: Int {
    guard case .spikes(let forward, let backward) = kind else { return 0 }
    return max(forward.map.bandRoom, backward.map.bandRoom)
  }
}

/// The one weight of a pool.
struct PoolWeight {
  let value: Float
  /// How potentials are counted in it; nil where they have to be added up.
  let counter: spike_counter?

  init(_ value: Float, _ neuron: NeuronParameters, sources: Int) {
    self.value = value
    counter = PoolWeight.counter(value, neuron, most: sources)
  }

  /// Counts are the same bits as sums if every count up to 127 is exact, and they stay below 127: a neuron gets at
  /// most `most` a step, and loses at least as much when it fires.
  private static func counter(_ weight: Float, _ neuron: NeuronParameters, most: Int)
    -> spike_counter?
  {
    let resetAmount = neuron.resetAmount / weight
    let isExact = weight.isNormal && weight.significandBitPattern & 0x7F == 0
    guard neuron.leak == 1, isExact, resetAmount == resetAmount.rounded(),
      resetAmount * weight == neuron.resetAmount,
      (Float(most)...127).contains(resetAmount), neuron.threshold / weight < 120
    else { return nil }
    var threshold = (neuron.threshold / weight).rounded(.down)
    while threshold * weight < neuron.threshold { threshold += 1 }
    guard threshold + Float(most) <= 127 else { return nil }
    return spike_counter(
      weight: weight, threshold: Int8(threshold), reset_amount: Int8(resetAmount))
  }
}
