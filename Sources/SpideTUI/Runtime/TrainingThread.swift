import Dispatch
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// Trains on a thread of its own and tells what came of it, no more often than a screen can use.
///
/// A report copies nothing by itself: weights are values, and only the batch after a report pays for a copy. But its
/// reader runs a sample with the new weights, which takes a processor from training: ``ReportPace`` bounds that.
package final class TrainingThread: Sendable {
  private enum Goal: Sendable {
    case stop
    case oneBatch
    case run
  }

  private struct Control: Sendable {
    /// Counts the trainings that were discarded.
    var run = 0
    var goal = Goal.stop
    var start: TrainingStart?
    var pace = ReportPace()
  }

  private let control = Guarded(Control())
  private let ordered = DispatchSemaphore(value: 0)
  private let threads: Int
  private let publish: @Sendable (TrainingReport) -> Void

  /// A thread that waits for orders. `publish` is called from it.
  package init(threads: Int, publish: @escaping @Sendable (TrainingReport) -> Void) {
    self.threads = threads
    self.publish = publish
    let thread = Thread { self.work() }
    thread.name = "training"
    thread.start()
  }

  /// Takes an order; what comes of it is published.
  package func take(_ order: TrainingOrder) {
    control.withLock { control in
      switch order {
      case .run(let start):
        control.start = start
        control.goal = .run
      case .oneBatch(let start):
        control.start = start
        control.goal = .oneBatch
      case .pause: control.goal = .stop
      case .discard:
        control.goal = .stop
        control.run += 1
      }
    }
    ordered.signal()
  }

  /// Tells how much processor time the reader of a report spent on it, drawing included.
  func readerTook(_ duration: Duration) {
    control.withLock { $0.pace.readerTime = duration }
  }

  private func work() {
    let clock = ContinuousClock()
    var training: Training?
    while true {
      let now = control.withLock { $0 }
      guard now.goal != .stop, let start = now.start else {
        if var stopped = training, stopped.run == now.run, !stopped.isToldStopped {
          stopped.report(isRunning: false, publish)
          training = stopped
        }
        ordered.wait()
        continue
      }
      var current: Training
      if let known = training, known.run == now.run {
        current = known
      } else {
        current = Training(run: now.run, start, threads: threads)
      }
      // The only copy, so that curves grow in place.
      training = nil
      current.use(start)
      current.trainBatch(clock)
      let isFinished = current.epochsLeft == 0
      if isFinished { current.epochsLeft = start.preset.training.epochs }
      if now.goal == .oneBatch || isFinished || start.data.failure != nil
        || current.divergence != nil
      {
        control.withLock { control in
          if control.run == now.run { control.goal = .stop }
        }
      } else if now.pace.isDue(
        after: clock.now - current.lastReport,
        processor: ProcessorTime.ofProcess - current.processorAtReport)
      {
        current.report(isRunning: true, publish)
        current.lastReport = clock.now
        current.processorAtReport = ProcessorTime.ofProcess
      }
      training = current
    }
  }
}

/// One training and what has not been told of it yet.
private struct Training {
  let run: Int
  let trainer: Trainer
  var epochsLeft: Int
  var lastReport: ContinuousClock.Instant
  /// Why training is over, once its numbers have left what can be computed with.
  private(set) var divergence: Divergence?
  /// What the process had used of processors at the last report.
  var processorAtReport = ProcessorTime.ofProcess
  /// Whether the last report says that it stands, and nothing has been trained since.
  private(set) var isToldStopped = true
  /// The preset with which it went on last.
  private var preset: Preset
  /// Its epochs, those before it began here included.
  private var epochs: [EpochRecord]
  private var curves = TrainingCurves()
  private var confusion: [[Int]]?
  private var seconds = 0.0
  private var speed = 0.0

  init(run: Int, _ start: TrainingStart, threads: Int) {
    self.run = run
    trainer = start.trainer(threads: threads)
    preset = start.preset
    epochs = start.checkpoint?.epochs ?? []
    seconds = trainer.times.elapsed / .seconds(1)
    let epochs = start.preset.training.epochs
    epochsLeft = trainer.epochsDone < epochs ? epochs - trainer.epochsDone : epochs
    lastReport = .now
  }

  /// Goes on with the constants and samples of an order.
  mutating func use(_ start: TrainingStart) {
    curves.add(
      changeFrom: trainer.dynamics, to: start.dynamics, afterBatch: trainer.batchesDone)
    preset = start.preset
    trainer.use(start.dynamics, trainSet: start.data.train, testSet: start.data.test)
  }

  /// A batch, and the end of the epoch where it was the last of one; a checkpoint may stand between the two.
  mutating func trainBatch(_ clock: ContinuousClock) {
    isToldStopped = false
    let began = clock.now
    while divergence == nil {
      switch trainer.next() {
      case .batch(let record):
        let current = Double(record.samples) / max((clock.now - began) / .seconds(1), 1e-9)
        speed = speed == 0 ? current : 0.9 * speed + 0.1 * current
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
    seconds += (clock.now - began) / .seconds(1)
  }

  /// Where it stands, to go on from.
  private var checkpoint: Checkpoint {
    Checkpoint(
      preset: preset.recorded, presetDynamics: preset.dynamics, state: trainer.state,
      times: trainer.times, epochs: epochs, trainSamples: trainer.samplesInEpoch,
      version: Program.version)
  }

  mutating func report(isRunning: Bool, _ publish: (TrainingReport) -> Void) {
    publish(
      TrainingReport(
        run: run, parameters: trainer.parameters, checkpoint: divergence == nil ? checkpoint : nil,
        divergence: divergence, curves: curves,
        confusion: confusion, nextBatch: trainer.nextBatch, epochsDone: trainer.epochsDone,
        epochsLeft: epochsLeft,
        samplesDone: trainer.samplesDone, learningRate: trainer.learningRate,
        samplesPerSecond: speed, seconds: seconds, isRunning: isRunning))
    isToldStopped = !isRunning
  }
}
