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
    case go(Journey)

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
    /// Counts the orders that tell where to go.
    var orders = 0
    /// The journey that was ordered last; a pause may have come before it was begun.
    var journey: Journey?
    /// Whether a pause has not been answered.
    var isPaused = false
    var pace = ReportPace()
  }

  private let control = Guarded(Control())
  private let ordered = DispatchSemaphore(value: 0)
  private let threads: Int
  private let budget: Int
  private let publish: @Sendable (TrainingReport) -> Void

  /// A thread that waits for orders. `publish` is called from it.
  ///
  /// - Parameters:
  ///   - threads: how many train.
  ///   - budget: bytes that the recording of a training may take.
  ///   - publish: is told what comes of orders.
  package init(
    threads: Int, budget: Int = Recording.budget,
    publish: @escaping @Sendable (TrainingReport) -> Void
  ) {
    self.threads = threads
    self.budget = budget
    self.publish = publish
    let thread = Thread { self.work() }
    thread.name = "training"
    thread.start()
  }

  /// Takes an order; what comes of it is published.
  package func take(_ order: TrainingOrder) {
    control.withLock { control in
      if case .use = order {} else { control.orders += 1 }
      switch order {
      case .run(let start):
        control.start = start
        control.goal = .train(batches: nil)
      case .batches(let count, let start):
        control.start = start
        control.goal = .train(batches: count)
      case .use(let start): control.start = start
      case .go(let journey, let start):
        control.start = start
        control.goal = .go(journey)
        control.journey = journey
      case .pause:
        control.goal = .stop
        control.isPaused = true
      case .discard:
        control.goal = .stop
        control.isPaused = false
        control.journey = nil
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
    let (isAsked, journey) = control.withLock { control in
      defer { if control.run == now.run { control.isPaused = false } }
      return (control.run == now.run && control.isPaused, control.journey)
    }
    if training?.run != now.run {
      guard isAsked, let start = now.start else { return }
      training = OngoingTraining(run: now.run, start, threads: threads, budget: budget)
    }
    guard var stopped = training, isAsked || !stopped.isToldStopped else { return }
    if isAsked, let journey { stopped.miss(journey) }
    publish(stopped.report(isRunning: false))
    training = stopped
  }

  /// Goes to another update, unless a newer order comes before it is there.
  private func go(
    _ training: inout OngoingTraining, _ journey: Journey, _ start: TrainingStart, _ now: Control
  ) {
    let clock = ContinuousClock()
    var told = clock.now
    let isThere = training.go(journey, start) { progress in
      if clock.now - told >= ReportPace.shortestInterval {
        told = clock.now
        publish(progress)
      }
      return control.withLock { $0.orders == now.orders }
    }
    guard isThere else {
      let isSuperseded = control.withLock { control in
        if case .go = control.goal { control.run == now.run } else { false }
      }
      if !isSuperseded { training.giveUpJourney() }
      return
    }
    control.withLock { if $0.orders == now.orders { $0.goal = .stop } }
    publish(training.report(isRunning: false))
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
      if case .train = now.goal, let training, training.run == now.run,
        let due = training.nextBatch(at: start.pace), clock.now < due
      {
        // Unless an order comes before.
        _ = ordered.wait(timeout: .now() + (due - clock.now) / .seconds(1))
        continue
      }
      var current: OngoingTraining
      if let known = training, known.run == now.run {
        current = known
      } else {
        current = OngoingTraining(run: now.run, start, threads: threads, budget: budget)
      }
      // `current` is then the only copy, whose arrays of curves grow in place.
      training = nil
      if case .go(let journey) = now.goal {
        go(&current, journey, start, now)
        training = current
        continue
      }
      current.use(start)
      let isFinished = current.trainBatch()
      let isOver =
        start.data.failure != nil || current.divergence != nil || !current.hits.isEmpty
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
