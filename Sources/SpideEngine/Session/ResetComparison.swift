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
    var session = Session(
      network: network, input: input, label: label, batch: batch, monitors: Monitors())
    session.attach(RateMonitor(target: session.equilibrium()?.values), as: .rates)
    session.move(to: session.timeline.position(of: .readout))
    session.attach(BetaMonitor(target: session.implicitDifferentiation()?.values), as: .betas)
    session.move(to: session.end)
    readout = session.readout
    rateError = session[.rates]?.error ?? []
    rateBias = session[.rates]?.bias ?? []
    residual = session[.rates]?.residual ?? []
    betaError = session[.betas]?.error ?? []
    betaBias = session[.betas]?.bias ?? []
    backwardResidual = session[.betas]?.residual ?? []
  }
}
