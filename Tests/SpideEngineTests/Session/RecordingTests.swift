import SpideEngine
import Testing

@Suite struct RecordingTests {
  let plan: NetworkPlan
  let dynamics = Dynamics(forwardSteps: 8, backwardSteps: 10, lossScale: 50)

  init() throws { plan = try TrainerTests.plan(dropout: 0.3) }

  private func training(_ optimizer: OptimizerKind = .sgd(momentum: 0.9)) -> TrainingPlan {
    TrainingPlan(
      epochs: 9, batch: 10, optimizer: optimizer,
      learningRate: LearningRateSchedule(base: 0.1, decayAt: [1], warmupBatches: 4),
      weightDecay: 5e-4)
  }

  private func start(_ training: TrainingPlan) -> Trainer.State {
    Trainer.State(plan: plan, dynamics: dynamics, training: training, seed: 5)
  }

  private func trainer(_ state: Trainer.State, _ training: TrainingPlan, frames: Int = 1) -> Trainer
  {
    Trainer(
      plan: plan, training: training, trainSet: Blobs(count: 24, frames: frames),
      testSet: Blobs(count: 6, seed: 2, frames: frames), threads: 2, state: state)
  }

  private func replay(_ training: TrainingPlan, threads: Int = 1) -> Recording.Replay {
    Recording.Replay(plan: plan, training: training, threads: threads) { _ in Blobs(count: 24) }
  }

  /// What `r` does.
  private func zeroReset(_ dynamics: Dynamics) -> Dynamics {
    var dynamics = dynamics
    dynamics.forward.reset = .zero
    return dynamics
  }

  /// Sixty batches in twenty epochs; the reset is changed after 40 of them and the loss scale after 51, which is the end of
  /// an epoch. Any batch replays to the bits from which training went on, from the states that a small budget leaves and on
  /// any number of threads.
  @Test(arguments: [OptimizerKind.sgd(momentum: 0.9), .adam(beta1: 0.9, beta2: 0.999)])
  func anyBatchReplaysToTheSameBits(_ optimizer: OptimizerKind) throws {
    let training = training(optimizer)
    let trainer = trainer(start(training), training)
    let budget = 5 * Recording(from: trainer.state).bytes
    var recording = Recording(from: trainer.state, budget: budget)
    var wentOn: [Trainer.State] = []
    while trainer.batchesDone < 60 {
      if trainer.batchesDone == 40 { trainer.dynamics = zeroReset(trainer.dynamics) }
      if trainer.batchesDone == 51, !trainer.epochIsComplete { trainer.dynamics.lossScale = 80 }
      if !trainer.epochIsComplete { wentOn.append(trainer.state) }
      _ = trainer.next()
      recording.record(trainer.state)
    }
    // The last epoch stands before its test.
    wentOn.append(trainer.state)
    #expect(recording.last == 60 && trainer.epochIsComplete && recording.kept.count <= 5)
    #expect(trainer.state.constants.entries.map(\.batch) == [0, 40, 51])
    for batch in [0, 1, 3, 17, 32, 39, 40, 41, 48, 50, 51, 52, 59, 60] {
      for threads in [1, 3] {
        let state = recording.state(at: batch, by: replay(training, threads: threads))
        #expect(state == wentOn[batch], "batch \(batch), \(threads) threads")
      }
    }
    // What differs is the constants: without the change the same batches come to other weights.
    let other = self.trainer(wentOn[39], training)
    while other.batchesDone < 42 { _ = other.next() }
    #expect(other.parameters != wentOn[42].parameters)
    // Closed after all, the end is what comes after it.
    _ = trainer.next()
    recording.record(trainer.state)
    #expect(recording.state(at: 60, by: replay(training)) == trainer.state)
    #expect(trainer.epochsDone == 20)
  }

