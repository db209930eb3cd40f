import SpideEngine
import Testing

@Suite struct TrainerTests {
  let plan: NetworkPlan
  let dynamics = Dynamics(forwardSteps: 12, backwardSteps: 20, lossScale: 50)
  let training = TrainingPlan(
    epochs: 2, batch: 10, learningRate: LearningRateSchedule(base: 0.1), weightDecay: 5e-4)

  init() throws { plan = try TrainerTests.plan(dropout: 0.3) }

  /// A convolution, a dense link and a feedback onto the feature maps.
  static func plan(dropout: Float) throws -> NetworkPlan {
    try NetworkPlan(
      inputShape: LayerShape(channels: 1, height: 4, width: 4), classes: 3,
      input: Link(
        .convolution(channels: 6, kernel: 3, stride: 1, padding: 1), dropout: dropout),
      links: [
        Link(
          .convolution(channels: 8, kernel: 3, stride: 2, padding: 1), dropout: dropout)
      ],
      feedback: Link(
        .transposedConvolution(channels: 6, kernel: 3, stride: 2, padding: 1, outputPadding: 1),
        hasBias: false, dropout: dropout), feedbackMaxNorm: 2)
  }

  func trainer(
    threads: Int = 1, seed: UInt64 = 5, samples: Int = 24, plan: NetworkPlan? = nil
  ) -> Trainer {
    Trainer(
      plan: plan ?? self.plan, dynamics: dynamics, training: training,
      trainSet: Blobs(count: samples), testSet: Blobs(count: 30, seed: 2), seed: seed,
      threads: threads)
  }

  /// One epoch of 90 samples in batches of 40, 40 and 10 (five shards of eight, and one), with dropout and augmentation.
  func trained(threads: Int, seed: UInt64) -> ([BatchRecord], Parameters, Evaluation?) {
    var training = training
    training.batch = 40
    let trainer = Trainer(
      plan: plan, dynamics: dynamics, training: training, trainSet: Blobs(count: 90),
      testSet: Blobs(count: 70, seed: 2), seed: seed, threads: threads)
    var records: [BatchRecord] = []
    while !trainer.epochIsComplete { records.append(trainer.trainBatch()) }
    let test = trainer.finishEpoch().test
    records.append(trainer.trainBatch())
    return (records, trainer.parameters, test)
  }

  @Test func sameBitsOnAnyNumberOfThreads() {
    let one = trained(threads: 1, seed: 5)
    #expect(one.0.map(\.samples) == [40, 40, 10, 40])
    for threads in [1, 2, 3, 5, 8, 64] {
      let other = trained(threads: threads, seed: 5)
      #expect(one.0 == other.0, "\(threads) threads")
      #expect(one.1 == other.1, "\(threads) threads")
      #expect(one.2 == other.2, "\(threads) threads")
    }
    #expect(one.1 != trained(threads: 1, seed: 6).1, "another seed gives other weights")
  }

  /// A varying input has a frame for each step, so both change at once; the epoch goes on where it was.
  @Test func stepsAndFramesChangeTogether() {
    let trainer = Trainer(
      plan: plan, dynamics: dynamics, training: training, trainSet: Blobs(count: 24, frames: 12),
      testSet: Blobs(count: 30, seed: 2, frames: 12), seed: 5, threads: 2)
    _ = trainer.trainBatch()
    let next = trainer.nextBatch
    var fewer = dynamics
    fewer.forwardSteps = 7
    trainer.use(
      fewer, trainSet: Blobs(count: 24, frames: 7), testSet: Blobs(count: 30, seed: 2, frames: 7))
    #expect(trainer.nextBatch == next && trainer.samplesDone == 10)
    #expect(trainer.trainBatch().loss.isFinite)
    _ = trainer.trainBatch()
    #expect(trainer.finishEpoch().test?.samples == 30)
  }

  /// Steps come as the loops by hand make them: the batches of an epoch, its end, the next epoch's batches.
  @Test func nextGoesThroughEpochs() {
    let (stepped, looped) = (trainer(), trainer())
    for epoch in 1...2 {
      while !looped.epochIsComplete {
        let record = looped.trainBatch()
        guard case .batch(let stepped) = stepped.next() else {
          Issue.record("the epoch ended too early")
          return
        }
        #expect(stepped == record)
      }
      let (record, test) = looped.finishEpoch()
      guard case .epoch(let steppedRecord, let steppedTest) = stepped.next() else {
        Issue.record("epoch \(epoch) does not end")
        return
      }
      #expect(steppedRecord.epoch == epoch && steppedRecord.trainLoss == record.trainLoss)
      #expect(steppedTest == test && test != nil)
    }
    #expect(stepped.parameters == looped.parameters)
  }

