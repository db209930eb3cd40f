extension Trainer {
  /// All that a training goes on from, at the end of any batch: a trainer that begins with it does what the one that
  /// gave it would have done, bit for bit. The order of samples, their augmentation and the dropout follow from the
  /// seed and the position. Plan and samples are not part of it, and have to be the same.
  public struct State: Sendable, Equatable {
    /// Decides everything random.
    public var seed: UInt64
    /// In which order the gradients of a batch are summed.
    public var shards = ShardPlan.standard
    /// The weights.
    public var parameters: Parameters
    /// What the update rule remembers.
    public var optimizer: Optimizer
    /// Epochs completed.
    public var epochsDone = 0
    /// Batches done since the start of the run.
    public var batchesDone = 0
    /// Sums over the epoch that is running; its samples are the position in the epoch.
    public var tally: EpochTally
    /// The constants in use, and those before them.
    public var constants: DynamicsLog {
      didSet { optimizer.lossScale = dynamics.lossScale }
    }

    /// The start of a run.
    public init(
      plan: NetworkPlan, dynamics: Dynamics, training: TrainingPlan, seed: UInt64,
      parameters: Parameters? = nil
    ) {
      self.seed = seed
      self.parameters =
        parameters ?? Parameters(initial: training.initialWeights, plan: plan, seed: seed)
      optimizer = Optimizer(plan: plan, training: training, lossScale: dynamics.lossScale)
      tally = EpochTally(plan: plan)
      constants = DynamicsLog(dynamics)
    }

    /// The constants in use.
    public var dynamics: Dynamics { constants.current }

    /// Goes on with other constants from the next batch on.
    public mutating func use(_ dynamics: Dynamics) {
      if dynamics != self.dynamics { constants.use(dynamics, after: batchesDone) }
    }

    /// Goes on by another plan from the next batch on: another schedule of learning rates, weight decay or number of epochs.
    ///
    /// - Precondition: it has the same update rule.
    public mutating func use(_ training: TrainingPlan) {
      precondition(
        optimizer.kind == training.optimizer, "\(training.optimizer), not \(optimizer.kind)")
      optimizer.weightDecay = training.weightDecay
    }

    /// Moves the weights by one batch.
    mutating func update(gradients: Parameters, learningRate: Float) {
      optimizer.update(&parameters, gradients: gradients, learningRate: learningRate)
    }

    /// Goes on to the next epoch.
    mutating func closeEpoch(_ plan: NetworkPlan) {
      epochsDone += 1
      tally = EpochTally(plan: plan)
    }

    /// Samples done in the epoch that is running.
    public var samplesDone: Int { tally.samples }

    /// Seeds the augmentation and the dropout of the running epoch's samples, each together with its index.
    var batchSeed: UInt64 { Self.batchSeed(of: seed, epochsDone: epochsDone) }

    /// The same of a run by its seed, where so many epochs are over.
    static func batchSeed(of seed: UInt64, epochsDone: Int) -> UInt64 {
      SeededGenerator.stream(seed, 3, UInt64(epochsDone))
    }

    /// Seeds the crop and flip of a training sample in an epoch, after so many others.
    package static func augmentationSeed(of index: Int, seed: UInt64, epochsDone: Int) -> UInt64 {
      TrainingJob.seeds(of: index, batchSeed(of: seed, epochsDone: epochsDone)).augmentation
    }

    /// Whether the position is one at which a batch ends, in a run over `count` samples.
    public func isAtEndOfBatch(training: TrainingPlan, of count: Int) -> Bool {
      guard count > 0, epochsDone >= 0, (0...count).contains(samplesDone) else { return false }
      let batch = training.batch
      let whole = training.batches(of: count)
      let inEpoch = samplesDone == count ? whole : samplesDone / batch
      let (before, overflow) = epochsDone.multipliedReportingOverflow(by: whole)
      return !overflow && (samplesDone == count || samplesDone % batch == 0)
        && batchesDone >= inEpoch && batchesDone - inEpoch == before
    }
  }
}
