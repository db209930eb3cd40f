/// Trains a network batch by batch.
///
/// Samples of a batch run in parallel, and so do the sums of their gradients. In which order these are added is stated by
/// a ``ShardPlan``, so that the same seed gives the same bits on any number of threads, and of processes that train together.
/// Used by one thread at a time.
public final class Trainer {
  /// The shapes.
  public let plan: NetworkPlan
  /// Constants of both stages; changing them takes effect with the next batch.
  public var dynamics: Dynamics {
    get { state.dynamics }
    set { state.use(newValue) }
  }
  /// The plan being followed.
  public let training: TrainingPlan
  /// Threads in use; the results do not depend on it.
  public let threads: Int
  /// Weights, optimizer and position as the last batch left them, and the constants in use.
  public private(set) var state: State
  /// What the run has taken so far.
  public private(set) var times: TrainingTimes

  /// Samples of the epoch that were trained on before the trainer began, for a time that is not known.
  private var untimedSamples: Int
  /// Loss of the last test that this trainer made; nil before it.
  private(set) var testLoss: Double?
  /// Where the time of the last batch went.
  package private(set) var lastPhases = PhaseTimes()
  /// Whether ``lastUpdate`` is kept, for which a batch copies the weights and what the optimizer remembers.
  package var keepsUpdates = false
  /// The last batch and what it moved; nil unless it is kept, and before the first batch.
  package private(set) var lastUpdate: BatchUpdate?

  private(set) var trainSet: any SampleSource
  private var testSet: (any SampleSource)?
  private var order: [Int] = []
  private var blocks: BlockPlan
  private var network: BlockNetwork?
  private let runner: BatchRunner
  private let clock = ContinuousClock()

  /// A trainer that goes on from `state`, with its constants.
  ///
  /// - Precondition: the state is of this plan, this update rule and as many samples.
  public convenience init(
    plan: NetworkPlan, training: TrainingPlan, trainSet: any SampleSource,
    testSet: (any SampleSource)?, threads: Int, state: State,
    times: TrainingTimes = TrainingTimes()
  ) {
    self.init(
      plan: plan, training: training, trainSet: trainSet, testSet: testSet, threads: threads,
      state: state, times: times, ranks: OneRank())
  }

  /// The same as one of several processes that train together, which all have the same of everything but threads and times.
  package init(
    plan: NetworkPlan, training: TrainingPlan, trainSet: any SampleSource,
    testSet: (any SampleSource)?, threads: Int, state: State,
    times: TrainingTimes = TrainingTimes(), ranks: any Ranks
  ) {
    precondition(trainSet.count > 0, "an empty training set")
    precondition(
      state.parameters.specifications == plan.parameters
        && state.optimizer.kind == training.optimizer, "a state of another network or optimizer")
    precondition(
      state.isAtEndOfBatch(training: training, of: trainSet.count),
      "\(state.batchesDone) batches, \(state.samplesDone) of \(trainSet.count) samples")
    self.plan = plan
    self.training = training
    self.trainSet = trainSet
    self.testSet = testSet
    self.threads = max(1, threads)
    self.state = state
    self.times = times
    untimedSamples = times.epochElapsed == .zero ? state.samplesDone : 0
    blocks = BlockPlan(plan, leaks: state.dynamics.leaks)
    runner = BatchRunner(ThreadExecutor(threads: threads), ranks: ranks)
    shuffle()
  }

