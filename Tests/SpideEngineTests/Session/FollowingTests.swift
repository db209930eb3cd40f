import SpideEngine
import Testing

/// A trainer that goes back and on again.
@Suite struct FollowingTests {
  private func trainer(_ optimizer: OptimizerKind, threads: Int) throws -> Trainer {
    Trainer(
      plan: try TrainerTests.plan(dropout: 0.3),
      dynamics: Dynamics(forwardSteps: 8, backwardSteps: 10, lossScale: 50),
      training: TrainingPlan(
        epochs: 9, batch: 10, optimizer: optimizer,
        learningRate: LearningRateSchedule(base: 0.1, decayAt: [1], warmupBatches: 4)),
      trainSet: Blobs(count: 24), testSet: Blobs(count: 6, seed: 2), seed: 5, threads: threads)
  }

  /// One and the same trainer goes to any batch and on from there, to the bits that it had; a reset was changed after 7
  /// batches and another after 12, which is the end of an epoch.
  @Test(
    arguments: [OptimizerKind.sgd(momentum: 0.9), .adam(beta1: 0.9, beta2: 0.999)], [1, 3])
  func goesBackAndOn(_ optimizer: OptimizerKind, _ threads: Int) throws {
    let trainer = try trainer(optimizer, threads: threads)
    let (train, test) = (Blobs(count: 24), Blobs(count: 6, seed: 2))
    var recording = Recording(from: trainer.state, interval: 5)
    var states: [Trainer.State] = []
    for batch in 0..<20 {
      if trainer.epochIsComplete { _ = trainer.finishEpoch() }
      if batch == 7 { trainer.dynamics.forward.reset = .zero }
      if batch == 12 { trainer.dynamics.backward.reset = .zero }
      states.append(trainer.state)
      _ = trainer.trainBatch()
      if trainer.epochIsComplete { _ = trainer.finishEpoch() }
      recording.record(trainer.state)
    }
    for (place, batches) in [(3, 9), (19, 1), (0, 19), (12, 1), (11, 3), (6, 2), (7, 1)] {
      trainer.go(to: recording.start(of: place), trainSet: train, testSet: test)
      while trainer.batchesDone < place + batches {
        recording.prepare(trainer) { _ in (train, test) }
        #expect(trainer.state == states[trainer.batchesDone])
        _ = trainer.trainBatch()
      }
    }
    // What was counted since an earlier place can be told.
    var counts = states[17].tally.counts
    counts -= states[16].tally.counts
    #expect(
      counts.samples == 10 && counts.forward.updates == states[16].tally.counts.forward.updates)
  }

  /// However small the states are, only so many are kept.
  @Test func theNumberOfStatesIsBounded() throws {
    var state = try trainer(.sgd(momentum: 0), threads: 1).state
    var recording = Recording(from: state)
    for batch in 1...5000 {
      state.batchesDone = batch
      recording.record(state)
    }
    #expect((500...1024).contains(recording.kept.count) && recording.interval == 8)
    #expect(recording.bytes == recording.kept.count * Recording(from: state).bytes)
    let fork = recording.fork(at: 100)
    #expect(fork.kept.last == 96 && fork.bytes == fork.kept.count * Recording(from: state).bytes)
  }
}
