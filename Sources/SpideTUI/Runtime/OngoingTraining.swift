import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// One training on its thread, what is recorded of it, and what is still to be reported.
struct OngoingTraining {
  /// How long training is said to take.
  enum Clock: Sendable {
    /// As long as this machine takes.
    case measured
    /// As at this speed, so that pictures are the same on every machine.
    case madeUp(samplesPerSecond: Double)
  }

  private(set) var run: Int
  /// Epochs that it goes on for.
  var epochsLeft: Int
  var lastReport = ContinuousClock.now
  /// When the last batch was begun; nil before the first.
  private var lastBatch: ContinuousClock.Instant?
  /// Why training is over, once some of its numbers are infinite or none.
  var divergence: Divergence?
  /// Processor time of the whole process at the last report.
  var processorAtReport = ProcessorTime.ofProcess
  /// Whether the last report says that training is paused, and nothing has been trained since.
  private(set) var isToldStopped = true
  /// Seconds that it has trained for.
  private(set) var seconds: Double
  private(set) var trainer: Trainer
  private let threads: Int
  /// What it goes on with: of the last order.
  private(set) var preset: Preset
  private(set) var data: DataSplit
  /// What is recorded, to go back to, and what that has come to.
  var recording: Recording
  var course: TrainedCourse
  /// Counts the ways that were left for another one.
  private var way: Int
  private var stops: [Breakpoint]
  /// Those of them that held after the last batch.
  private(set) var hits: [StopHit] = []
  private let timing: Clock
  /// Changes that took effect here, the last one before it began included.
  var changes: [TakenChange]
  private var speed = 0.0
  /// The last journey to another update.
  var journey: Journey?
  /// Where the one that is not over began.
  var departure: Departure?

  init(
    _ start: TrainingStart, threads: Int, budget: Int = Recording.budget,
    clock timing: Clock = .measured
  ) {
    run = start.run
    self.timing = timing
    self.threads = threads
    trainer = start.trainer(threads: threads)
    preset = start.preset
    data = start.data
    way = start.way
    stops = start.stops
    changes = [TakenChange(number: start.change, batches: trainer.batchesDone)]
    recording = Recording(from: trainer.state, budget: budget)
    seconds = trainer.times.elapsed / .seconds(1)
    course = TrainedCourse(
      epochs: start.checkpoint?.epochs ?? [], from: trainer.state, seconds: seconds)
    epochsLeft = 0
    epochsLeft = epochsToGo
  }

  /// Goes on as the run of another order, from a state of this one.
  mutating func begin(_ start: TrainingStart, state: Trainer.State) {
    run = start.run
    (preset, data, stops, way) = (start.preset, start.data, start.stops, start.way)
    renew(state: state)
    changes = [TakenChange(number: start.change, batches: state.batchesDone)]
    (journey, hits, lastBatch) = (nil, [], nil)
    use(start)
    epochsLeft = epochsToGo
  }

  /// Has a trainer of its own, which shares nothing with another run's.
  mutating func renew(state: Trainer.State) {
    let data = data.with(forwardSteps: state.dynamics.forwardSteps)
    trainer = Trainer(
      plan: preset.network, training: preset.training, trainSet: data.train, testSet: data.test,
      threads: trainer.threads, state: state, times: trainer.times)
  }

  /// The preset's epochs that are not done; beyond them as many again.
  var epochsToGo: Int {
    let epochs = preset.training.epochs
    return trainer.epochsDone < epochs ? epochs - trainer.epochsDone : epochs
  }

  /// Whether it stands on what is recorded, before its end.
  var isBehind: Bool { trainer.batchesDone < recording.last }

  /// Goes on with the constants and samples of an order. What is recorded keeps its own, unless the order leaves it for
  /// another way.
  mutating func use(_ start: TrainingStart) {
    preset = start.preset
    data = start.data
    stops = start.stops
    trainer.keepsUpdates = start.tellsUpdates
    if start.change != changes.last?.number {
      changes.append(TakenChange(number: start.change, batches: trainer.batchesDone))
    }
    if start.way != way {
      way = start.way
      recording = recording.fork(at: trainer.batchesDone)
      course.cut(at: trainer.state)
    }
    guard !isBehind, !start.follows else { return }
    course.add(
      changeFrom: trainer.dynamics, to: start.dynamics, afterBatch: trainer.batchesDone)
    trainer.use(start.dynamics, trainSet: start.data.train, testSet: start.data.test)
  }

  /// Makes ready for the next batch that is recorded, or for what comes after the last.
  func prepare() {
    recording.prepare(trainer) { steps in
      let data = data.with(forwardSteps: steps)
      return (data.train, data.test)
    }
  }

  /// When the next batch is due at a pace; nil for at once.
  func nextBatch(at pace: TrainingPace) -> ContinuousClock.Instant? {
    guard let lastBatch, let interval = pace.interval else { return nil }
    return lastBatch + interval
  }

