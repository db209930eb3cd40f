/// Trains a network batch by batch.
///
/// Samples of a batch run in parallel. A batch is cut into a fixed number of shards; each shard sums its samples'
/// gradients in order, and the shards are added in order, so that the same seed gives the same bits on any number of
/// threads. Used by one thread at a time.
public final class Trainer {
  /// The shapes.
  public let plan: NetworkPlan
  /// Constants of both stages; changing them takes effect with the next batch.
  public var dynamics: Dynamics {
    didSet { optimizer.lossScale = dynamics.lossScale }
  }
  /// The plan being followed.
  public let training: TrainingPlan
  /// Decides everything random.
  public let seed: UInt64
  /// Threads in use; the results do not depend on it.
  public let threads: Int
  /// The weights as they stand.
  public private(set) var parameters: Parameters
  /// Epochs completed.
  public private(set) var epochsDone = 0
  /// Batches done since the start of the run.
  public private(set) var batchesDone = 0
  /// Samples done in the epoch that is running.
  public private(set) var samplesDone = 0

  /// Where the time of the last batch went.
  package private(set) var lastPhases = PhaseTimes()

  private var trainSet: any SampleSource
  private var testSet: (any SampleSource)?
  private var optimizer: Optimizer
  private var order: [Int] = []
  private let pool: ShardPool
  private var tally: EpochTally
  private let clock = ContinuousClock()
  private var elapsed = Duration.zero

  /// A trainer at the start of its first epoch.
  ///
  /// - Parameters:
  ///   - parameters: weights to go on from; nil draws fresh ones from the seed.
  public init(
    plan: NetworkPlan, dynamics: Dynamics, training: TrainingPlan, trainSet: any SampleSource,
    testSet: (any SampleSource)?, seed: UInt64, threads: Int, parameters: Parameters? = nil
  ) {
    precondition(trainSet.count > 0, "an empty training set")
    self.plan = plan
    self.dynamics = dynamics
    self.training = training
    self.trainSet = trainSet
    self.testSet = testSet
    self.seed = seed
    self.threads = max(1, threads)
    self.parameters =
      parameters ?? Parameters(initial: training.initialWeights, plan: plan, seed: seed)
    optimizer = Optimizer(plan: plan, training: training, lossScale: dynamics.lossScale)
    pool = ShardPool(threads: self.threads)
    tally = EpochTally(layers: plan.layers.count)
    shuffle()
  }

  /// Goes on with other constants and with the same samples, which have another number of frames where they vary in
  /// time and `T_F` is another.
  public func use(
    _ dynamics: Dynamics, trainSet: any SampleSource, testSet: (any SampleSource)?
  ) {
    precondition(
      trainSet.count == self.trainSet.count, "\(trainSet.count) samples, not the same ones")
    self.dynamics = dynamics
    self.trainSet = trainSet
    self.testSet = testSet
  }

  /// Samples in one pass.
  public var samplesInEpoch: Int { trainSet.count }

  /// Batches in one pass.
  public var batchesInEpoch: Int { (trainSet.count + training.batch - 1) / training.batch }

  /// Whether every sample of the epoch has been trained on, so that ``finishEpoch()`` is due.
  public var epochIsComplete: Bool { samplesDone >= trainSet.count }

  /// Indices into the training set of the batch that comes next; empty when the epoch is complete.
  public var nextBatch: [Int] {
    Array(order[samplesDone..<min(samplesDone + training.batch, order.count)])
  }

  /// The rate that the next batch will use, before the loss scale divides it.
  public var learningRate: Float {
    training.learningRate.rate(epoch: epochsDone, batch: batchesDone)
  }

