/// Going back: what lies between two states that are kept is trained again, with the constants that it was trained with.
extension Recording {
  /// What a training needs besides its state to be replayed; the same as it had.
  public struct Replay: Sendable {
    let plan: NetworkPlan
    let training: TrainingPlan
    let threads: Int
    let samples: @Sendable (_ forwardSteps: Int) -> any SampleSource

    /// What a training had.
    ///
    /// - Parameters:
    ///   - plan: the shapes.
    ///   - training: the plan that was followed.
    ///   - threads: how many train; the bits do not depend on it.
    ///   - samples: the training set, with as many frames as steps where it varies in time.
    public init(
      plan: NetworkPlan, training: TrainingPlan, threads: Int,
      samples: @escaping @Sendable (_ forwardSteps: Int) -> any SampleSource
    ) {
      self.plan = plan
      self.training = training
      self.threads = threads
      self.samples = samples
    }
  }

  /// The state after so many batches, with the constants of the batch that comes next, to the bit: that from which
  /// training went on. An epoch that ended there is closed, unless it is the last and was not.
  ///
  /// - Parameters:
  ///   - batch: from ``first`` to ``last``.
  ///   - replay: what the training had.
  ///   - goesOn: told before each batch that is trained again how many of how many are done; false gives up.
  /// - Returns: nil where it was given up.
  public func state(
    at batch: Int, by replay: Replay,
    while goesOn: (_ done: Int, _ all: Int) -> Bool = { _, _ in true }
  ) -> Trainer.State? {
    let start = start(of: batch)
    let trainer = Trainer(
      plan: replay.plan, training: replay.training,
      trainSet: replay.samples(start.dynamics.forwardSteps), testSet: nil,
      threads: replay.threads, state: start)
    while true {
      prepare(trainer) { (replay.samples($0), nil) }
      let done = trainer.batchesDone
      if done == batch { return trainer.state }
      guard goesOn(done - start.batchesDone, batch - start.batchesDone) else { return nil }
      _ = trainer.trainBatch()
    }
  }

  /// The last state that is kept of those up to so many batches: what lies between has to be trained again.
  ///
  /// - Parameter batch: from ``first`` to ``last``.
  public func start(of batch: Int) -> Trainer.State {
    precondition((first...last).contains(batch), "batch \(batch), not \(first) to \(last)")
    let place = keyframes.lastIndex { $0.batchesDone <= batch } ?? 0
    var start = keyframes[place]
    start.constants = constants.upTo(start.batchesDone)
    return start
  }

  /// Makes a trainer that stands on what is recorded ready for the batch that comes next, as training was: an epoch that
  /// ended is closed, without a test, and constants that were changed there are in use. An epoch that was left open at
  /// the end of what is recorded stays so.
  ///
  /// - Parameters:
  ///   - trainer: one that began with a state of this recording and has done what was done then.
  ///   - samples: the training and the test set, with as many frames as steps where they vary in time.
  public func prepare(
    _ trainer: Trainer,
    samples: (_ forwardSteps: Int) -> (train: any SampleSource, test: (any SampleSource)?)
  ) {
    let done = trainer.batchesDone
    let isOpen = done == last && lastEpochs == trainer.epochsDone
    if trainer.epochIsComplete, !isOpen { trainer.closeEpoch() }
    let dynamics = constants.dynamics(after: done)
    guard dynamics != trainer.dynamics else { return }
    let sets = samples(dynamics.forwardSteps)
    trainer.use(dynamics, trainSet: sets.train, testSet: sets.test)
  }
}
