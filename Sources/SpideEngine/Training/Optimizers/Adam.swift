/// Steps along the mean gradient over the root of the mean square, both corrected for their start (TheMethod.md, "Adam").
package struct Adam: OptimizerRule {
  /// Decay of the mean gradient.
  package let beta1: Float
  /// Decay of the mean square.
  package let beta2: Float

  package static let name = "adam"
  package static let constants = [
    OptimizerConstant(name: "beta1", range: 0..<1, fallback: 0.9),
    OptimizerConstant(name: "beta2", range: 0..<1, fallback: 0.999),
  ]
  /// The mean gradient `m` and the mean square `v`.
  package static let memory = [
    OptimizerMemory(name: "momentum", nonnegative: nil),
    OptimizerMemory(name: "second_moment", nonnegative: "means of squares"),
  ]

  package init(constants: [Float]) { (beta1, beta2) = (constants[0], constants[1]) }
  package var constants: [Float] { [beta1, beta2] }

  package func update(
    _ parameters: inout Parameters, memory: inout [Parameters], gradients: Parameters,
    _ step: OptimizerStep
  ) {
    let (meanCorrection, squareCorrection) = corrections(step)
    // Taken out, so that both tensors can change side by side.
    var squares = memory.removeLast()
    for tensor in parameters.values.indices {
      for index in parameters.values[tensor].indices {
        let weight = parameters.values[tensor][index]
        let gradient = gradients.values[tensor][index] + step.weightDecay * weight
        let m = beta1 * memory[0].values[tensor][index] + (1 - beta1) * gradient
        let v = beta2 * squares.values[tensor][index] + (1 - beta2) * gradient * gradient
        memory[0].values[tensor][index] = m
        squares.values[tensor][index] = v
        let deviation = (v / squareCorrection).squareRoot() + Adam.least
        parameters.values[tensor][index] = weight - step.rate * (m / meanCorrection) / deviation
      }
    }
    memory.append(squares)
  }

  /// What the root of the mean square is kept above.
  private static let least: Float = 1e-8

  /// What the two means of so many batches lack of their whole weight.
  private func corrections(_ step: OptimizerStep) -> (mean: Float, square: Float) {
    (
      Float(1 - Adam.power(Double(beta1), step.number)),
      Float(1 - Adam.power(Double(beta2), step.number))
    )
  }

  package func forEachStep(
    _ weights: [Float], memory: [[Float]], gradients: [Float], _ step: OptimizerStep,
    _ body: (_ index: Int, _ parts: StepParts) -> Void
  ) {
    let corrections = corrections(step)
    for index in weights.indices {
      let gradient = gradients[index] + step.weightDecay * weights[index]
      let square = beta2 * memory[1][index] + (1 - beta2) * gradient * gradient
      let deviation = (square / corrections.square).squareRoot() + Adam.least
      // The root is of all that came in; for a batch it is a number by which the mean is divided.
      let rate = -Double(step.rate) / Double(corrections.mean) / Double(deviation)
      body(
        index,
        StepParts(
          momentum: rate * Double(beta1 * memory[0][index]),
          gradient: rate * Double((1 - beta1) * gradients[index]),
          decay: rate * Double((1 - beta1) * step.weightDecay * weights[index])))
    }
  }

  package func account(
    weight: Float, memory: [Float], gradient: Float, _ step: OptimizerStep
  ) -> StepAccount {
    let corrections = corrections(step)
    let g = gradient + step.weightDecay * weight
    let m = beta1 * memory[0] + (1 - beta1) * g
    let v = beta2 * memory[1] + (1 - beta2) * g * g
    let mean = m / corrections.mean
    let deviation = (v / corrections.square).squareRoot() + Adam.least
    let change = -(step.rate * mean / deviation)
    return StepAccount(
      lines: [
        StepLine(
          "g",
          [
            .number("G", gradient), .text(" + "), .number("wd", step.weightDecay), .times,
            .number("w", weight),
          ], g),
        StepLine(
          "M",
          [
            .number("b1", beta1), .times, .number("M′", memory[0]), .text(" + "),
            .number("(1 − b1)", 1 - beta1), .times, .number("g", g),
          ], m),
        StepLine(
          "S",
          [
            .number("b2", beta2), .times, .number("S′", memory[1]), .text(" + "),
            .number("(1 − b2)", 1 - beta2), .times, .number("g", g), .text("²"),
          ], v),
        StepLine(
          "M^", [.number("M", m), .text(" / "), .number("(1 − b1^t)", corrections.mean)], mean),
        StepLine(
          "√S^",
          [
            .text("√("), .number("S", v), .text(" / "),
            .number("(1 − b2^t)", corrections.square), .text(") + "), .number("ε", Adam.least),
          ], deviation),
        StepLine(
          "Δw",
          [
            .text("−"), .number("lr/s_c", step.rate), .times, .number("M^", mean), .text(" / "),
            .number("√S^", deviation),
          ], change),
      ], change: change, weight: weight + change, memory: [m, v])
  }

  /// `base` to a whole power, by squaring: no library whose last bit differs between machines.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var factor = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}

extension OptimizerKind {
  /// Adam, with the decays of its two means.
  public static func adam(beta1: Float, beta2: Float) -> OptimizerKind {
    OptimizerKind(Adam(constants: [beta1, beta2]))
  }
}
