/// The two stages of the method. Over a link spikes go from source to target in the forward stage, and over its transpose
/// from target to source in the backward stage.
public enum Stage: Hashable, Sendable, CaseIterable {
  /// Binary neurons on the way to the equilibrium firing rate.
  case forward
  /// Ternary neurons, which solve the implicit differentiation.
  case backward

  /// The threshold rule: the spike of a neuron whose potential has come to `h`.
  func spike<Number: FloatingPoint>(at h: Number, threshold: Number) -> Number {
    if h >= threshold { return 1 }
    return self == .backward && h <= -threshold ? -1 : 0
  }
}

extension Dynamics {
  /// The neurons of a stage.
  public subscript(stage: Stage) -> NeuronParameters {
    stage == .forward ? forward : backward
  }

  /// `T_F` or `T_B`.
  public func steps(of stage: Stage) -> Int { stage == .forward ? forwardSteps : backwardSteps }
}

extension StageLeaks {
  /// Whether neurons leak in a stage.
  package subscript(stage: Stage) -> Bool { stage == .forward ? forward : backward }
}
