/// How a network is trained: everything of a preset's `training` section but the loss scale.
public struct TrainingPlan: Hashable, Sendable {
  /// Passes over the training set.
  public var epochs: Int
  /// Samples whose gradients are averaged for one update.
  public var batch: Int
  /// What turns gradients into steps.
  public var optimizer: OptimizerKind
  /// How long the steps are.
  public var learningRate: LearningRateSchedule
  /// `wd`; the effective decay is `wd / s_c` (TheMethod.md, "SGD").
  public var weightDecay: Float
  /// How weights begin.
  public var initialWeights: InitialWeights

  /// A plan.
  public init(
    epochs: Int, batch: Int, optimizer: OptimizerKind = .standard,
    learningRate: LearningRateSchedule, weightDecay: Float = 0,
    initialWeights: InitialWeights = .kaiming
  ) {
    self.epochs = epochs
    self.batch = batch
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.initialWeights = initialWeights
  }

  /// Batches in one pass over `count` samples, of which there are some.
  public func batches(of count: Int) -> Int { (count - 1) / batch + 1 }
}

/// The learning rate over epochs and batches.
public struct LearningRateSchedule: Hashable, Sendable {
  /// Rate of the first epoch, before the loss scale divides it.
  public var base: Float
  /// Epochs (counted from 0, ascending) from which on the rate is multiplied once more by ``decayBy``.
  public var decayAt: [Int]
  /// Factor of each decay.
  public var decayBy: Float
  /// Batches over which the rate rises linearly from near 0 to its value; 0 for none.
  public var warmupBatches: Int

  /// A schedule; without more, a constant rate.
  public init(base: Float, decayAt: [Int] = [], decayBy: Float = 0.1, warmupBatches: Int = 0) {
    self.base = base
    self.decayAt = decayAt
    self.decayBy = decayBy
    self.warmupBatches = warmupBatches
  }

  /// The rate for batch `batch` (counted from 0 over the whole run) in epoch `epoch` (from 0).
  public func rate(epoch: Int, batch: Int) -> Float {
    var rate = base
    for boundary in decayAt where epoch >= boundary { rate *= decayBy }
    if batch < warmupBatches { rate *= Float(batch + 1) / Float(warmupBatches) }
    return rate
  }
}

/// The rule that draws weights before training (TheMethod.md, "Initial weights").
public enum InitialWeights: String, Hashable, Sendable, CaseIterable {
  /// Normal, standard deviation `sqrt(2 / fan_in)`.
  case kaiming
  /// Uniform in -1 … 1, then every output filter scaled to length 1.
  case unit
}
