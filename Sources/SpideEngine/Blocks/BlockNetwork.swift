import CSpikeKernels

/// The weights of a network laid out for ``BlockRun``, under one setting of the constants: made anew for every batch.
///
/// What ``PackedNetwork`` is for stepping. Everything constant is folded in here: the feedback norm, the scale of
/// dropout, and `V_b / V` of the backward stage.
package final class BlockNetwork: Sendable {
  let plan: NetworkPlan
  let dynamics: Dynamics
  /// Whether runs draw masks.
  package let usesDropout: Bool
  let feedbackFactor: Float
  let inputLayout: PaddedLayout
  let layers: [PaddedLayout]
  let input: BlockLink
  let links: [BlockLink]
  let feedback: BlockLink?
  let classifier: BlockLink

  package init(
    plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics, usesDropout: Bool = false
  ) {
    self.plan = plan
    self.dynamics = dynamics
    let usesDropout =
      usesDropout && plan.allLinks.contains { (plan.connection($0)?.dropout ?? 0) > 0 }
    self.usesDropout = usesDropout
    inputLayout = PaddedLayout(plan.inputShape, padsTo: 1)
    layers = plan.layers.map { PaddedLayout($0) }
    let backwardScale = dynamics.backward.spikeDrop / dynamics.forward.spikeDrop
    func link(
      _ name: String, _ connection: Connection, _ source: PaddedLayout, _ target: PaddedLayout,
      factor: Float = 1, backwardScale: Float?, isReal: Bool = false
    ) -> BlockLink {
      BlockLink(
        connection, source: source, target: target, weight: parameters[name + ".weight"] ?? [],
        bias: parameters[name + ".bias"], factor: factor, backwardScale: backwardScale,
        isReal: isReal, dynamics: dynamics, usesDropout: usesDropout && name != "classifier")
    }
    input = link("input", plan.input, inputLayout, layers[0], backwardScale: nil, isReal: true)
    links = plan.links.enumerated().map { [layers] in
      link("links.\($0)", $1, layers[$0], layers[$0 + 1], backwardScale: backwardScale)
    }
    let last = layers[layers.count - 1]
    if let connection = plan.feedback {
      feedbackFactor = PackedNetwork.feedbackFactor(
        parameters["feedback.weight"] ?? [], maxNorm: plan.feedbackMaxNorm)
      feedback = link(
        "feedback", connection, last, layers[0], factor: feedbackFactor,
        backwardScale: backwardScale)
    } else {
      feedbackFactor = 1
      feedback = nil
    }
    classifier = link(
      "classifier", Connection(.dense(units: plan.classes)), last,
      PaddedLayout(LayerShape(units: plan.classes)), backwardScale: 1, isReal: true)
  }

  /// All that learn and that pool, in the order of their parameters, with the layers that they join.
  var namedLinks: [(name: String, link: BlockLink)] {
    [("input", input)] + links.enumerated().map { ("links.\($0)", $1) }
      + (feedback.map { [("feedback", $0)] } ?? []) + [("classifier", classifier)]
  }

  /// The link that brings spikes into a layer: the feedback for layer 0.
  func incoming(_ layer: Int) -> BlockLink? { layer == 0 ? feedback : links[layer - 1] }
  /// The link over which errors come back into a layer: the feedback for the last one.
  func returning(_ layer: Int) -> BlockLink? { layer == links.count ? feedback : links[layer] }
}

/// One link of a ``BlockNetwork``. Immutable once made, so that any thread may read it.
struct BlockLink: @unchecked Sendable {
  /// How what a layer sends becomes currents.
  enum Kind {
    /// Spikes over weights.
    case spikes(forward: Rows, backward: Rows)
    /// Real values over weights: the input, which nothing travels back over, and the classifier.
    case values(forward: RealRows, backward: RealRows?)
    /// Pools of `shape.rows` squared places, each spike with one weight.
    case pool(spike_phase, forward: PoolWeight, backward: PoolWeight)
  }

  /// Packed weights of one direction, on their grid.
  struct Rows {
    let map: GatherMap
    let numbers: AlignedBuffer<Int32>
    /// By padded target channel.
    let grid: AlignedBuffer<Float>
    /// The same weights for steps at which few spikes arrive; nil where that never pays.
    let scattered: Scattered?

    /// Weights by source channel, and the grid by unit of a row of targets.
    struct Scattered {
      let numbers: AlignedBuffer<Int32>
      let grid: AlignedBuffer<Float>
    }

