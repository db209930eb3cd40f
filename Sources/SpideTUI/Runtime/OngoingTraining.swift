import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// One training on its thread, and what is still to be reported of it.
struct OngoingTraining {
  /// How long training is said to take.
  enum Clock: Sendable {
    /// As long as this machine takes.
    case measured
    /// As at this speed, so that pictures are the same on every machine.
    case madeUp(samplesPerSecond: Double)
  }

  let run: Int
  /// Epochs that it goes on for.
  private(set) var epochsLeft: Int
  var lastReport = ContinuousClock.now
  /// When the last batch was begun; nil before the first.
  private var lastBatch: ContinuousClock.Instant?
  /// Why training is over, once some of its numbers are infinite or none.
  private(set) var divergence: Divergence?
  /// Processor time of the whole process at the last report.
  var processorAtReport = ProcessorTime.ofProcess
  /// Whether the last report says that training is paused, and nothing has been trained since.
  private(set) var isToldStopped = true
  /// Seconds that it has trained for.
  private(set) var seconds: Double
  private let trainer: Trainer
  /// The preset with which it went on last.
  private var preset: Preset
  /// Its epochs, those before it began here included.
  private var epochs: [EpochRecord]
  private let timing: Clock
  private var curves = TrainingCurves()
  /// Changes that took effect here, the last one before it began included.
  private var changes: [TakenChange]
  private var confusion: [[Int]]?
  private var speed = 0.0

  init(run: Int, _ start: TrainingStart, threads: Int, clock timing: Clock = .measured) {
    self.run = run
    self.timing = timing
    trainer = start.trainer(threads: threads)
    preset = start.preset
    changes = [TakenChange(number: start.change, batches: trainer.batchesDone)]
    epochs = start.checkpoint?.epochs ?? []
    seconds = trainer.times.elapsed / .seconds(1)
    let epochs = start.preset.training.epochs
    epochsLeft = trainer.epochsDone < epochs ? epochs - trainer.epochsDone : epochs
  }

  /// Goes on with the constants and samples of an order.
  mutating func use(_ start: TrainingStart) {
    curves.add(
      changeFrom: trainer.dynamics, to: start.dynamics, afterBatch: trainer.batchesDone)
    preset = start.preset
    if start.change != changes.last?.number {
      changes.append(TakenChange(number: start.change, batches: trainer.batchesDone))
    }
    trainer.use(start.dynamics, trainSet: start.data.train, testSet: start.data.test)
  }

  /// When the next batch is due at a pace; nil for at once.
  func nextBatch(at pace: TrainingPace) -> ContinuousClock.Instant? {
    guard let lastBatch, let interval = pace.interval else { return nil }
    return lastBatch + interval
  }

  /// A batch, and the end of the epoch where it was the last of one; a checkpoint may stand between the two.
  ///
  /// - Returns: whether it was the last of all epochs; as many again would follow.
  mutating func trainBatch() -> Bool {
    isToldStopped = false
    let clock = ContinuousClock()
    let began = clock.now
    lastBatch = began
    var taken = 0.0
    while divergence == nil {
      switch trainer.next() {
      case .batch(let record):
        switch timing {
        case .measured:
          let current = Double(record.samples) / max((clock.now - began) / .seconds(1), 1e-9)
          speed = speed == 0 ? current : 0.9 * speed + 0.1 * current
        case .madeUp(let samplesPerSecond):
          speed = samplesPerSecond
          taken += Double(record.samples) / samplesPerSecond
        }
        curves.add(record)
      case .epoch(let epoch, let test):
        curves.add(epoch)
        epochs.append(epoch)
        confusion = test?.confusion
        epochsLeft -= 1
      }
      divergence = trainer.divergence
      if !trainer.epochIsComplete { break }
    }
    if case .measured = timing { taken = (clock.now - began) / .seconds(1) }
    seconds += taken
    guard epochsLeft == 0 else { return false }
    epochsLeft = preset.training.epochs
    return true
  }

  /// Where it stands, to go on from.
  private var checkpoint: Checkpoint {
    Checkpoint(
      preset: preset.recorded, presetDynamics: preset.dynamics, state: trainer.state,
      times: trainer.times, epochs: epochs, trainSamples: trainer.samplesInEpoch,
      version: Program.version)
  }

  /// What has come of it; `isRunning` tells whether it goes on by itself.
  mutating func report(isRunning: Bool) -> TrainingReport {
    isToldStopped = !isRunning
    var report = TrainingReport(
      run: run, parameters: trainer.parameters, checkpoint: divergence == nil ? checkpoint : nil,
      divergence: divergence, curves: curves,
      confusion: confusion, nextBatch: trainer.nextBatch, epochsDone: trainer.epochsDone,
      epochsLeft: epochsLeft, samplesDone: trainer.samplesDone,
      learningRate: trainer.learningRate, samplesPerSecond: speed, seconds: seconds,
      isRunning: isRunning)
    report.changes = changes
    return report
  }
}
