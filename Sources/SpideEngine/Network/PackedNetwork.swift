import CSpikeKernels

/// The weights of a network, laid out for the kernels under one setting of the constants.
///
/// Made anew whenever weights, thresholds or resets change. Constants are folded in (`LinkScales`).
public final class PackedNetwork: Sendable {
  /// The shapes.
  public let plan: NetworkPlan
  /// The constants of both stages.
  public let dynamics: Dynamics
  let input: PackedLink
  let links: [PackedLink]
  let feedback: PackedLink?
  /// `C` and `c` of the readout; `Cᵀ` without any factor.
  let classifier: PackedLink
  private let scales: NetworkScales

  /// Whether the scale of dropout is folded in, so that runs must draw masks: training, and a plan that has dropout.
  public var usesDropout: Bool { scales.usesDropout }
  /// The factor by which the feedback weight is used (TheMethod.md, "Feedback norm"); its gradient is multiplied by it too.
  public var feedbackFactor: Float { scales.feedbackFactor }
  /// The Frobenius norm of the feedback weight as it is stored; 0 without feedback.
  public var feedbackNorm: Double { scales.feedbackNorm }

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
      cached: BlockPlan.l2Cache)
  }

  /// The same weights as in a ``BlockPlan`` for such a cache.
  package init(
    plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics, usesDropout: Bool, cached: Int
  ) {
    self.plan = plan
    self.dynamics = dynamics
    let scales = NetworkScales(plan, parameters, dynamics, usesDropout: usesDropout)
    self.scales = scales
    func pack(_ id: LinkID, _ link: Link) -> PackedLink {
      let map = LinkMap(
        link, source: plan.source(of: id), target: plan.target(of: id), cached: cached)
      return PackedLink(
        map, weight: parameters[id.name + ".weight"] ?? [], bias: parameters[id.name + ".bias"],
        scales.scales(id, link, form: map.form))
    }
    input = pack(.input, plan.input)
    links = plan.links.enumerated().map { pack(.link($0), $1) }
    feedback = plan.feedback.map { pack(.feedback, $0) }
    let link = Link(.dense(units: plan.classes))
    let map = LinkMap(
      link, source: plan.layers[plan.layers.count - 1],
      target: LayerShape(units: plan.classes))
    classifier = PackedLink(
      map, weight: parameters["classifier.weight"] ?? [], bias: parameters["classifier.bias"],
      scales.scales(nil, link, form: map.form))
  }

  /// Layers `0 … N-1`.
  var layerCount: Int { plan.layers.count }
}

/// One link's packed weights, for both directions.
package struct PackedLink: Sendable {
  /// Weights `[tap, source channel][target channel]` of one direction; a pool has its single weight.
  package struct Weights: Sendable {
    /// For real-valued sources.
    package let values: [Float]
    /// For spikes: the same quantised by target channel.
    let numbers: [Int32]
    let scales: QuantisationScales

    fileprivate init(weight: Float) {
      values = [weight]
      numbers = []
      scales = QuantisationScales(totals: [])
    }

    fileprivate init(_ values: [Float], _ scales: QuantisationScales) {
      self.values = values
      self.scales = scales
      let channels = scales.values.count
      numbers = values.indices.map { scales.quantised(values[$0], channel: $0 % channels) }
    }
  }

  package let map: LinkMap
  /// `W`, times its scale; a pool has its single weight, the mean, here.
  package let forward: Weights
  /// `Wᵀ`, times its scale.
  package let backward: Weights
  /// The bias for each unit of the target, times the dropout scale; nil where the link has none.
  package let bias: [Float]?
  /// The factors that are in the weights.
  package let scales: LinkScales

  package init(_ map: LinkMap, weight: [Float], bias: [Float]?, _ scales: LinkScales) {
    self.map = map
    self.scales = scales
    if case .pool = map.form {
      forward = Weights(weight: scales.forward)
      backward = Weights(weight: scales.backward)
      self.bias = nil
      return
    }
    precondition(
      weight.count == map.weightCount, "\(weight.count) weights, not \(map.weightCount)")
    func packed(_ stage: Stage) -> Weights {
      Weights(
        map.pack(weight, scale: scales[stage], stage),
        map.quantisation(weight, scale: scales[stage], stage))
    }
    forward = packed(.forward)
    backward = packed(.backward)
    let numbers = map.targetNumbers
    self.bias = bias.map { bias in
      (0..<map.target.count).map { bias[numbers[$0 % numbers.count]] * scales.kept }
    }
  }

  /// `sums += W s`, or `(V_b / V) Wᵀ s`, for the first `count` of some events.
  ///
  /// - Parameter quantisedSums: as many zeros as there are targets; zeros again afterwards.
  /// - Returns: synaptic operations (additions of a weight to a potential).
  package func send(
    _ events: [Int32], _ count: Int, _ stage: Stage, to sums: inout [Float],
    quantisedSums: inout [Int32]
  ) -> Int {
    let packed = stage == .forward ? forward : backward
    if case .pool = map.form {
      return map.addPooled(events, count, stage, weight: packed.values[0], to: &sums)
    }
    let operations = map.addSpikes(
      events, count, stage, weights: packed.numbers, to: &quantisedSums)
    let channels = packed.scales.values.count
    spike_add_quantised(
      &sums, quantisedSums, packed.scales.values, Int32(sums.count / channels), Int32(channels))
    quantisedSums.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    return operations
  }
}