  /// A batch, and the end of the epoch where it was the last of one; a checkpoint may stand between the two. One that is
  /// recorded is trained again to the same bits, and the test after it is known.
  ///
  /// - Returns: whether it was the last of all epochs; as many again would follow.
  mutating func trainBatch() -> Bool {
    isToldStopped = false
    let clock = ContinuousClock()
    let began = clock.now
    lastBatch = began
    var taken = 0.0
    let epochs = trainer.epochsDone
    let dynamics = trainer.dynamics
    var steps: [Trainer.Step] = []
    if isBehind {
      let record = trainer.trainBatch()
      taken = measure(record, since: began)
      steps.append(.batch(record))
      prepare()
      if trainer.epochsDone > epochs, let epoch = course.epoch(trainer.epochsDone) {
        steps.append(.epoch(epoch, test: nil))
      }
    } else {
      // A batch that diverged is trained anew.
      if let last = course.curves.batch, last.batch > trainer.batchesDone, divergence == nil {
        course.cut(at: trainer.state)
      }
      while divergence == nil {
        let step = trainer.next()
        steps.append(step)
        switch step {
        case .batch(let record):
          taken += measure(record, since: began)
          course.add(record, seconds: isMeasured ? (clock.now - began) / .seconds(1) : taken)
        case .epoch(let epoch, let test):
          course.add(epoch, confusion: test?.confusion)
        }
        divergence = trainer.divergence
        if !trainer.epochIsComplete { break }
      }
      if divergence == nil { recording.record(trainer.state) }
    }
    let cosines = stops.askForCosines && divergence == nil ? cosines() : [:]
    hits = stops.held(by: steps, cosines: cosines, dynamics)
    if isMeasured { taken = (clock.now - began) / .seconds(1) }
    seconds += taken
    epochsLeft -= trainer.epochsDone - epochs
    guard epochsLeft == 0 else { return false }
    epochsLeft = preset.training.epochs
    return true
  }

  /// How near the gradient of each parameter is to the exact one, with the weights as they stand: what the gradient screen
  /// shows of as many samples.
  private func cosines() -> [String: Double] {
    let source = data.test.count > 0 ? data.test : data.train
    let network = PackedNetwork(
      plan: preset.network, parameters: trainer.parameters, dynamics: trainer.dynamics)
    let found = GradientInspection(
      network: network, samples: source, indices: 0..<min(Inspections.fewSamples, source.count),
      batch: preset.training.batch, threads: threads)
    let pairs = (found?.parameters ?? []).compactMap { error in
      error.cosine.map { (error.name, $0) }
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  private var isMeasured: Bool {
    if case .measured = timing { return true }
    return false
  }

  /// Takes in how fast a batch was; returns the seconds that it is made up to have taken.
  private mutating func measure(
    _ record: BatchRecord, since began: ContinuousClock.Instant
  ) -> Double {
    switch timing {
    case .measured:
      let passed = max((ContinuousClock.now - began) / .seconds(1), 1e-9)
      let current = Double(record.samples) / passed
      speed = speed == 0 ? current : 0.9 * speed + 0.1 * current
      return 0
    case .madeUp(let samplesPerSecond):
      speed = samplesPerSecond
      return Double(record.samples) / samplesPerSecond
    }
  }

  /// Where it stands, to go on from.
  private var checkpoint: Checkpoint {
    Checkpoint(
      preset: preset.recorded, presetDynamics: preset.dynamics, state: trainer.state,
      times: trainer.times, epochs: Array(course.epochs.prefix(trainer.epochsDone)),
      trainSamples: trainer.samplesInEpoch, version: Program.version)
  }

  /// What has come of it, and where it stands; `isRunning` tells whether it goes on by itself.
  ///
  /// - Parameter looksBack: whether it has what the last batch did and what is recorded, where these are wanted.
  mutating func report(isRunning: Bool, looksBack: Bool = true) -> TrainingReport {
    isToldStopped = !isRunning
    let epochs = trainer.epochsDone
    var report = TrainingReport(
      run: run, parameters: trainer.parameters, checkpoint: divergence == nil ? checkpoint : nil,
      divergence: divergence, curves: course.curves,
      confusion: course.confusion(epochs), nextBatch: trainer.nextBatch, epochsDone: epochs,
      epochsLeft: epochsLeft, samplesDone: trainer.samplesDone,
      learningRate: trainer.learningRate, samplesPerSecond: speed, seconds: seconds,
      isRunning: isRunning)
    report.changes = changes
    report.hits = hits
    report.batchesDone = trainer.batchesDone
    report.dynamics = trainer.dynamics
    report.epoch = course.epoch(epochs)
    report.bestAccuracy = course.bestAccuracy(epochs)
    report.recorded = RecordedPart(recording)
    report.journey = journey
    guard looksBack else { return report }
    report.update = divergence == nil ? updateAccount(isRunning: isRunning) : nil
    report.recording = isRunning ? nil : recording
    return report
  }

  /// What the last batch did, where that is kept. Where training stands the batch is tested with the new weights too.
  private func updateAccount(isRunning: Bool) -> UpdateAccount? {
    guard let update = trainer.lastUpdate, update.number == trainer.batchesDone,
      var account = UpdateAccount(update)
    else { return nil }
    if !isRunning {
      let samples = data.with(forwardSteps: update.before.dynamics.forwardSteps).train
      account.lossAfter = update.lossAfter(
        plan: preset.network, samples: samples, threads: trainer.threads)
    }
    return account
  }

  /// What stopped it is of another place.
  mutating func leaveHits() { hits = [] }

  /// Says that where it stands has not been reported.
  mutating func mustReport() { isToldStopped = false }
}