  @Test func everyEpochHasEverySampleOnceInAnotherOrder() {
    let trainer = trainer()
    let orders = (0..<2).map { _ in
      var order: [Int] = []
      while !trainer.epochIsComplete {
        order += trainer.nextBatch
        _ = trainer.trainBatch()
      }
      _ = trainer.finishEpoch()
      return order
    }
    #expect(orders.map { $0.sorted() } == [Array(0..<24), Array(0..<24)])
    #expect(orders[0] != orders[1] && orders[0] != Array(0..<24))
    #expect(trainer.batchesInEpoch == 3 && trainer.batchesDone == 6 && trainer.epochsDone == 2)
  }

  /// A batch done by hand, sample after sample. 1e-6: the trainer's shards add the same gradients in another order.
  @Test func batchByHand() throws {
    let plan = try TrainerTests.plan(dropout: 0)
    let trainer = Trainer(
      plan: plan, dynamics: dynamics, training: training, trainSet: Still(), testSet: nil, seed: 3,
      threads: 2)
    let (before, batch) = (trainer.parameters, trainer.nextBatch)
    let record = trainer.trainBatch()

    let network = PackedNetwork(plan: plan, parameters: before, dynamics: dynamics)
    let runs = batch.map {
      SampleRun(
        network: network, input: Still().signal($0), label: Still().label($0), batch: batch.count)
    }
    var sums = Gradients(network: network)
    for run in runs { run.addGradients(to: &sums, network: network) }
    let gradients = sums.parameters(network: network)
    for (index, specification) in before.specifications.enumerated() {
      // From rest: w - (lr / s_c) (grad + wd · w).
      let expected = zip(before.values[index], gradients.values[index]).map { weight, gradient in
        let decayed = Double(gradient) + 5e-4 * Double(weight)
        return Double(weight) - decayed * 0.1 / 50
      }
      #expect(
        distance(trainer.parameters.values[index], expected) < 1e-6, "\(specification.name)")
    }
    #expect(gradients.values.allSatisfy { $0.contains { $0 != 0 } }, "nothing was learnt")

    let count = Double(batch.count)
    let losses = zip(runs, batch).map { Double($0.readout.loss(label: Still().label($1))) }
    #expect(abs(record.loss - losses.reduce(0, +) / count) < 1e-12)
    let right = zip(runs, batch).count { $0.readout.prediction == Still().label($1) }
    #expect(record.accuracy == Double(right) / count)
    // Every spike of every step, counted from the events. A session is a batch of one: its loss scale is divided by hand.
    var divided = dynamics
    divided.lossScale /= Float(batch.count)
    let single = PackedNetwork(plan: plan, parameters: before, dynamics: divided)
    let sessions = batch.map { index in
      var session = Session(
        network: single, input: Still().signal(index), label: Still().label(index))
      session.move(to: session.end)
      return session
    }
    for (layer, shape) in plan.layers.enumerated() {
      func rate(_ spikes: (Session) -> [[SpikeEvents]], steps: Int) -> Double {
        let total = sessions.reduce(0) { $0 + spikes($1)[layer].reduce(0) { $0 + $1.count } }
        #expect(total > 0)
        return Double(total) / Double(batch.count * steps * shape.count)
      }
      #expect(record.forwardRate[layer] == rate(\.forwardSpikes, steps: 12))
      #expect(record.backwardRate[layer] == rate(\.backwardSpikes, steps: 20))
    }
    let operations = runs.reduce(0) {
      $0 + $1.forward.synapticOperations + ($1.backward?.state.synapticOperations ?? 0)
    }
    #expect(record.synapticOperations == operations)
    var tally = Tally(plan: plan)
    for session in sessions { tally += try #require(session.tally) }
    #expect(record.tally == tally)
  }

