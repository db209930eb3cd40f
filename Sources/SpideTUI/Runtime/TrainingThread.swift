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
    /// So many batches, or nil for all of the preset's epochs.
    case train(batches: Int?)

    var isStop: Bool {
      if case .stop = self { return true }
      return false
    }
  }

  private struct Control: Sendable {
    /// Counts the trainings that were discarded.
    var run = 0
    var goal = Goal.stop
    var start: TrainingStart?
    /// Whether a pause has not been answered.
    var isPaused = false
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
        control.goal = .train(batches: nil)
      case .batches(let count, let start):
        control.start = start
        control.goal = .train(batches: count)
      case .use(let start): control.start = start
      case .pause:
        control.goal = .stop
        control.isPaused = true
      case .discard:
        control.goal = .stop
        control.isPaused = false
        control.run += 1
      }
    }
    ordered.signal()
  }

  /// Tells how much processor time the reader of a report spent on it, drawing included.
  func readerTook(_ duration: Duration) {
    control.withLock { $0.pace.readerTime = duration }
  }

  /// Reports that training is paused, where the last report does not say so or a pause has been asked for.
  private func answer(_ now: Control, _ training: inout OngoingTraining?) {
    let isAsked = control.withLock { control in
      defer { if control.run == now.run { control.isPaused = false } }
      return control.run == now.run && control.isPaused
    }
    if training?.run != now.run {
      guard isAsked, let start = now.start else { return }
      training = OngoingTraining(run: now.run, start, threads: threads)
    }
    guard var stopped = training, isAsked || !stopped.isToldStopped else { return }
    publish(stopped.report(isRunning: false))
    training = stopped
  }

  private func work() {
    let clock = ContinuousClock()
    var training: OngoingTraining?
    while true {
      let now = control.withLock { $0 }
      guard !now.goal.isStop, let start = now.start else {
        answer(now, &training)
        ordered.wait()
        continue
      }
      if let training, training.run == now.run, let due = training.nextBatch(at: start.pace),
        clock.now < due
      {
        // Unless an order comes before.
        _ = ordered.wait(timeout: .now() + (due - clock.now) / .seconds(1))
        continue
      }
      var current: OngoingTraining
      if let known = training, known.run == now.run {
        current = known
      } else {
        current = OngoingTraining(run: now.run, start, threads: threads)
      }
      // `current` is then the only copy, whose arrays of curves grow in place.
      training = nil
      current.use(start)
      let isFinished = current.trainBatch()
      let isOver = start.data.failure != nil || current.divergence != nil
      let goesOn = control.withLock { control in
        // Unless another order has come during the batch.
        if control.run == now.run, case .train(let batches) = control.goal {
          let left = batches.map { $0 - 1 }
          control.goal =
            isOver || (left == nil ? isFinished : left == 0) ? .stop : .train(batches: left)
        }
        return !control.goal.isStop
      }
      if goesOn,
        now.pace.isDue(
          after: clock.now - current.lastReport,
          processor: ProcessorTime.ofProcess - current.processorAtReport)
      {
        publish(current.report(isRunning: true))
        current.lastReport = clock.now
        current.processorAtReport = ProcessorTime.ofProcess
      }
      training = current
    }
  }
}
