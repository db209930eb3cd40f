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
  public internal(set) var variants: [ResetVariant]

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

  /// Takes in another sample of the same network, constants and basis: the variants become means.
  public mutating func add(_ other: ResetComparison) {
    for index in variants.indices { variants[index].add(other.variants[index]) }
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
