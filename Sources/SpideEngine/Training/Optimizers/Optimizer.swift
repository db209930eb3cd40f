import CSpikeKernels

/// Turns gradients into steps (TheMethod.md, "SGD", "Adam"): the one place where the loss scale divides the learning rate.
public struct Optimizer: Sendable, Equatable {
  /// The rule.
  public let kind: OptimizerKind
  /// `wd`.
  public let weightDecay: Float
  /// `s_c` of the gradients to come.
  public internal(set) var lossScale: Float
  /// SGD's `v`, or Adam's first moment.
  public var momentum: Parameters
  /// Adam's second moment; nil for SGD.
  public var secondMoment: Parameters?
  /// Updates made.
  public var updates: Int

  /// An optimizer at rest.
  public init(plan: NetworkPlan, training: TrainingPlan, lossScale: Float) {
    kind = training.optimizer
    weightDecay = training.weightDecay
    self.lossScale = lossScale
    momentum = Parameters(zerosFor: plan)
    if case .adam = kind { secondMoment = momentum }
    updates = 0
  }

  /// Moves the weights by one batch.
  ///
  /// - Parameters:
  ///   - parameters: the weights that move.
  ///   - gradients: with `s_c` in them, as ``Gradients/parameters(network:)`` gives them.
  ///   - learningRate: before the loss scale divides it.
  public mutating func update(
    _ parameters: inout Parameters, gradients: Parameters, learningRate: Float
  ) {
    updates += 1
    let rate = learningRate / lossScale
    switch kind {
    case .sgd(let factor):
      for index in parameters.values.indices {
        spike_sgd(
          &parameters.values[index], &momentum.values[index], gradients.values[index],
          Int32(gradients.values[index].count), factor, weightDecay, rate)
      }
    case .adam(let beta1, let beta2):
      adam(&parameters, gradients, rate, beta1, beta2)
    }
  }

  private mutating func adam(
    _ parameters: inout Parameters, _ gradients: Parameters, _ rate: Float, _ beta1: Float,
    _ beta2: Float
  ) {
    guard var second = secondMoment else { preconditionFailure("Adam without its second moment") }
    secondMoment = nil
    let firstCorrection = Float(1 - power(Double(beta1), updates))
    let secondCorrection = Float(1 - power(Double(beta2), updates))
    for tensor in parameters.values.indices {
      for index in parameters.values[tensor].indices {
        let weight = parameters.values[tensor][index]
        let gradient = gradients.values[tensor][index] + weightDecay * weight
        let m = beta1 * momentum.values[tensor][index] + (1 - beta1) * gradient
        let v = beta2 * second.values[tensor][index] + (1 - beta2) * gradient * gradient
        momentum.values[tensor][index] = m
        second.values[tensor][index] = v
        parameters.values[tensor][index] =
          weight - rate * (m / firstCorrection) / ((v / secondCorrection).squareRoot() + 1e-8)
      }
    }
    secondMoment = second
  }

  /// `base` to a whole power, by squaring: no library whose last bit differs between machines.
  private func power(_ base: Double, _ exponent: Int) -> Double {
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
