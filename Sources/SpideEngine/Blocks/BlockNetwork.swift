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
      factor: Float = 1, backwardScale: Float?, drops: Bool = true
    ) -> BlockLink {
      BlockLink(
        connection, source: source, target: target, weight: parameters[name + ".weight"] ?? [],
        bias: parameters[name + ".bias"], factor: factor, backwardScale: backwardScale,
        usesDropout: usesDropout && drops)
    }
    input = link("input", plan.input, inputLayout, layers[0], backwardScale: nil)
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
      PaddedLayout(LayerShape(units: plan.classes)), backwardScale: 1, drops: false)
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
  /// How a link's spikes become currents.
  enum Kind {
    case weights(forward: Rows, backward: Rows?)
    /// Pools of `shape.rows` squared places, each spike with one weight.
    case pool(spike_phase, forward: Float, backward: Float)
  }

  /// Packed weights of one direction.
  struct Rows {
    let map: GatherMap
    let values: AlignedBuffer<Float>
    /// The same weights for steps at which few spikes arrive; nil where that never pays.
    let scattered: AlignedBuffer<Float>?

    init(_ map: GatherMap, _ weight: [Float], scale: Float, mayScatter: Bool = false) {
      self.map = map
      values = AlignedBuffer(count: map.rowCount)
      map.pack(weight, scale: scale, into: values.base)
      if mayScatter, let count = map.scatteredCount {
        let scattered = AlignedBuffer<Float>(count: count)
        map.packScattered(weight, scale: scale, into: scattered.base)
        self.scattered = scattered
      } else {
        scattered = nil
      }
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

  /// Without a `backwardScale` nothing travels back: the input link.
  init(
    _ connection: Connection, source: PaddedLayout, target: PaddedLayout, weight: [Float],
    bias: [Float]?, factor: Float, backwardScale: Float?, usesDropout: Bool
  ) {
    self.source = source
    self.target = target
    dropout = usesDropout ? connection.dropout : 0
    let scale = 1 / (1 - dropout) * factor
    let map = LinkMap(connection, source: source.shape, target: target.shape)
    if case .pool(let size) = map.form {
      let mean = scale / Float(size * size)
      kind = .pool(
        BlockLink.pool(size, source, target), forward: mean,
        backward: mean * (backwardScale ?? 0))
    } else {
      let forward = GatherMap(map, source: source, target: target, isTransposed: false)
      kind = .weights(
        forward: Rows(forward, weight, scale: scale),
        backward: backwardScale.map {
          Rows(
            GatherMap(map, source: target, target: source, isTransposed: true), weight,
            scale: scale * $0, mayScatter: true)
        })
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
    guard case .weights(let forward, let backward) = kind else { return 0 }
    return max(forward.map.widestWindow, backward?.map.widestWindow ?? 0)
  }

  /// Whether spikes must be listed for this link, in either direction.
  var readsLists: Bool {
    if case .weights = kind { return true }
    return false
  }
}
