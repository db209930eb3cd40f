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
    let meanCorrection = Float(1 - Adam.power(Double(beta1), step.number))
    let squareCorrection = Float(1 - Adam.power(Double(beta2), step.number))
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
        let deviation = (v / squareCorrection).squareRoot() + 1e-8
        parameters.values[tensor][index] = weight - step.rate * (m / meanCorrection) / deviation
      }
    }
    memory.append(squares)
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
