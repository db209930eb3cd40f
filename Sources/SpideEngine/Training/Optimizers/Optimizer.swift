/// Turns gradients into steps by an ``OptimizerKind``, and keeps what that remembers. The one place where the loss scale
/// divides the learning rate.
public struct Optimizer: Sendable, Equatable {
  /// The rule.
  public let kind: OptimizerKind
  /// `wd`.
  public internal(set) var weightDecay: Float
  /// `s_c` of the gradients to come.
  public internal(set) var lossScale: Float
  /// What the rule remembers of every parameter: the tensors that its kind names, in that order.
  package private(set) var memory: [Parameters]
  /// Updates made.
  public var updates: Int

  /// An optimizer at rest.
  public init(plan: NetworkPlan, training: TrainingPlan, lossScale: Float) {
    kind = training.optimizer
    weightDecay = training.weightDecay
    self.lossScale = lossScale
    memory = kind.memory.map { _ in Parameters(zerosFor: plan) }
    updates = 0
  }

  /// What the rule remembers under a name, as `momentum`; nil where it remembers nothing such.
  public subscript(name: String) -> Parameters? {
    get { kind.memory.firstIndex { $0.name == name }.map { memory[$0] } }
    set {
      guard let newValue, let index = kind.memory.firstIndex(where: { $0.name == name }) else {
        preconditionFailure("\(kind) remembers no \(name)")
      }
      precondition(
        newValue.specifications == memory[index].specifications, "\(name) of another network")
      memory[index] = newValue
    }
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
    let step = nextStep(learningRate: learningRate)
    updates += 1
    kind.base.update(&parameters, memory: &memory, gradients: gradients, step)
  }

  /// What the rule is told of the batch that comes next.
  package func nextStep(learningRate: Float) -> OptimizerStep {
    OptimizerStep(
      rate: learningRate / lossScale, weightDecay: weightDecay, number: updates + 1)
  }
}
