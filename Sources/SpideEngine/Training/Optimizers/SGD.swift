import CSpikeKernels

/// Steps along a decaying sum of gradients (TheMethod.md, "SGD").
package struct SGD: OptimizerRule {
  /// `µ`.
  package let momentum: Float

  package static let name = "sgd"
  package static let constants = [OptimizerConstant(name: "momentum", range: 0..<1, fallback: 0.9)]
  /// `v`.
  package static let memory = [OptimizerMemory(name: "momentum", nonnegative: nil)]

  package init(constants: [Float]) { momentum = constants[0] }
  package var constants: [Float] { [momentum] }

  /// `v ← µ v + (grad + wd · w)`, `w ← w - (lr / s_c) v`
  package func update(
    _ parameters: inout Parameters, memory: inout [Parameters], gradients: Parameters,
    _ step: OptimizerStep
  ) {
    for index in parameters.values.indices {
      spike_sgd(
        &parameters.values[index], &memory[0].values[index], gradients.values[index],
        Int32(gradients.values[index].count), momentum, step.weightDecay, step.rate)
    }
  }
}

extension OptimizerKind {
  /// Stochastic gradient descent with momentum.
  public static func sgd(momentum: Float) -> OptimizerKind {
    OptimizerKind(SGD(constants: [momentum]))
  }
}
