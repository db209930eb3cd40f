import SpideConfiguration
import SpideEngine

/// An explorer without a terminal and without a clock: everything that it wants done is done on the spot, in order.
///
/// Files are read and written as the explorer does it. Training takes made-up time, the same on every machine and with any
/// number of threads, so that pictures are.
package struct HeadlessExplorer {
  /// Samples that a training trains in a second of ``PlayedSession/Act/wait(seconds:)``.
  package static let samplesPerSecond = 10_000.0
  /// Seconds between two reports of a training that runs while time passes.
  private static let reportInterval = 0.1

  /// What it shows and knows.
  package private(set) var model: Model
  /// The code that the program would end with by now; nil while it goes on.
  package private(set) var exitCode: Int32?

  private var outside: Outside
  private let threads: Int
  private var trainings: OngoingTrainings
  /// What the training that runs by itself goes on with.
  private var running: TrainingStart?
  /// Seconds by which a training that runs is behind.
  private var owed = 0.0

  /// An explorer before its first key.
  ///
  /// - Parameters:
  ///   - model: what it begins with.
  ///   - dataDirectory: where data sets are looked for first.
  ///   - threads: how many train.
  ///   - budget: bytes that the recordings of all runs may take.
  package init(
    _ model: Model, dataDirectory: String? = nil, threads: Int = 1, budget: Int = Recording.budget
  ) {
    self.model = model
    self.threads = threads
    trainings = OngoingTrainings(
      threads: threads, budget: budget, clock: .madeUp(samplesPerSecond: Self.samplesPerSecond))
    outside = Outside(dataDirectory: dataDirectory, threads: threads)
  }

  // MARK: Messages and effects

  /// What the explorer does before the first key: what menus offer is looked up.
  package mutating func begin() {
    if let presets = answer(to: .listPresets(files: model.presetFiles)) { send(presets) }
  }

  /// Takes in a message and does what comes of it, until the explorer has ended.
  package mutating func send(_ message: Message) {
    for effect in update(message) {
      if let answer = answer(to: effect) { send(answer) }
    }
  }

  /// Takes in a message; what comes of it is left to the caller.
  package mutating func update(_ message: Message) -> [Effect] {
    guard exitCode == nil else { return [] }
    if case .dataFolder(.success(let folder)) = message { outside.dataDirectory = folder }
    return model.update(message)
  }

  /// Does what an effect asks for; what came of it, where the explorer is told.
  package mutating func answer(to effect: Effect) -> Message? {
    switch effect {
    case .quit(let code):
      exitCode = exitCode ?? code
      return nil
    case .training(let order): return answer(to: order).map(Message.training)
    case .simulate(let order): return .simulated(order.carryOut())
    case .compare(let order): return .compared(order.carryOut())
    case .search(let order): return .found(order.carryOut())
    case .evaluate(let order): return order.carryOut(threads: threads).map(Message.evaluated)
    case .inspect(let order): return order.carryOut(threads: threads).map(Message.inspection)
    case .account(let order): return order.carryOut(threads: threads).map(Message.accounted)
    case .stopEvaluating, .stopInspecting, .stopComparing, .stopSearching, .stopAccounting:
      return nil
    // A picture is of what was there when the run was opened.
    case .follow: return nil
    case .open, .openText, .openRun, .listPresets, .listFolder, .useData, .write, .load,
      .readSweep:
      return outside.carryOut(effect, seed: model.seed)
    }
  }

  // MARK: Playing

  /// Plays a session to its end, or until it quits.
  ///
  /// - Parameter adoptsSizes: whether the screen becomes as large as the session says.
  /// - Throws: ``ConfigurationError`` at a command that failed, and at a wait for a training that does not run.
  package mutating func play(
    _ session: PlayedSession, adoptsSizes: Bool = true
  ) throws(ConfigurationError) {
    for step in session.steps where exitCode == nil {
      for (index, act) in step.acts.enumerated() {
        if step.isCommand, index == 1, let obstacle = model.obstacleToCommand {
          throw session.error(step, obstacle: obstacle)
        }
        switch act {
        case .input(.resized) where !adoptsSizes: break
        case .input(.key(.control("c"))): send(.interrupt)
        case .input(let event): send(.input(event))
        case .wait(let seconds): pass(seconds)
        case .beats(let count): for _ in 0..<count where model.tickInterval != nil { send(.tick) }
        case .batches(let count):
          guard let start = running else {
            throw session.error(
              step, "no training runs here", expected: "t, which starts one, before it")
          }
          send(.training(train(start, batches: count, isRunning: true)))
        }
      }
      if step.isCommand, let failure = model.failure {
        throw session.error(step, failure: failure)
      }
    }
  }

  /// Lets seconds pass: for what plays, and for a training that runs.
  private mutating func pass(_ seconds: Double) {
    let interval = model.tickInterval.map { $0 / .seconds(1) }
    let ticks = interval.map { Int((seconds / $0).rounded()) } ?? 0
    let slices = running == nil ? 1 : max(1, Int((seconds / Self.reportInterval).rounded(.up)))
    var ticked = 0
    for slice in 1...slices {
      let due = ticks * slice / slices
      for _ in ticked..<due where model.tickInterval != nil { send(.tick) }
      ticked = due
      trainFor(seconds / Double(slices))
    }
  }

  // MARK: Training

  private mutating func answer(to order: TrainingOrder) -> TrainingReport? {
    switch order {
    case .run(let start):
      running = start
      owed = 0
      return nil
    case .use(let start):
      if running != nil { running = start }
      return nil
    case .batches(let count, let start): return train(start, batches: count, isRunning: false)
    case .go(let journey, let start):
      guard var current = trainings.takeKnown(start.run) else { return nil }
      running = nil
      _ = current.go(journey, start)
      let report = trainings.report(&current, isRunning: false)
      trainings.put(current)
      return report
    case .pause:
      guard let start = running else { return nil }
      return train(start, batches: 0, isRunning: false)
    case .fork(let parent, let start): return trainings.fork(from: parent, start)
    case .discard(let run):
      trainings.discard(run)
      if running?.run == run { running = nil }
      return nil
    }
  }

  private mutating func trainFor(_ seconds: Double) {
    guard let start = running else { return }
    owed += seconds
    let batch =
      start.pace.batchesPerSecond.map { 1 / $0 }
      ?? Double(start.preset.training.batch) / Self.samplesPerSecond
    let batches = Int(owed / batch)
    guard batches > 0 else { return }
    owed -= Double(batches) * batch
    send(.training(train(start, batches: batches, isRunning: true)))
  }

  /// Trains so many batches, or fewer where all epochs end before that and it `isRunning` without another bound.
  package mutating func train(
    _ start: TrainingStart, batches: Int, isRunning: Bool
  ) -> TrainingReport {
    var current = trainings.take(start)
    current.use(start)
    var goesOn = isRunning
    for _ in 0..<batches {
      let isFinished = current.trainBatch()
      let isOver =
        start.data.failure != nil || current.divergence != nil || !current.hits.isEmpty
      if isOver || (isRunning && isFinished) { goesOn = false }
      if isOver || goesOn != isRunning { break }
    }
    running = goesOn ? start : nil
    let report = trainings.report(&current, isRunning: goesOn)
    trainings.put(current)
    return report
  }
}