  @Test func learnsAndReports() throws {
    let trainer = trainer(threads: 2, samples: 120, plan: try TrainerTests.plan(dropout: 0.1))
    let epochs = (0..<8).map { _ in
      var batches: [BatchRecord] = []
      while !trainer.epochIsComplete { batches.append(trainer.trainBatch()) }
      let (record, test) = trainer.finishEpoch()
      let mean = { (value: (BatchRecord) -> Double) in
        batches.reduce(0) { $0 + value($1) * Double($1.samples) } / 120
      }
      #expect(abs(record.trainLoss - mean(\.loss)) < 1e-12)
      #expect(abs(record.trainAccuracy - mean(\.accuracy)) < 1e-12)
      for layer in plan.layers.indices {
        #expect(abs(record.forwardRate[layer] - mean { $0.forwardRate[layer] }) < 1e-12)
        #expect(abs(record.backwardRate[layer] - mean { $0.backwardRate[layer] }) < 1e-12)
      }
      #expect(record.synapticOperations == batches.reduce(0) { $0 + $1.synapticOperations })
      #expect(record.testLoss == test?.loss && record.testAccuracy == test?.accuracy)
      #expect(record.samplesPerSecond > 0)
      return record
    }
    #expect(epochs.map(\.epoch) == Array(1...8))
    #expect(zip(epochs, epochs.dropFirst()).allSatisfy { $0.seconds < $1.seconds })
    #expect(epochs[7].trainLoss < epochs[0].trainLoss / 2, "\(epochs.map(\.trainLoss))")
    let accuracy = try #require(epochs[7].testAccuracy)
    #expect(accuracy > 0.8)
  }

  /// An epoch of which some samples' products are not known, as after an older checkpoint, has no operations by stage; the
  /// next one has.
  @Test func productsThatAreNotKnown() {
    let trainer = trainer(threads: 1, samples: 24)
    _ = trainer.trainBatch()
    var state = trainer.state
    state.tally.samplesWithoutProducts = state.samplesDone
    let next = Trainer(
      plan: plan, training: training, trainSet: Blobs(count: 24), testSet: nil, threads: 1,
      state: state)
    var records: [EpochRecord] = []
    while records.count < 2 {
      if case .epoch(let record, _) = next.next() { records.append(record) }
    }
    #expect(records[0].operations == nil && records[0].meanForwardRate != nil)
    #expect(records[1].operations != nil && records[0].synapticOperations > 0)
  }

  /// Stopped after every batch in turn (at the end of an epoch before and after its test), and taken up by another
  /// trainer with another number of threads: the same records and the same weights, to the bit.
  @Test(arguments: [OptimizerKind.sgd(momentum: 0.9), .adam(beta1: 0.9, beta2: 0.999)])
  func goesOnFromAnyState(_ optimizer: OptimizerKind) {
    var training = training
    training.optimizer = optimizer
    training.learningRate = LearningRateSchedule(base: 0.1, decayAt: [1], warmupBatches: 4)
    func trainer(_ threads: Int, _ state: Trainer.State?) -> Trainer {
      Trainer(
        plan: plan, training: training, trainSet: Blobs(count: 24),
        testSet: Blobs(count: 30, seed: 2), threads: threads,
        state: state
          ?? Trainer.State(plan: plan, dynamics: dynamics, training: training, seed: 5))
    }
    func timeless(_ record: EpochRecord) -> EpochRecord {
      var record = record
      record.seconds = 0
      record.samplesPerSecond = 0
      return record
    }
    /// Two epochs: 2 × (3 batches and a test) make 8 moments to stop at.
    func run(stoppingAt moment: Int?) -> ([EpochRecord], Trainer.State) {
      var current = trainer(1, nil)
      var records: [EpochRecord] = []
      for step in 0..<8 {
        if step == moment { current = trainer(2, current.state) }
        if current.epochIsComplete {
          records.append(timeless(current.finishEpoch().record))
        } else {
          _ = current.trainBatch()
        }
      }
      return (records, current.state)
    }
    let straight = run(stoppingAt: nil)
    #expect(straight.0.map(\.epoch) == [1, 2] && straight.1.parameters.firstNotFinite == nil)
    #expect(straight.1.optimizer.updates == 6)
    for moment in 0..<8 {
      let resumed = run(stoppingAt: moment)
      #expect(resumed.0 == straight.0, "stopped at \(moment)")
      #expect(resumed.1 == straight.1, "stopped at \(moment)")
    }
    #expect(run(stoppingAt: nil).1 != trainer(1, nil).state)
  }

