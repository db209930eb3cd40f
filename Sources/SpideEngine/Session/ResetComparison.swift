/// The same sample under three reset potentials, measured against the exact solutions (TheMethod.md, "Reset variants").
public struct ResetComparison: Sendable {
  /// What the variants have in common.
  public enum Basis: String, Sendable, CaseIterable {
    /// The threshold stays, so `V` and the equilibrium change with the reset.
    case sameThreshold
    /// `V` stays, so all variants share one equilibrium and their errors are comparable.
    case sameResetAmount
  }

  /// What the variants have in common.
  public let basis: Basis
  /// Resets at `-V_th`, `-V_th / 2` and 0, forward and backward alike.
  public let variants: [ResetVariant]

  /// Runs the sample three times, to the end of what its label allows.
  public init(
    plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics, basis: Basis,
    input: InputSignal, label: Int?, batch: Int = 1
  ) {
    self.basis = basis
    variants = [Float(1), 0.5, 0].map { share in
      var changed = dynamics
      changed.forward = ResetComparison.neuron(dynamics.forward, share: share, basis)
      changed.backward = ResetComparison.neuron(dynamics.backward, share: share, basis)
      return ResetVariant(
        network: PackedNetwork(plan: plan, parameters: parameters, dynamics: changed),
        resetShare: share, input: input, label: label, batch: batch)
    }
  }

  /// A neuron that resets to `-share` times its threshold, with the threshold or the reset amount of the given one.
  static func neuron(_ neuron: NeuronParameters, share: Float, _ basis: Basis) -> NeuronParameters {
    let threshold =
      basis == .sameThreshold ? neuron.threshold : neuron.resetAmount / (1 + share)
    let reset: ResetMode =
      share == 1 ? .minusThreshold : share == 0 ? .zero : .potential(-share * threshold)
    return NeuronParameters(threshold: threshold, reset: reset, leak: neuron.leak)
  }
}

/// One variant's errors over time. Element `t - 1` of each array belongs to step `t`.
public struct ResetVariant: Sendable {
  /// The constants of this variant.
  public let dynamics: Dynamics
  /// Reset potential as a share of minus the threshold: 1, ½ or 0.
  public let resetShare: Float
  /// Mean over all neurons of `|a(t) - a*|`; empty where there is no equilibrium.
  public let rateError: [Float]
  /// Mean over all neurons of `a(t) - a*`.
  public let rateBias: [Float]
  /// `‖β(t) - β‖ / ‖β‖` over all neurons, against the exact β for the measured gates; empty where there is none.
  public let betaError: [Float]
  /// Mean over all neurons of `β(t) - β`, as a share of the mean `|β|`.
  public let betaBias: [Float]
  /// Residual potentials of neurons with `0 < a < 1`, in units of `V`: counts per bin of ``binEdges``, for each forward step.
  public let residual: [[Int]]
  /// The same for the backward stage, in units of `V_b`, over neurons that have fired.
  public let backwardResidual: [[Int]]
  /// The scores of this variant.
  public let readout: Readout?

  /// Edges of the bins of residual potentials, in units of `V` or `V_b`; what lies outside counts in the first or the last bin.
  public static let binEdges: [Float] = (0...24).map { -1 + Float($0) / 12 }

  init(network: PackedNetwork, resetShare: Float, input: InputSignal, label: Int?, batch: Int) {
    dynamics = network.dynamics
    self.resetShare = resetShare
    var session = Session(network: network, input: input, label: label, batch: batch)
    session.move(to: session.end)
    readout = session.readout
    let target = session.equilibrium()?.values?.flatMap { $0 }
    let betaTarget = session.implicitDifferentiation()?.values?.flatMap { $0 }
    var rateError: [Float] = []
    var rateBias: [Float] = []
    var betaError: [Float] = []
    var betaBias: [Float] = []
    var residual: [[Int]] = []
    var backwardResidual: [[Int]] = []
    let resetAmount = dynamics.forward.resetAmount
    let backwardResetAmount = dynamics.backward.resetAmount
    session.forEachState(upTo: session.end) { state in
      let layers = network.plan.layers.indices
      if let backward = state.backward {
        if let betaTarget {
          let beta = layers.flatMap { backward.rate($0).map { $0 * backwardResetAmount } }
          betaError.append(ResetVariant.relativeError(beta, betaTarget))
          betaBias.append(ResetVariant.relativeBias(beta, betaTarget))
        }
        backwardResidual.append(
          ResetVariant.histogram(backward, resetAmount: backwardResetAmount) { $0 != 0 })
      } else {
        let forward = state.forward
        if let target {
          let rate = layers.flatMap { forward.rate($0) }
          rateError.append(ResetVariant.mean(rate, target) { abs($0 - $1) })
          rateBias.append(ResetVariant.mean(rate, target) { $0 - $1 })
        }
        residual.append(
          ResetVariant.histogram(forward, resetAmount: resetAmount) {
            $0 > 0 && $0 < forward.weightSum
          })
      }
    }
    self.rateError = rateError
    self.rateBias = rateBias
    self.betaError = betaError
    self.betaBias = betaBias
    self.residual = residual
    self.backwardResidual = backwardResidual
  }

  private static func mean(_ x: [Float], _ y: [Float], _ f: (Float, Float) -> Float) -> Float {
    var sum = 0.0
    for index in x.indices { sum += Double(f(x[index], y[index])) }
    return Float(sum / Double(max(1, x.count)))
  }

  private static func relativeError(_ x: [Float], _ exact: [Float]) -> Float {
    let size = mean(exact, exact) { $0 * $1 }
    return size > 0 ? (mean(x, exact) { ($0 - $1) * ($0 - $1) } / size).squareRoot() : 0
  }

  private static func relativeBias(_ x: [Float], _ exact: [Float]) -> Float {
    let size = mean(exact, exact) { value, _ in abs(value) }
    return size > 0 ? mean(x, exact) { $0 - $1 } / size : 0
  }

  private static func histogram(
    _ state: StageState, resetAmount: Float, where counts: (Float) -> Bool
  ) -> [Int] {
    let bins = binEdges.count - 1
    var histogram = [Int](repeating: 0, count: bins)
    for layer in state.layers {
      for (unit, potential) in layer.potential.enumerated() where counts(layer.spikeSum[unit]) {
        let place = (potential / resetAmount + 1) * Float(bins) / 2
        // Clamped as a number first: a network that diverged has potentials that are no numbers.
        histogram[place >= 1 ? Int(min(place, Float(bins - 1))) : 0] += 1
      }
    }
    return histogram
  }
}
