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

  package func forEachStep(
    _ weights: [Float], memory: [[Float]], gradients: [Float], _ step: OptimizerStep,
    _ body: (_ index: Int, _ parts: StepParts) -> Void
  ) {
    let rate = -Double(step.rate)
    let (former, decay) = (rate * Double(momentum), rate * Double(step.weightDecay))
    for index in weights.indices {
      body(
        index,
        StepParts(
          momentum: former * Double(memory[0][index]), gradient: rate * Double(gradients[index]),
          decay: decay * Double(weights[index])))
    }
  }

  package func account(
    weight: Float, memory: [Float], gradient: Float, _ step: OptimizerStep
  ) -> StepAccount {
    let v = momentum * memory[0] + (gradient + step.weightDecay * weight)
    let change = -(step.rate * v)
    return StepAccount(
      lines: [
        StepLine(
          "v",
          [
            .number("µ", momentum), .times, .number("v′", memory[0]), .text(" + "),
            .number("G", gradient), .text(" + "), .number("wd", step.weightDecay), .times,
            .number("w", weight),
          ], v),
        StepLine(
          "Δw", [.text("−"), .number("lr/s_c", step.rate), .times, .number("v", v)], change),
      ], change: change, weight: weight + change, memory: [v])
  }
}

extension OptimizerKind {
  /// Stochastic gradient descent with momentum.
  public static func sgd(momentum: Float) -> OptimizerKind {
    OptimizerKind(SGD(constants: [momentum]))
  }
}
