/// Takes the dense program along with a run of the same stage in single precision, and judges that run's every spike and
/// potential.
///
/// By itself the dense program would part from it: a potential within rounding of the threshold fires a step later in
/// one of the two, which sets off other spikes and opens other gates. Along the same spikes the two stay as near each
/// other as rounding allows, and a spike that rounding does not explain is a fault.
struct StageJudge {
  /// What of the leader is not explained, in words: the first thing.
  private(set) var fault: String?

  private let leader: DenseStages.Leader
  private let neuron: NeuronParameters
  /// What a step may be off by, in units of ``unit``, `[layer][unit]`: the sizes of all that may reach a neuron in a step,
  /// each times the roundings that it goes through.
  private let roundings: [[Double]]
  /// By how much each of the leader's potentials may be off by now, `[layer][unit]`.
  private var slack: [[Double]]
  private var step = 0
  private var now = DenseStages.Step(spikes: [], potentials: [])

  /// Rounding to single precision changes a number by at most this share.
  static let unit = 0x1p-24

  init(_ leader: DenseStages.Leader, _ neuron: NeuronParameters, roundings: [[Double]]) {
    self.leader = leader
    self.neuron = neuron
    self.roundings = roundings
    slack = roundings.map { [Double](repeating: 0, count: $0.count) }
  }

  /// Lets the leader do its next step.
  mutating func beginStep() {
    step += 1
    now = leader.next()
  }

  /// The leader's spike of a unit whose potential is `h` before it fires, where the dense program's would be `own`.
  mutating func spike(_ layer: Int, _ unit: Int, h: Double, instead own: Double) -> Double {
    let spike = now.spikes[layer][unit]
    let potential = h - Double(neuron.resetAmount) * spike
    if !leader.isExact {
      // Leak, current, reset: each rounds once more.
      slack[layer][unit] =
        Double(neuron.leak) * slack[layer][unit]
        + StageJudge.unit * (roundings[layer][unit] + 2 * abs(h) + abs(potential))
    }
    guard fault == nil else { return spike }
    let slack = slack[layer][unit]
    let threshold = Double(neuron.threshold)
    let unitName = "layer \(layer), unit \(unit) (channels first), step \(step)"
    if spike != own, !(min(abs(h - threshold), abs(h + threshold)) <= slack) {
      fault = "\(unitName): spike \(spike) at a potential of \(h), which may be off by \(slack)"
    } else if !(abs(now.potentials[layer][unit] - potential) <= slack) {
      fault =
        "\(unitName): potential \(now.potentials[layer][unit]), not \(potential) within \(slack)"
    }
    return spike
  }
}

extension DenseStages {
  /// One time step of a stage: spikes and potentials after it, `[layer][unit]`, units channels-first.
  package struct Step {
    /// -1, 0 or 1.
    package var spikes: [[Double]]
    /// `u(t)`, after the reset.
    package var potentials: [[Double]]

    /// A step of a stage.
    package init(spikes: [[Double]], potentials: [[Double]]) {
      self.spikes = spikes
      self.potentials = potentials
    }
  }

  /// Another program's run of a stage, which the dense one goes along with.
  package struct Leader {
    /// Does the next step.
    package var next: () -> Step
    /// Whether all its numbers are exact, so that no difference is rounding.
    package var isExact: Bool

    /// A program in single precision, or one whose numbers are exact.
    package init(isExact: Bool = false, next: @escaping () -> Step) {
      self.next = next
      self.isExact = isExact
    }
  }

  /// Roundings that the weights of a spike's current have gone through (the factors in them and their product, the quantised
  /// sum), and that currents added to each other go through.
  private static let ofSpikes = 8.0

  /// The sizes of a link's weights for `ofSpikes` roundings, and for being quantised: a weight of 24 bits is off by up to
  /// two roundings of the largest, however small it is itself.
  private func sizes(_ link: LinkID) -> [Double] {
    let sizes = (weights[link] ?? []).map { abs($0) }
    let largest = sizes.max() ?? 0
    return sizes.map { $0 + largest / 4 }
  }

  /// The sizes of what may reach a neuron in a step of the forward stage, times their roundings.
  func forwardRoundings(_ input: InputSignal) -> [[Double]] {
    plan.layers.indices.map { layer in
      if layer > 0 { return sizes(.link(layer - 1), ones(.link(layer - 1))) { $0 * Self.ofSpikes } }
      var largest = input.mean.map { Double(abs($0)) }
      if case .varying(let frames) = input {
        for frame in frames { largest = zip(largest, frame).map { max($0, Double(abs($1))) } }
      }
      // A sum of n products rounds n times, to either side.
      let terms = Double((weights[.input]?.count ?? 0) / plan.layers[0].channels)
      let own = sizes(.input, largest) { $0 * (Self.ofSpikes + terms.squareRoot()) }
      if plan.feedback == nil { return own }
      return sum(own, sizes(.feedback, ones(.feedback)) { $0 * Self.ofSpikes })
    }
  }

  /// The same of the backward stage.
  func backwardRoundings(_ outputGradient: [Double]) -> [[Double]] {
    let last = plan.layers.count - 1
    return plan.layers.indices.map { layer in
      if layer < last { return sizesBack(.link(layer)) }
      let own = outputGradient.map { abs($0) }
      return plan.feedback == nil ? own : sum(own, sizesBack(.feedback))
    }
  }

  private func ones(_ link: LinkID) -> [Double] {
    [Double](repeating: 1, count: plan.source(of: link).count)
  }

  /// `mask ⊙ (|W| x + |b|)`, each number changed by `change`.
  private func sizes(_ id: LinkID, _ x: [Double], _ change: (Double) -> Double) -> [Double] {
    guard let link = plan.link(id) else { return [] }
    return masked(
      id,
      DenseTwin.forward(
        link, source: plan.source(of: id), target: plan.target(of: id),
        weight: sizes(id), bias: biases[id].map { $0.map { abs($0) } }, x)
    ).map(change)
  }

  /// `(V_b / V) |W|ᵀ mask`, times its roundings.
  private func sizesBack(_ id: LinkID) -> [Double] {
    guard let link = plan.link(id) else { return [] }
    let target = plan.target(of: id)
    let scale = Double(dynamics.backward.resetAmount) / Double(dynamics.forward.resetAmount)
    return DenseTwin.transposed(
      link, source: plan.source(of: id), target: target, weight: sizes(id),
      masked(id, [Double](repeating: 1, count: target.count))
    ).map { $0 * scale * Self.ofSpikes }
  }
}