  /// An epoch's record has the learning rate of its last batch, also where that still rises.
  @Test func anEpochHasTheRateOfItsLastBatch() {
    var training = training
    training.learningRate = LearningRateSchedule(base: 0.1, decayAt: [1], warmupBatches: 5)
    let trainer = Trainer(
      plan: plan, dynamics: dynamics, training: training, trainSet: Blobs(count: 24), testSet: nil,
      seed: 1, threads: 1)
    var rates: [[Float]] = []
    for _ in 0..<2 {
      rates.append([])
      while !trainer.epochIsComplete {
        rates[rates.count - 1].append(trainer.trainBatch().learningRate)
      }
      #expect(trainer.finishEpoch().record.learningRate == rates.last?.last)
    }
    // The fifth batch is the last that is not at full rate, or would be: 0.1 · 5/5.
    let (base, decayed): (Float, Float) = (0.1, 0.1 * 0.1)
    #expect(
      rates == [
        [base * (1.0 / 5), base * (2.0 / 5), base * (3.0 / 5)],
        [decayed * (4.0 / 5), decayed, decayed],
      ])
  }

  /// Where the times of the first batches of an epoch are lost, the others tell the speed.
  @Test func speedIsThatOfTimedBatches() {
    func resumed(after batches: Int) -> Trainer {
      let first = trainer()
      for _ in 0..<batches { _ = first.trainBatch() }
      return Trainer(
        plan: plan, training: training, trainSet: Blobs(count: 24), testSet: nil, threads: 1,
        state: first.state)
    }
    let second = resumed(after: 2)
    _ = second.trainBatch()
    let seconds = second.times.epochElapsed / .seconds(1)
    // The last batch has 4 samples.
    #expect(abs(second.finishEpoch().record.samplesPerSecond * seconds - 4) < 1e-9)
    while !second.epochIsComplete { _ = second.trainBatch() }
    let whole = second.times.epochElapsed / .seconds(1)
    #expect(abs(second.finishEpoch().record.samplesPerSecond * whole - 24) < 1e-9)
    #expect(resumed(after: 3).finishEpoch().record.samplesPerSecond.isNaN)
  }

  @Test func statesAreAtTheEndOfABatch() {
    var state = Trainer.State(plan: plan, dynamics: dynamics, training: training, seed: 1)
    func isRight(_ epochs: Int, _ batches: Int, _ samples: Int) -> Bool {
      (state.epochsDone, state.batchesDone, state.tally.samples) = (epochs, batches, samples)
      return state.isAtEndOfBatch(training: training, of: 24)
    }
    #expect(isRight(0, 0, 0) && isRight(0, 1, 10) && isRight(2, 9, 24) && isRight(2, 6, 0))
    for (epochs, batches, samples) in [
      (0, 1, 0), (0, 1, 9), (0, 3, 30), (0, 0, -10), (-1, 0, 0), (2, 6, 10), (Int.max, 3, 0),
    ] {
      #expect(!isRight(epochs, batches, samples), "\(epochs) \(batches) \(samples)")
    }
  }

  /// The norm with which the feedback is used: ‖W‖ up to the limit, never above.
  @Test(arguments: [Float(0.01), 0.5, 1, 30]) func feedbackNorm(_ gain: Float) {
    var parameters = Parameters(initial: .kaiming, plan: plan, seed: 1)
    let weight = (parameters["feedback.weight"] ?? []).map { $0 * gain }
    parameters["feedback.weight"] = weight
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    let norm = dot(weight, weight).squareRoot()
    // Single precision of the factor.
    #expect(abs(norm * Double(network.feedbackFactor) - min(norm, 2)) < 1e-6)
  }

  /// The loss scale multiplies the loss and divides the learning rate; changed in between, both must follow.
  @Test func lossScaleMayChangeBetweenBatches() {
    let (changed, fresh) = (trainer(), trainer())
    changed.dynamics.lossScale = 80
    #expect(fresh.trainBatch() != changed.trainBatch())
    var dynamics = self.dynamics
    dynamics.lossScale = 80
    let other = Trainer(
      plan: plan, dynamics: dynamics, training: training, trainSet: Blobs(count: 24), testSet: nil,
      seed: 5, threads: 1)
    _ = other.trainBatch()
    #expect(other.parameters == changed.parameters)
  }
}

/// ``Blobs`` that do not move, so that a batch can be repeated by hand.
/// ``Blobs`` that are the same whenever they are read.
struct Still: SampleSource {
  let blobs = Blobs(count: 24)
  var count: Int { blobs.count }
  var shape: LayerShape { blobs.shape }
  var classNames: [String] { blobs.classNames }
  var frames: Int { 1 }
  func label(_ index: Int) -> Int { blobs.label(index) }
  func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
    blobs.read(index, augmentation: nil, into: &buffer)
  }
}
