/// Reads off a micro-batch that has been through both stages what its samples push one weight by.
struct PushReader: Sendable {
  let factors: WeightAccount.Factors
  /// Number in ``BlockPlan/links``.
  private let link: Int
  private let isBias: Bool
  /// Which pairs of units the weight joins; of a bias only targets.
  private let pairs: [(source: Int, target: Int)]
  /// What a product of sums of spikes is multiplied by for the gradient, for `a` and for `β`.
  private let scale, rate, error: Double
  /// The sum that a unit has which fired at every forward step.
  private let whole: Float
  private let isClassifier: Bool

  /// A reader; nil where there is no such weight.
  init?(_ weight: WeightIndex, plan: NetworkPlan, network: BlockNetwork) {
    guard let place = plan.place(of: weight),
      let number = network.all.firstIndex(where: { $0.geometry.id == place.link })
    else { return nil }
    link = number
    isBias = place.isBias
    isClassifier = place.link == nil
    pairs = place.pairs
    let (scales, dynamics) = (network.all[number].scales, network.dynamics)
    let gradientScale = GradientScale(place.link, scales, dynamics)
    scale = Double(isBias ? gradientScale.bias : gradientScale.weight)
    whole = dynamics.forward.weightSum(dynamics.forwardSteps)
    let isSpike = place.link != nil && place.link != .input
    rate = isSpike ? 1 / Double(whole) : 1
    error =
      isClassifier
      ? 1
      : Double(dynamics.backward.resetAmount)
        / Double(dynamics.backward.weightSum(dynamics.backwardSteps))
    factors = WeightAccount.Factors(
      resetAmount: isClassifier ? nil : Double(dynamics.forward.resetAmount),
      kept: Double(scales.kept), norm: isBias ? 1 : Double(scales.weight))
  }

  /// What a sample of a run, by its number there, pushes the weight by.
  func push(_ run: BlockRun, _ number: Int, sample: Int) -> WeightAccount.Push {
    let signals = run.gradientSignals(link)
    let geometry = run.network.all[link].geometry
    let sources = signals.source.base + number * geometry.source.units
    let targets = signals.target.base + number * geometry.target.units
    var (sum, active, best) = (0.0, 0, -1.0)
    var strongest: (source: Int, target: Int)?
    for pair in pairs {
      let target = geometry.target.padded(pair.target)
      var product = Double(targets[target])
      if !isBias { product *= Double(sources[geometry.source.padded(pair.source)]) }
      if let gate = signals.gate, !bit(gate, number, geometry.target, target) { product = 0 }
      sum += product
      if product != 0 { active += 1 }
      if abs(product) > best { (best, strongest) = (abs(product), pair) }
    }
    return WeightAccount.Push(
      sample: sample, gradient: sum * scale, active: active, pairs: pairs.count,
      strongest: strongest.map { pair in
        let target = geometry.target.padded(pair.target)
        return WeightAccount.Pair(
          source: isBias ? nil : pair.source, target: pair.target,
          rate: isBias ? nil : rate * Double(sources[geometry.source.padded(pair.source)]),
          error: error * Double(targets[target]),
          isOpen: isOpen(run, number, target),
          isKept: mask(run).map { bit($0, number, geometry.target, target) } ?? true)
      })
  }

  /// A bit of one for each unit and sample.
  private func bit(
    _ bits: AlignedBuffer<UInt8>, _ sample: Int, _ layout: PaddedLayout, _ unit: Int
  ) -> Bool {
    bits.base[sample * layout.bytes + unit >> 3] >> UInt8(unit & 7) & 1 == 1
  }

  /// The gate of the unit after the synapse.
  private func isOpen(_ run: BlockRun, _ sample: Int, _ unit: Int) -> Bool {
    let id = run.network.all[link].geometry.id
    guard let layer = SynapseSpikes.layers(id, run.network.plan).target else { return true }
    let own = run.memory.layers[layer]
    let sum = own.forwardSum.base[sample * own.layout.units + unit]
    return sum > 0 && sum < whole
  }

  /// The mask of the link; nil where it drops nothing.
  private func mask(_ run: BlockRun) -> AlignedBuffer<UInt8>? {
    switch run.network.all[link].geometry.id {
    case .input: run.memory.inputMask
    case .feedback: run.memory.feedbackMask
    case .link(let index): run.memory.layers[index + 1].mask
    case nil: nil
    }
  }
}

extension NetworkPlan {
  /// A weight or bias as a place of a link; the classifier's link is nil.
  struct Place {
    let link: LinkID?
    let isBias: Bool
    /// Nil for a bias.
    let weight: WeightPlace?
    /// Pairs of units that it joins, in engine order; of a bias the target counts.
    let pairs: [(source: Int, target: Int)]
  }

  /// Where a weight lies; nil where there is none such.
  func place(of weight: WeightIndex) -> Place? {
    let all = parameters
    guard all.indices.contains(weight.parameter),
      (0..<all[weight.parameter].count).contains(weight.index)
    else { return nil }
    let link = link(ofParameter: weight.parameter)
    guard all[weight.parameter].name.hasSuffix(".bias") else {
      let place = weightPlace(of: weight)
      var pairs: [(source: Int, target: Int)] = []
      place?.forEachPair { pairs.append(($0, $1)) }
      return place.map { Place(link: link, isBias: false, weight: $0, pairs: pairs) }
    }
    let target = link.map { self.target(of: $0) } ?? LayerShape(units: classes)
    let targets =
      link.map { isDense($0) } ?? true
      ? [target.channelsLastIndex(weight.index)]
      : (0..<target.positions).map { $0 * target.channels + weight.index }
    return Place(link: link, isBias: true, weight: nil, pairs: targets.map { (0, $0) })
  }

  /// The channels, or units of a dense link, that a weight joins, and its tap; nil for a bias and where there is none.
  package func weightPlace(of weight: WeightIndex) -> WeightPlace? {
    guard parameters[weight.parameter].name.hasSuffix(".weight") else { return nil }
    guard let link = link(ofParameter: weight.parameter) else {
      return WeightPlace(
        weight: weight.index, .dense, source: layers[layers.count - 1],
        target: LayerShape(units: classes))
    }
    return form(of: link).flatMap {
      WeightPlace(weight: weight.index, $0, source: source(of: link), target: target(of: link))
    }
  }

  /// The pairs of units that a weight joins, in engine order; of a bias the targets count. Empty where there is none such.
  package func pairs(of weight: WeightIndex) -> [(source: Int, target: Int)] {
    place(of: weight)?.pairs ?? []
  }

  /// The link that a parameter belongs to; nil for the classifier's, and where there is none.
  package func link(ofParameter number: Int) -> LinkID? {
    let all = parameters
    guard all.indices.contains(number) else { return nil }
    return allLinks.first { all[number].name.hasPrefix($0.name + ".") }
  }
}