  /// A trainer at the start of its first epoch, with `parameters` to go on from; nil draws fresh ones from the seed.
  public convenience init(
    plan: NetworkPlan, dynamics: Dynamics, training: TrainingPlan, trainSet: any SampleSource,
    testSet: (any SampleSource)?, seed: UInt64, threads: Int, parameters: Parameters? = nil
  ) {
    self.init(
      plan: plan, training: training, trainSet: trainSet, testSet: testSet, threads: threads,
      state: State(
        plan: plan, dynamics: dynamics, training: training, seed: seed, parameters: parameters))
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

  /// Goes to another state of the same run, with its constants.
  ///
  /// - Parameters:
  ///   - state: one that this run has been in, such as a ``Recording`` keeps.
  ///   - trainSet: the same samples, with as many frames as the state's `T_F` where they vary in time.
  ///   - testSet: the same of the test set; nil for none.
  public func go(
    to state: State, trainSet: any SampleSource, testSet: (any SampleSource)?
  ) {
    precondition(
      state.seed == self.state.seed && trainSet.count == self.trainSet.count,
      "a state of another run")
    self.state = state
    self.trainSet = trainSet
    self.testSet = testSet
    testLoss = nil
    lastUpdate = nil
    times.epochElapsed = .zero
    untimedSamples = state.samplesDone
    shuffle()
  }

  /// Indices into the training set of the batch that comes next; empty when the epoch is complete.
  public var nextBatch: [Int] {
    Array(order[samplesDone..<min(samplesDone + training.batch, order.count)])
  }

  /// What ``next()`` has done.
  public enum Step: Sendable {
    /// A batch was trained on.
    case batch(BatchRecord)
    /// An epoch was closed, with its test where there is a test set.
    case epoch(EpochRecord, test: Evaluation?)
  }

  /// Goes on by one step, for ever: a batch or, once every sample of the epoch has been trained on, the end of the epoch.
  public func next() -> Step {
    if !epochIsComplete { return .batch(trainBatch()) }
    let (record, test) = finishEpoch()
    return .epoch(record, test: test)
  }

  /// Trains on the next batch: both stages for each sample, gradients, one update.
  ///
  /// - Precondition: the epoch is not complete.
  public func trainBatch() -> BatchRecord {
    let batch = nextBatch
    precondition(!batch.isEmpty, "the epoch is complete")
    let rate = learningRate
    var record = BatchRecord(
      epoch: epochsDone + 1, batch: batchesDone + 1, learningRate: rate, loss: 0,
      tally: Tally(plan: plan))
    let before = keepsUpdates ? state : nil
    var gradients: Parameters?
    let time = clock.measure {
      let network = packed(usesDropout: true)
      let job = TrainingJob(
        network: network, samples: trainSet, indices: batch,
        seed: state.batchSeed, shards: state.shards)
      let sum = runner.train(job)
      state.update(gradients: sum.gradients, learningRate: rate)
      lastPhases = sum.phases
      record.loss = sum.loss / Double(batch.count)
      record.tally = sum.tally
      if keepsUpdates { gradients = sum.gradients }
    }
    times.elapsed += time
    times.epochElapsed += time
    state.tally.add(record)
    state.batchesDone += 1
    lastUpdate = before.flatMap { before in
      gradients.map {
        BatchUpdate(
          before: before, after: state, gradients: $0, indices: batch, learningRate: rate,
          loss: record.loss)
      }
    }
    return record
  }

  /// Tests the network, closes the epoch and shuffles for the next.
  public func finishEpoch() -> (record: EpochRecord, test: Evaluation?) {
    let rate = training.learningRate.rate(epoch: epochsDone, batch: max(0, batchesDone - 1))
    let trainingTime = times.epochElapsed / .seconds(1)
    let start = clock.now
    let test = testSet.map { evaluate($0) }
    testLoss = test?.loss
    times.elapsed += clock.now - start
    let tally = state.tally
    let timed = tally.samples - untimedSamples
    let record = EpochRecord(
      epoch: epochsDone + 1, learningRate: rate, trainLoss: tally.meanLoss,
      trainAccuracy: tally.counts.accuracy, testLoss: test?.loss, testAccuracy: test?.accuracy,
      forwardRate: tally.counts.forward.rate, backwardRate: tally.counts.backward.rate,
      samplesPerSecond: timed > 0 ? Double(timed) / max(trainingTime, 1e-9) : .nan,
      seconds: times.elapsed / .seconds(1), synapticOperations: tally.synapticOperations,
      testTop5Accuracy: test?.top5Accuracy, testForwardRate: test?.forwardRate,
      meanForwardRate: tally.counts.forward.meanRate,
      meanBackwardRate: tally.counts.backward.meanRate, operations: tally.operations)
    closeEpoch()
    return (record, test)
  }

  /// Goes on to the next epoch, without a test.
  func closeEpoch() {
    state.closeEpoch(plan)
    times.epochElapsed = .zero
    untimedSamples = 0
    shuffle()
  }

  /// The forward stage alone over a whole set, with the weights as they stand.
  public func evaluate(_ samples: any SampleSource) -> Evaluation {
    runner.evaluate(network: packed(usesDropout: false), samples: samples)
  }

  /// The weights as they stand, laid out for the kernels. The network that was packed before is used up.
  private func packed(usesDropout: Bool) -> BlockNetwork {
    if blocks.leaks != dynamics.leaks {
      blocks = BlockPlan(plan, leaks: dynamics.leaks)
      network = nil
    }
    let packed = BlockNetwork(
      blocks, parameters: parameters, dynamics: dynamics, usesDropout: usesDropout,
      reusing: network
    ) { [executor = runner.executor] count, body in executor.forEach(count) { body($1) } }
    network = packed
    return packed
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
