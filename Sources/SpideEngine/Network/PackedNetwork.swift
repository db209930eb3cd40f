import CSpikeKernels

/// The weights of a network, laid out for the kernels under one setting of the constants.
///
/// Made anew whenever weights, thresholds or resets change: once a batch while training. Everything constant is
/// folded in here and nowhere else: the feedback norm, the scale of dropout, and `V_b / V` of the backward stage.
public final class PackedNetwork: Sendable {
  /// The shapes.
  public let plan: NetworkPlan
  /// The constants of both stages.
  public let dynamics: Dynamics
  /// Whether the scale of dropout is folded in, so that runs must draw masks: training, and a plan that has dropout.
  public let usesDropout: Bool
  let input: PackedLink
  let links: [PackedLink]
  let feedback: PackedLink?
  /// `C` and `c` of the readout; `Cᵀ` without any factor.
  let classifier: PackedLink
  /// The factor by which the feedback weight is used (TheMethod.md, "Feedback norm"); its gradient is multiplied by it too.
  public let feedbackFactor: Float

  /// Packs weights.
  ///
  /// - Parameters:
  ///   - plan: the shapes.
  ///   - parameters: the weights of `plan`, in PyTorch's layout.
  ///   - dynamics: the constants that are folded in.
  ///   - usesDropout: true for training a plan with dropout, where every run has masks.
  public convenience init(
    plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics, usesDropout: Bool = false
  ) {
    self.init(
      plan: plan, parameters: parameters, dynamics: dynamics, usesDropout: usesDropout,
      cached: BlockPlan.secondCache)
  }

  /// The same weights as in a ``BlockPlan`` for such a cache.
  package init(
    plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics, usesDropout: Bool, cached: Int
  ) {
    self.plan = plan
    self.dynamics = dynamics
    let hasDropout = plan.allLinks.contains { (plan.connection($0)?.dropout ?? 0) > 0 }
    let usesDropout = usesDropout && hasDropout
    self.usesDropout = usesDropout
    let backwardScale = dynamics.backward.spikeDrop / dynamics.forward.spikeDrop
    func pack(_ id: LinkID, _ connection: Connection, factor: Float = 1) -> PackedLink {
      PackedLink(
        connection, source: plan.source(of: id), target: plan.target(of: id),
        weight: parameters[id.name + ".weight"] ?? [], bias: parameters[id.name + ".bias"],
        factor: factor, backwardScale: backwardScale, usesDropout: usesDropout, cached: cached)
    }
    input = pack(.input, plan.input)
    links = plan.links.enumerated().map { pack(.link($0), $1) }
    if let connection = plan.feedback {
      let weight = parameters["feedback.weight"] ?? []
      feedbackFactor = PackedNetwork.feedbackFactor(weight, maxNorm: plan.feedbackMaxNorm)
      feedback = pack(.feedback, connection, factor: feedbackFactor)
    } else {
      feedbackFactor = 1
      feedback = nil
    }
    classifier = PackedLink(
      Connection(.dense(units: plan.classes)), source: plan.layers[plan.layers.count - 1],
      target: LayerShape(units: plan.classes), weight: parameters["classifier.weight"] ?? [],
      bias: parameters["classifier.bias"], factor: 1, backwardScale: 1, usesDropout: false)
  }

  /// `min(‖W‖_F, limit) / ‖W‖_F`, summed in double precision and in order.
  static func feedbackFactor(_ weight: [Float], maxNorm: Float?) -> Float {
    guard let maxNorm else { return 1 }
    let norm = weight.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return norm > Double(maxNorm) ? Float(Double(maxNorm) / norm) : 1
  }

  /// Layers `0 … N-1`.
  var layerCount: Int { plan.layers.count }
}

/// One link's weights in rows for both directions.
package struct PackedLink: Sendable {
  /// Weights `[tap, source channel][target channel]` of one direction; a pool has its single weight.
  package struct Rows: Sendable {
    /// For real-valued sources.
    package let values: [Float]
    /// For spikes: the same on the grid of their target channel.
    let numbers: [Int32]
    let grid: ChannelGrid

    fileprivate init(weight: Float) {
      values = [weight]
      numbers = []
      grid = ChannelGrid(totals: [])
    }

    fileprivate init(_ values: [Float], _ grid: ChannelGrid) {
      self.values = values
      self.grid = grid
      let channels = grid.steps.count
      numbers = values.indices.map { grid.number(values[$0], channel: $0 % channels) }
    }
  }

  package let map: LinkMap
  /// `W`, times the feedback factor and the dropout scale; a pool has its single weight `1/size²` here.
  package let forward: Rows
  /// `(V_b / V) Wᵀ`, times the same.
  package let backward: Rows
  /// The bias for each unit of the target, times the dropout scale; nil where the link has none.
  package let bias: [Float]?
  /// `1 / (1 - p)` where dropout is in use, else 1.
  package let dropoutScale: Float
  /// Probability that a unit is dropped; 0 where dropout is not in use.
  package let dropout: Float

  package init(
    _ connection: Connection, source: LayerShape, target: LayerShape, weight: [Float],
    bias: [Float]?, factor: Float, backwardScale: Float, usesDropout: Bool,
    cached: Int = BlockPlan.secondCache
  ) {
    map = LinkMap(connection, source: source, target: target, cached: cached)
    dropout = usesDropout ? connection.dropout : 0
    let dropoutScale = 1 / (1 - dropout)
    self.dropoutScale = dropoutScale
    if case .averagePool(let size) = connection.kind {
      let mean = dropoutScale / Float(size * size)
      forward = Rows(weight: mean)
      backward = Rows(weight: mean * backwardScale)
      self.bias = nil
      return
    }
    precondition(
      weight.count == map.weightCount, "\(weight.count) weights, not \(map.weightCount)")
    let scale = factor * dropoutScale
    let back = scale * backwardScale
    forward = Rows(
      map.packForward(weight, scale: scale),
      map.grid(weight, scale: scale, isTransposed: false))
    backward = Rows(
      map.packBackward(weight, scale: back), map.grid(weight, scale: back, isTransposed: true))
    let numbers = map.targetNumbers
    self.bias = bias.map { bias in
      (0..<target.count).map { bias[numbers[$0 % numbers.count]] * dropoutScale }
    }
  }

  /// `sums += W s`, or `(V_b / V) Wᵀ s`, for the first `count` of some events.
  ///
  /// - Parameter onGrid: as many zeros as there are targets; zeros again afterwards.
  /// - Returns: synaptic operations (additions of a weight to a potential).
  package func send(
    _ events: [Int32], _ count: Int, back: Bool = false, to sums: inout [Float],
    onGrid: inout [Int32]
  ) -> Int {
    let rows = back ? backward : forward
    if map.taps == 0 {
      return map.addPooled(events, count, isTransposed: back, weight: rows.values[0], to: &sums)
    }
    let operations = map.addSpikes(
      events, count, isTransposed: back, rows: rows.numbers, to: &onGrid)
    let channels = rows.grid.steps.count
    spike_add_on_grid(
      &sums, onGrid, rows.grid.steps, Int32(sums.count / channels), Int32(channels))
    onGrid.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    return operations
  }
}