    init(
      _ map: GatherMap, _ weight: [Float], scale: Float, grid: ChannelGrid, mayScatter: Bool = false
    ) {
      self.map = map
      self.grid = map.padded(grid)
      numbers = AlignedBuffer(count: map.rowCount)
      map.pack(weight, into: numbers.base, 0) { grid.number($0 * scale, channel: $1) }
      guard mayScatter, let count = map.scatteredCount else {
        scattered = nil
        return
      }
      let rows = AlignedBuffer<Int32>(count: count)
      map.packScattered(weight, into: rows.base) { grid.number($0 * scale, channel: $1) }
      let row = AlignedBuffer<Float>(count: Int(map.spread.target_width) * map.targetStride)
      for unit in 0..<row.count { row.base[unit] = self.grid.base[unit % map.targetStride] }
      scattered = Scattered(numbers: rows, grid: row)
    }
  }

  /// Packed weights of one direction, for real values.
  struct RealRows {
    let map: GatherMap
    let values: AlignedBuffer<Float>

    init(_ map: GatherMap, _ weight: [Float], scale: Float) {
      self.map = map
      values = AlignedBuffer(count: map.rowCount)
      map.pack(weight, into: values.base, 0) { weight, _ in weight * scale }
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

  let kind: Kind
  let source: PaddedLayout
  let target: PaddedLayout
  /// The bias of each padded target channel, times the dropout scale; nil where the link has none.
  let bias: AlignedBuffer<Float>?
  /// Probability that a target unit is dropped; 0 where dropout is not in use.
  let dropout: Float
  /// `1 / (1 - dropout)`.
  var dropoutScale: Float { 1 / (1 - dropout) }

  /// A link of spikes, or of real values where `isReal`. Without a `backwardScale` nothing travels back: the input link.
  init(
    _ connection: Connection, source: PaddedLayout, target: PaddedLayout, weight: [Float],
    bias: [Float]?, factor: Float = 1, backwardScale: Float?, isReal: Bool = false,
    dynamics: Dynamics, usesDropout: Bool
  ) {
    self.source = source
    self.target = target
    dropout = usesDropout ? connection.dropout : 0
    let scale = 1 / (1 - dropout) * factor
    let map = LinkMap(connection, source: source.shape, target: target.shape)
    if case .pool(let size) = map.form {
      let mean = scale / Float(size * size)
      kind = .pool(
        BlockLink.pool(size, source, target),
        forward: PoolWeight(mean, dynamics.forward, sources: size * size),
        backward: PoolWeight(mean * (backwardScale ?? 0), dynamics.backward, sources: 1))
    } else {
      let forward = GatherMap(map, source: source, target: target, isTransposed: false)
      let backward = backwardScale.map {
        (
          scale: scale * $0,
          map: GatherMap(map, source: target, target: source, isTransposed: true)
        )
      }
      if isReal {
        kind = .values(
          forward: RealRows(forward, weight, scale: scale),
          backward: backward.map { RealRows($0.map, weight, scale: $0.scale) })
      } else {
        guard let backward else { preconditionFailure("spikes travel both ways") }
        let grids = map.grids(weight, scale: scale, backwardScale: backward.scale)
        kind = .spikes(
          forward: Rows(forward, weight, scale: scale, grid: grids.forward),
          backward: Rows(
            backward.map, weight, scale: backward.scale, grid: grids.backward, mayScatter: true))
      }
    }
    let dropoutScale = 1 / (1 - dropout)
    self.bias = bias.map { bias in
      let padded = AlignedBuffer<Float>(count: target.stride)
      for (channel, value) in bias.enumerated() { padded.base[channel] = value * dropoutScale }
      return padded
    }
  }

  private static func pool(_ size: Int, _ source: PaddedLayout, _ target: PaddedLayout)
    -> spike_phase
  {
    var phase = spike_phase()
    (phase.source_height, phase.source_width) = (
      Int32(source.shape.height), Int32(source.shape.width)
    )
    (phase.target_height, phase.target_width) = (
      Int32(target.shape.height), Int32(target.shape.width)
    )
    (phase.source_stride, phase.target_stride) = (Int32(source.stride), Int32(target.stride))
    phase.step = 1
    (phase.source_step, phase.rows, phase.columns) = (Int32(size), Int32(size), Int32(size))
    return phase
  }

  /// Source units in the largest window of either direction.
  var widestWindow: Int {
    guard case .spikes(let forward, let backward) = kind else { return 0 }
    return max(forward.map.widestWindow, backward.map.widestWindow)
  }

  /// The forward direction's map; nil for a pool.
  var map: GatherMap? {
    switch kind {
    case .spikes(let forward, _): return forward.map
    case .values(let forward, _): return forward.map
    case .pool: return nil
    }
  }
}
