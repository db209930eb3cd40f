import SpideEngine

/// The trainings of all runs. One of them trains at a time; the others keep where they stand and what is recorded.
///
/// The recordings have one budget of memory, in equal parts: whenever a run is added, all of them make room for it. What
/// two of them share is counted in both, so that no more is taken than is said.
struct OngoingTrainings {
  private let threads: Int
  private let budget: Int
  private let timing: OngoingTraining.Clock
  /// By run, but for the one that has been taken out.
  private var all: [Int: OngoingTraining] = [:]
  /// The run that was taken out last: only it has the memory that batches run in.
  private var latest: Int?

  /// None.
  ///
  /// - Parameters:
  ///   - threads: how many train.
  ///   - budget: bytes that all recordings may take together.
  ///   - timing: how long training is said to take.
  init(threads: Int, budget: Int, clock timing: OngoingTraining.Clock = .measured) {
    self.threads = threads
    self.budget = budget
    self.timing = timing
  }

  subscript(run: Int) -> OngoingTraining? { all[run] }

  /// Takes out the training of an order's run, which begins where it has not begun. It is then the only copy, whose arrays
  /// grow in place, and has to be given back.
  mutating func take(_ start: TrainingStart) -> OngoingTraining {
    if let known = takeKnown(start.run) { return known }
    share(among: all.count + 1)
    latest = start.run
    return OngoingTraining(start, threads: threads, budget: budget / (all.count + 1), clock: timing)
  }

  /// The same; nil for a run that has not begun.
  mutating func takeKnown(_ run: Int) -> OngoingTraining? {
    guard let known = all.removeValue(forKey: run) else { return nil }
    if let latest, latest != run { all[latest]?.rest() }
    latest = run
    return known
  }

  mutating func put(_ training: OngoingTraining) { all[training.run] = training }

  /// Begins the run of an order where another one stands.
  ///
  /// - Returns: where it stands, to be told.
  mutating func fork(from parent: Int, _ start: TrainingStart) -> TrainingReport {
    if let latest { all[latest]?.rest() }
    var fork =
      all[parent]?.fork(start)
      ?? OngoingTraining(start, threads: threads, budget: budget, clock: timing)
    share(among: all.count + 1)
    fork.limit(to: budget / (all.count + 1))
    latest = start.run
    let report = report(&fork, isRunning: false)
    put(fork)
    return report
  }

  /// Forgets a run; the others get its memory.
  mutating func discard(_ run: Int) {
    all[run] = nil
    if latest == run { latest = nil }
    share(among: all.count)
  }

  /// What has come of a training that was taken out, and how much memory the others take.
  func report(_ training: inout OngoingTraining, isRunning: Bool) -> TrainingReport {
    var report = training.report(isRunning: isRunning)
    report.memory = RecordingMemory(
      others: all.mapValues { RecordedPart($0.recording) }, budget: budget)
    return report
  }

  private mutating func share(among count: Int) {
    for run in all.keys { all[run]?.limit(to: budget / max(1, count)) }
  }
}
