import CSpikeKernels

/// The numbers of one link of a ``BlockNetwork``. Immutable once packed, so that any thread may read it.
final class BlockLink: @unchecked Sendable {
  /// How what a layer sends becomes currents.
  enum Kind {
    case spikes(forward: Rows, backward: Rows)
    case values(forward: RealRows, backward: RealRows?)
    case pool(spike_phase, forward: PoolWeight, backward: PoolWeight)
  }

  /// Weights of one direction, on their grid.
  final class Rows {
    let map: GatherMap
    let numbers: AlignedBuffer<Int32>
    /// By unit of a row of targets.
    let grid: AlignedBuffer<Float>

    init(_ map: GatherMap) {
      self.map = map
      numbers = AlignedBuffer(count: map.rowCount)
      grid = AlignedBuffer(count: Int(map.sending.spread.target_width) * map.targetStride)
    }

    /// What one call of a kernel handles.
    func panel(_ call: GatherMap.Call) -> spike_panel {
      var panel = call.panel
      panel.rows = UnsafePointer(numbers.base + call.start)
      panel.grid = UnsafePointer(grid.base + Int(panel.first_channel))
      return panel
    }

    /// Calls `body` for every phase and every panel of the targets, in order.
    func forEachPanel(_ body: (spike_phase, spike_panel) -> Void) {
      for call in map.calls { body(call.phase, panel(call)) }
    }
  }

  /// Weights of one direction, for real values.
  final class RealRows {
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
  let geometry: BlockPlan.Link
  /// The bias of each target channel of a row, padding included, times the dropout scale; nil where the link has none.
  let bias: AlignedBuffer<Float>?
  /// Probability that a target unit is dropped; 0 where dropout is not in use.
  let dropout: Float
  /// What weights are multiplied by, forward and backward.
  private let scale: Float
  private let backwardScale: Float

  var source: PaddedLayout { geometry.source }
  var target: PaddedLayout { geometry.target }
  /// `1 / (1 - dropout)`.
  var dropoutScale: Float { 1 / (1 - dropout) }

  /// A link whose weights are still to be packed.
  init(
    _ geometry: BlockPlan.Link, _ parameters: Parameters, factor: Float, backwardScale: Float,
    dynamics: Dynamics, usesDropout: Bool, reusing old: BlockLink?
  ) {
    self.geometry = geometry
    dropout = usesDropout ? geometry.connection.dropout : 0
    let dropoutScale = 1 / (1 - dropout)
    scale = dropoutScale * factor
    self.backwardScale = scale * backwardScale
    switch (geometry.kind, old?.kind) {
    case (.pool(let phase, let size), _):
      let mean = scale / Float(size * size)
      kind = .pool(
        phase, forward: PoolWeight(mean, dynamics.forward, sources: size * size),
        backward: PoolWeight(mean * backwardScale, dynamics.backward, sources: 1))
    case (_, let kind?): self.kind = kind
    case (.values(let forward, let backward), nil):
      kind = .values(forward: RealRows(forward), backward: backward.map(RealRows.init))
    case (.spikes(let forward, let backward), nil):
      kind = .spikes(forward: Rows(forward), backward: Rows(backward))
    }
    bias = parameters[geometry.name + ".bias"].map { [numbers = geometry.biasNumbers] bias in
      let padded = old?.bias ?? AlignedBuffer<Float>(count: numbers.count)
      for (channel, number) in numbers.enumerated() where number >= 0 {
        padded.base[channel] = bias[number] * dropoutScale
      }
      return padded
    }
  }

  /// Lays out the weights of one direction.
  func pack(_ parameters: Parameters, isBackward: Bool) {
    guard let weight = parameters[geometry.name + ".weight"] else { return }
    let scale = isBackward ? backwardScale : scale
    switch kind {
    case .pool: break
    case .values(let forward, let backward):
      guard let rows = isBackward ? backward : forward else { return }
      rows.map.pack(weight, scale: scale, into: rows.values.base)
    case .spikes(let forward, let backward):
      let rows = isBackward ? backward : forward
      let grid = geometry.map.grid(weight, scale: scale, isTransposed: isBackward)
      rows.map.steps(grid, into: rows.grid)
      rows.map.pack(
        weight, scale: scale, inverses: rows.map.inverses(grid), into: rows.numbers.base)
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
    let drop = neuron.spikeDrop / weight
    let isExact = weight.isNormal && weight.significandBitPattern & 0x7F == 0
    guard neuron.leak == 1, isExact, drop == drop.rounded(), drop * weight == neuron.spikeDrop,
      (Float(most)...127).contains(drop), neuron.threshold / weight < 120
    else { return nil }
    var threshold = (neuron.threshold / weight).rounded(.down)
    while threshold * weight < neuron.threshold { threshold += 1 }
    guard threshold + Float(most) <= 127 else { return nil }
    return spike_counter(weight: weight, threshold: Int8(threshold), drop: Int8(drop))
  }
}