  /// Going back and changing something is another course; the one before it stays.
  @Test func aForkIsACourseOfItsOwn() throws {
    let training = training()
    let trainer = trainer(start(training), training)
    var recording = Recording(from: trainer.state, interval: 4)
    while trainer.batchesDone < 20 {
      if trainer.batchesDone == 9, !trainer.epochIsComplete {
        trainer.dynamics = zeroReset(dynamics)
      }
      _ = trainer.next()
      recording.record(trainer.state)
    }
    let end = trainer.state
    let back = try #require(recording.state(at: 9, by: replay(training)))
    #expect(back.dynamics.forward.reset == .zero)
    var fork = recording.fork(at: 9)
    #expect(fork.last == 9 && fork.kept == [0, 4, 8])
    let other = self.trainer(back, training)
    // In the place of the change that was made there.
    other.dynamics = dynamics
    while other.batchesDone < 14 {
      _ = other.next()
      fork.record(other.state)
    }
    #expect(other.state.constants == DynamicsLog(dynamics))
    #expect(fork.state(at: 14, by: replay(training)) == other.state)
    #expect(
      fork.state(at: 11, by: replay(training)) != recording.state(at: 11, by: replay(training)))
    #expect(recording.state(at: 20, by: replay(training)) == end)
  }

  /// A varying input has a frame for each step: the samples follow the constants.
  @Test func stepsAndFramesReplayTogether() throws {
    let training = training()
    let trainer = trainer(start(training), training, frames: 8)
    var recording = Recording(from: trainer.state, interval: 100)
    var fewer = dynamics
    fewer.forwardSteps = 5
    while trainer.batchesDone < 5 {
      if trainer.batchesDone == 2 {
        trainer.use(
          fewer, trainSet: Blobs(count: 24, frames: 5),
          testSet: Blobs(count: 6, seed: 2, frames: 5))
      }
      _ = trainer.next()
      recording.record(trainer.state)
    }
    let replay = Recording.Replay(plan: plan, training: training, threads: 1) { steps in
      Blobs(count: 24, frames: steps)
    }
    #expect(recording.kept == [0] && recording.state(at: 5, by: replay) == trainer.state)
  }

  /// Whoever waits is told how far it is, and can give up.
  @Test func replayTellsHowFarItIs() {
    let training = training()
    let trainer = trainer(start(training), training)
    var recording = Recording(from: trainer.state, interval: 100)
    while trainer.batchesDone < 7 {
      _ = trainer.next()
      recording.record(trainer.state)
    }
    var told: [[Int]] = []
    let state = recording.state(at: 7, by: replay(training)) { done, all in
      told.append([done, all])
      return true
    }
    #expect(state == trainer.state && told == (0..<7).map { [$0, 7] })
    #expect(recording.state(at: 7, by: replay(training)) { done, _ in done < 3 } == nil)
    // What has been replayed can be kept: from there it is no way.
    if let state = recording.state(at: 5, by: replay(training)) { recording.keep(state) }
    #expect(recording.kept == [0, 5])
    #expect(recording.state(at: 5, by: replay(training)) { _, _ in false } != nil, "it is there")
    #expect(
      recording.state(at: 6, by: replay(training)) { _, all in
        all == 1
      } != nil)
  }

  /// The budget is kept at every batch, and what it leaves lies evenly.
  @Test(arguments: [0, 1, 2, 3, 7, 40, 1000]) func theBudgetIsKept(_ states: Int) {
    var state = start(training())
    state.batchesDone = 5
    let one = Recording(from: state).bytes
    // Weights and momentum, in single precision, are nearly all of it.
    let weights = state.parameters.values.reduce(0) { $0 + $1.count }
    #expect(one > 8 * weights && one < 8 * weights + 2000)
    // With Adam the second moment too.
    let adam = start(training(.adam(beta1: 0.9, beta2: 0.999)))
    #expect(Recording(from: adam).bytes == one + 4 * weights)
    let budget = states * one + one / 2
    var recording = Recording(from: state, budget: budget, interval: 3)
    for batch in 6...400 {
      state.batchesDone = batch
      recording.record(state)
      let kept = recording.kept
      #expect(recording.bytes == kept.count * one)
      #expect(recording.bytes <= budget || kept.count <= 2)
      #expect(kept.first == 5 && kept == kept.sorted() && recording.last == batch)
      // Those off the interval are dropped one by one, as room is needed.
      let step = recording.interval == 3 ? 3 : recording.interval / 2
      #expect(kept.dropFirst().allSatisfy { $0.isMultiple(of: step) || $0 == kept.last })
      #expect(batch - (kept.last ?? 0) < recording.interval)
      if states > 2 {
        #expect(zip(kept, kept.dropFirst()).allSatisfy { $1 - $0 <= recording.interval })
        #expect(recording.interval == 3 || kept.count > states / 2)
      }
    }
    if states == 1000 { #expect(recording.interval == 3) }
  }

  @Test func theLogKeepsWhatWasUsed() throws {
    let (first, second) = (dynamics, zeroReset(dynamics))
    var third = first
    third.lossScale = 7
    var log = DynamicsLog(first)
    log.use(second, after: 0)
    #expect(log == DynamicsLog(second), "before the first batch nothing was used")
    log.use(first, after: 0)
    log.use(first, after: 3)
    #expect(log == DynamicsLog(first), "nothing changed")
    log.use(second, after: 4)
    log.use(third, after: 4)
    log.use(second, after: 9)
    #expect(log.entries.map(\.batch) == [0, 4, 9] && log.current == second)
    #expect(
      [0, 3, 4, 8, 9, 99].map(log.dynamics(after:)) == [first, first, third, third, second, second])
    #expect(log.upTo(8).entries.map(\.batch) == [0, 4] && log.upTo(0) == DynamicsLog(first))
    log.use(third, after: 9)
    #expect(log.entries.map(\.batch) == [0, 4], "the change was taken back")
    typealias Entry = DynamicsLog.Entry
    #expect(DynamicsLog(log.entries) == log)
    for wrong in [
      [], [Entry(batch: 1, dynamics: first)],
      [Entry(batch: 0, dynamics: first), Entry(batch: 2, dynamics: first)],
      [Entry(batch: 0, dynamics: first), Entry(batch: 0, dynamics: second)],
    ] {
      #expect(DynamicsLog(wrong) == nil, "\(wrong)")
    }
  }
}
