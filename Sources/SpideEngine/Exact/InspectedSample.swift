/// One sample run through both stages and measured against its exact solutions (TheMethod.md, "Where the spike gradient errs").
struct InspectedSample: Sendable {
  /// Cross-entropy, without the loss scale.
  let loss: Double
  /// Whether its class was found.
  let isRight: Bool
  /// One for each layer.
  let layers: [LayerMeasure]
  /// What it took, for its ledger.
  let tally: Tally
  /// Sweeps that the equilibrium took; nil where there is none.
  let iterations: Int?
  /// The spectral radius of the gated loop, at equilibrium or, where there is none, with the measured gates.
  let radius: Double?

  /// Runs a labelled sample.
  ///
  /// - Parameters:
  ///   - session: the sample before its first step. It is left at its end.
  ///   - isWanted: asked before every step and every sweep.
  /// - Returns: what was measured, and the gradients between the exact one and that of the spikes; nil once it is not wanted
  ///   any more, and for a sample without a label.
  static func run(
    _ session: inout Session, while isWanted: () -> Bool
  ) -> (InspectedSample, GradientSplit)? {
    guard let label = session.label else { return nil }
    session.attach(PotentialExtremes(), as: .extremes)
    while session.position < session.end {
      guard isWanted() else { return nil }
      session.move(to: session.position + 1)
    }
    guard let readout = session.readout, let sources = session.sources,
      let backward = session.backward, let tally = session.tally
    else { return nil }
    let exact = ExactSolution(session, label: label, while: isWanted)
    guard isWanted() else { return nil }
    let implicit = Exact.implicitDifferentiation(
      network: session.network, sources: sources, while: isWanted
    ).values
    let radius = Exact.loopRadius(
      network: session.network, gates: exact?.gates ?? sources.gates, while: isWanted)
    guard isWanted() else { return nil }
    let split = GradientSplit(session, exact, implicit: implicit, sources, while: isWanted)
    guard isWanted() else { return nil }
    let extremes = session[.extremes]?.largest ?? []
    let layers = session.plan.layers.indices.map { layer in
      LayerMeasure(
        layer, session, backward, exact, implicit: implicit?[layer], gates: sources.gates[layer],
        largestPotential: extremes[layer])
    }
    let sample = InspectedSample(
      loss: Double(readout.loss(label: label)), isRight: readout.prediction == label,
      layers: layers, tally: tally, iterations: exact?.iterations, radius: radius)
    return (sample, split)
  }
}

extension GradientSplit {
  /// Of a sample at its end.
  fileprivate init(
    _ session: Session, _ exact: ExactSolution?, implicit: [[Float]]?,
    _ sources: BackwardStage.Sources, while isWanted: () -> Bool
  ) {
    let network = session.network
    let rates = network.plan.layers.indices.map { session.forward.rate($0) }
    func gradients(
      _ rates: [[Float]], _ betas: [[Float]]?, _ gates: [[UInt8]], _ logitGradient: [Float]
    ) -> RealGradients {
      RealGradients(
        network: network, input: session.inputCurrent.meanInput, rates: rates, betas: betas,
        gates: gates, logitGradient: logitGradient)
    }
    let scores = session.logitGradient
    let measuredRates = exact.map { exact in
      let betas = Exact.implicitDifferentiation(
        network: network,
        sources: BackwardStage.Sources(
          gates: exact.gates, outputGradient: sources.outputGradient),
        while: isWanted)
      return gradients(rates, betas.values, exact.gates, scores)
    }
    let stage = BackwardStage(network)
    let spikes = session.backward.map { backward in
      network.plan.layers.indices.map { stage.beta(backward, $0) }
    }
    self.init(
      exact: exact.map { gradients($0.rates, $0.betas, $0.gates, $0.logitGradient) },
      measuredRates: measuredRates,
      measuredGates: gradients(rates, implicit, sources.gates, scores),
      spikes: gradients(rates, spikes, sources.gates, scores))
  }
}

extension LayerMeasure {
  /// Of one layer of a sample at its end.
  fileprivate init(
    _ layer: Int, _ session: Session, _ backward: StageState, _ exact: ExactSolution?,
    implicit: [Float]?, gates: [UInt8], largestPotential: Float
  ) {
    let dynamics = session.dynamics
    let (forward, units) = (session.forward, Double(gates.count))
    let rates = forward.rate(layer)
    forwardRate = Double(forward.layers[layer].spikeTotal) / (units * Double(forward.step))
    backwardRate = Double(backward.layers[layer].spikeTotal) / (units * Double(backward.step))
    silent = backward.layers[layer].spikeTotal == 0 ? 1 : 0
    // A unit that fired with one sign at every step has exactly the weight sum.
    let whole = backward.weightSum
    saturated = Double(backward.layers[layer].spikeSum.count { abs($0) == whole }) / units
    self.largestPotential = Double(largestPotential / dynamics.backward.threshold)
    if let exact {
      let differences = zip(rates, exact.rates[layer]).map { Double($0) - Double($1) }
      rateError = differences.reduce(0) { $0 + abs($1) } / units
      rateBias = differences.reduce(0, +) / units
      gateFlips = Double(zip(gates, exact.gates[layer]).count { $0 != $1 }) / units
    }
    if let implicit {
      let betas = BackwardStage(session.network).beta(backward, layer)
      var (difference, size) = (0.0, 0.0)
      for (measured, exact) in zip(betas, implicit) {
        difference += (Double(measured) - Double(exact)) * (Double(measured) - Double(exact))
        size += Double(exact) * Double(exact)
      }
      betaError = size > 0 ? (difference / size).squareRoot() : nil
    }
    if let betas = exact?.betas?[layer] {
      let half = dynamics.resolution / 2
      belowResolution = Double(betas.count { $0 != 0 && Double(abs($0)) < half }) / units
      exactBetas = BetaSizes(betas, resetAmount: dynamics.backward.resetAmount)
    }
  }
}

/// The largest `|u|` after the reset of each layer over the steps of the backward stage.
private struct PotentialExtremes: Monitor {
  private(set) var largest: [Float] = []

  mutating func begin(_ network: PackedNetwork) {
    largest = network.plan.layers.map { _ in 0 }
  }

  mutating func record(_ state: SampleState) {
    guard let backward = state.backward else { return }
    for layer in largest.indices {
      for potential in backward.layers[layer].potential {
        largest[layer] = max(largest[layer], abs(potential))
      }
    }
  }
}

extension MonitorName<PotentialExtremes> {
  /// The largest potentials of the backward stage.
  fileprivate static var extremes: Self { Self("potential-extremes") }
}
