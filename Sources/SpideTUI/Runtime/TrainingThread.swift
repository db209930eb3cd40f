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

  /// What is done before going on.
  private enum Chore: Sendable {
    case fork(from: Int, TrainingStart)
    case discard(run: Int)
  }

  private struct Control: Sendable {
    var chores: [Chore] = []
    var goal = Goal.stop
    /// Of the last order; its run is the one that trains.
    var start: TrainingStart? {
      didSet { if start?.run != oldValue?.run { (journey, isPaused) = (nil, false) } }
    }
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
  ///   - budget: bytes that the recordings of all runs may take.
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
      case .fork(let parent, let start):
        control.start = start
        control.goal = .stop
        control.chores.append(.fork(from: parent, start))
      case .discard(let run):
        control.chores.append(.discard(run: run))
        guard control.start?.run == run else { break }
        control.goal = .stop
        control.start = nil
      }
    }
    ordered.signal()
  }

  /// Tells how much processor time the reader of a report spent on it, drawing included.
  func readerTook(_ duration: Duration) {
    control.withLock { $0.pace.readerTime = duration }
  }

  /// Reports that training is paused, where the last report does not say so or a pause has been asked for.
  private func answer(_ now: Control, _ trainings: inout OngoingTrainings) {
    guard let start = now.start else { return }
    let (isAsked, journey) = control.withLock { control in
      let isSame = control.start?.run == start.run
      defer { if isSame { control.isPaused = false } }
      return (isSame && control.isPaused, control.journey)
    }
    guard isAsked || trainings[start.run].map({ !$0.isToldStopped }) ?? false else { return }
    var stopped = trainings.take(start)
    if isAsked, let journey { stopped.miss(journey) }
    publish(trainings.report(&stopped, isRunning: false))
    trainings.put(stopped)
  }

  private func carryOut(_ chore: Chore, _ trainings: inout OngoingTrainings) {
    switch chore {
    case .fork(let parent, let start): publish(trainings.fork(from: parent, start))
    case .discard(let run): trainings.discard(run)
    }
  }

  /// Goes to another update, unless a newer order comes before it is there.
  private func go(
    _ trainings: inout OngoingTrainings, _ journey: Journey, _ start: TrainingStart, _ now: Control
  ) {
    var training = trainings.take(start)
    defer { trainings.put(training) }
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
        if case .go = control.goal { control.start?.run == start.run } else { false }
      }
      if !isSuperseded { training.giveUpJourney() }
      return
    }
    control.withLock { if $0.orders == now.orders { $0.goal = .stop } }
    publish(trainings.report(&training, isRunning: false))
  }

  private func work() {
    let clock = ContinuousClock()
    var trainings = OngoingTrainings(threads: threads, budget: budget)
    while true {
      let now = control.withLock { control in
        defer { control.chores = [] }
        return control
      }
      for chore in now.chores { carryOut(chore, &trainings) }
      guard !now.goal.isStop, let start = now.start else {
        answer(now, &trainings)
        ordered.wait()
        continue
      }
      if case .train = now.goal,
        let due = trainings[start.run]?.nextBatch(at: start.pace), clock.now < due
      {
        // Unless an order comes before.
        _ = ordered.wait(timeout: .now() + (due - clock.now) / .seconds(1))
        continue
      }
      if case .go(let journey) = now.goal {
        go(&trainings, journey, start, now)
        continue
      }
      // Taken out it is the only copy, whose arrays of curves grow in place.
      var current = trainings.take(start)
      current.use(start)
      let isFinished = current.trainBatch()
      let isOver =
        start.data.failure != nil || current.divergence != nil || !current.hits.isEmpty
      let goesOn = control.withLock { control in
        // Unless another order has come during the batch.
        if control.start?.run == start.run, case .train(let batches) = control.goal {
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
        publish(trainings.report(&current, isRunning: true))
        current.lastReport = clock.now
        current.processorAtReport = ProcessorTime.ofProcess
      }
      trainings.put(current)
    }
  }
}