  /// Trains on the next batch: both stages for each sample, gradients, one update.
  ///
  /// - Precondition: the epoch is not complete.
  public func trainBatch() -> BatchRecord {
    let batch = nextBatch
    precondition(!batch.isEmpty, "the epoch is complete")
    let rate = learningRate
    var record = BatchRecord(
      epoch: epochsDone + 1, batch: batchesDone + 1, learningRate: rate, loss: 0, accuracy: 0,
      forwardRate: [], backwardRate: [], synapticOperations: 0, samples: batch.count)
    elapsed += clock.measure {
      let network = BlockNetwork(
        plan: plan, parameters: parameters, dynamics: dynamics, usesDropout: true)
      let job = TrainingJob(
        network: network, samples: trainSet, indices: batch,
        seed: SeededGenerator.stream(seed, 3, UInt64(epochsDone)))
      let sum = pool.train(job)
      optimizer.update(&parameters, gradients: sum.gradients, learningRate: rate)
      lastPhases = sum.tally.phases
      record.loss = sum.tally.loss / Double(batch.count)
      record.accuracy = Double(sum.tally.correct) / Double(batch.count)
      record.forwardRate = sum.tally.forwardRate(plan: plan, dynamics: dynamics)
      record.backwardRate = sum.tally.backwardRate(plan: plan, dynamics: dynamics)
      record.synapticOperations = sum.tally.synapticOperations
    }
    tally.add(record)
    samplesDone += batch.count
    batchesDone += 1
    return record
  }

  /// Tests the network, closes the epoch and shuffles for the next.
  public func finishEpoch() -> (record: EpochRecord, test: Evaluation?) {
    let rate = training.learningRate.rate(epoch: epochsDone, batch: max(0, batchesDone - 1))
    let trainingTime = tally.elapsed(upTo: elapsed)
    let start = clock.now
    let test = testSet.map { evaluate($0) }
    elapsed += clock.now - start
    let record = EpochRecord(
      epoch: epochsDone + 1, learningRate: rate, trainLoss: tally.meanLoss,
      trainAccuracy: tally.meanAccuracy, testLoss: test?.loss, testAccuracy: test?.accuracy,
      forwardRate: tally.meanForwardRate, backwardRate: tally.meanBackwardRate,
      samplesPerSecond: Double(tally.samples) / max(trainingTime, 1e-9),
      seconds: elapsed / .seconds(1), synapticOperations: tally.synapticOperations)
    epochsDone += 1
    samplesDone = 0
    tally = EpochTally(layers: plan.layers.count, startedAt: elapsed)
    shuffle()
    return (record, test)
  }

  /// The forward stage alone over a whole set, with the weights as they stand.
  public func evaluate(_ samples: any SampleSource) -> Evaluation {
    let network = BlockNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    return pool.evaluate(network: network, samples: samples)
  }

  private func shuffle() {
    var generator = SeededGenerator(
      seed: SeededGenerator.stream(seed, 2, UInt64(epochsDone)))
    order = Array(0..<trainSet.count)
    for index in order.indices.reversed() where index > 0 {
      order.swapAt(index, generator.below(index + 1))
    }
  }
}

/// Sums over the batches of one epoch.
private struct EpochTally {
  private(set) var samples = 0
  private(set) var synapticOperations = 0
  private var loss = 0.0
  private var correct = 0.0
  private var forward: [Double]
  private var backward: [Double]
  private let startedAt: Duration

  init(layers: Int, startedAt: Duration = .zero) {
    forward = [Double](repeating: 0, count: layers)
    backward = forward
    self.startedAt = startedAt
  }

  mutating func add(_ record: BatchRecord) {
    let weight = Double(record.samples)
    samples += record.samples
    synapticOperations += record.synapticOperations
    loss += record.loss * weight
    correct += record.accuracy * weight
    for layer in forward.indices {
      forward[layer] += record.forwardRate[layer] * weight
      backward[layer] += record.backwardRate[layer] * weight
    }
  }

  private var count: Double { Double(max(1, samples)) }
  var meanLoss: Double { loss / count }
  var meanAccuracy: Double { correct / count }
  var meanForwardRate: [Double] { forward.map { $0 / count } }
  var meanBackwardRate: [Double] { backward.map { $0 / count } }
  func elapsed(upTo now: Duration) -> Double { (now - startedAt) / .seconds(1) }
}
