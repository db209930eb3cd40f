extension Dynamics {
  /// Largest `T_F` and `T_B`.
  public static let mostSteps = 100_000
  /// Largest threshold and loss scale, and largest size of a reset potential.
  public static let largestConstant: Float = 1e6

  /// Whether every constant is one that a preset may have.
  public var isInRange: Bool {
    [forward, backward].allSatisfy(\.isInRange)
      && [forwardSteps, backwardSteps].allSatisfy { (1...Dynamics.mostSteps).contains($0) }
      && lossScale > 0 && lossScale <= Dynamics.largestConstant
  }
}

extension NeuronParameters {
  fileprivate var isInRange: Bool {
    threshold > 0 && threshold <= Dynamics.largestConstant && leak > 0 && leak <= 1
      && resetPotential >= -Dynamics.largestConstant && resetPotential < threshold
  }
}
