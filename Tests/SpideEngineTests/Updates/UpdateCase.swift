import SpideEngine
import Testing

/// A training whose updates are looked into.
struct UpdateCase: CustomTestStringConvertible {
  let testDescription: String
  let plan: NetworkPlan
  let dynamics: Dynamics
  let training: TrainingPlan
  /// Frames of a sample: 1 for a constant input.
  let frames: Int

  /// Whether spikes are counted without a leak, so that sums of their products are whole numbers.
  var countsWholeNumbers: Bool { dynamics.forward.leak == 1 && dynamics.backward.leak == 1 }

  var samples: Blobs { Blobs(count: 40, frames: frames) }

  private init(
    _ name: String, _ plan: NetworkPlan, _ optimizer: OptimizerKind, leak: Float = 1,
    frames: Int = 1
  ) {
    testDescription = name
    self.plan = plan
    self.frames = frames
    dynamics = Dynamics(
      forward: NeuronParameters(leak: leak), forwardSteps: 12, backwardSteps: 20, lossScale: 50)
    training = TrainingPlan(
      epochs: 2, batch: 20, optimizer: optimizer,
      learningRate: LearningRateSchedule(base: 0.1, warmupBatches: 8), weightDecay: 0.02)
  }

  /// SGD and Adam, dropout and none, a feedback norm that binds and one that does not, constant and varying input, with and
  /// without a leak, dense links, convolutions and a transposed one.
  static func all() throws -> [UpdateCase] {
    func dense(dropout: Float) throws -> NetworkPlan {
      try NetworkPlan(
        inputShape: LayerShape(channels: 1, height: 4, width: 4), classes: 3,
        input: Link(.dense(units: 10), dropout: dropout),
        links: [Link(.dense(units: 7), dropout: dropout)],
        feedback: Link(.dense(units: 10), dropout: dropout), feedbackMaxNorm: 0.5)
    }
    let (sgd, adam) = (
      OptimizerKind.sgd(momentum: 0.9), OptimizerKind.adam(beta1: 0.9, beta2: 0.999)
    )
    return [
      UpdateCase("dense, SGD", try dense(dropout: 0), sgd),
      UpdateCase("dense, Adam, dropout", try dense(dropout: 0.3), adam),
      UpdateCase("dense, SGD, leak", try dense(dropout: 0), sgd, leak: 0.9),
      UpdateCase("convolutions, SGD", try TrainerTests.plan(dropout: 0), sgd),
      UpdateCase("convolutions, SGD, dropout", try TrainerTests.plan(dropout: 0.3), sgd),
      UpdateCase("convolutions, Adam, frames", try TrainerTests.plan(dropout: 0), adam, frames: 12),
    ]
  }

  func trainer(threads: Int = 1) -> Trainer {
    Trainer(
      plan: plan, dynamics: dynamics, training: training, trainSet: samples, testSet: nil, seed: 5,
      threads: threads)
  }

  /// The third update, which is the first of an epoch.
  func update(threads: Int = 1) throws -> BatchUpdate {
    let trainer = trainer(threads: threads)
    trainer.keepsUpdates = true
    for _ in 0..<2 { _ = trainer.trainBatch() }
    _ = trainer.finishEpoch()
    _ = trainer.trainBatch()
    return try #require(trainer.lastUpdate)
  }

  /// Some weights of every parameter: the first and the last, those that moved most, and others.
  func weights(_ account: UpdateAccount) -> [WeightIndex] {
    var draw = Draw(3)
    return plan.parameters.enumerated().flatMap { number, specification in
      let indices =
        [0, specification.count - 1]
        + account.parameters[number].largest.prefix(3).map(\.weight.index)
        + (0..<4).map { _ in draw.integer(0...specification.count - 1) }
      return Set(indices).sorted().map { WeightIndex(parameter: number, index: $0) }
    }
  }

  func account(of weight: WeightIndex, _ update: BatchUpdate, threads: Int = 1) throws
    -> WeightAccount
  {
    try #require(
      WeightAccount(weight, of: update, plan: plan, samples: samples, threads: threads))
  }
}
