import SpideEngine

/// Another run that begins where one stands.
extension OngoingTraining {
  /// A training that goes on from here by another order, while this one stays as it is.
  ///
  /// Their recordings share what came before, unless the plan of the training is another one: what was trained by the
  /// one cannot be trained again by the other, so the new recording begins here.
  ///
  /// - Precondition: nothing has diverged here, and the order has the same network, samples, batches and update rule.
  func fork(_ start: TrainingStart) -> OngoingTraining {
    precondition(divergence == nil, "a run that diverged at update \(trainer.batchesDone)")
    var state = trainer.state
    state.use(start.preset.training)
    var fork = self
    let isSamePlan = start.preset.training.isSameTrajectory(as: preset.training)
    if isBehind { fork.course.cut(at: trainer.state) }
    fork.recording =
      isSamePlan
      ? recording.fork(at: trainer.batchesDone) : Recording(from: state, budget: recording.budget)
    fork.begin(start, state: state)
    return fork
  }

  /// Gives back the memory that batches run in. What comes next is the same.
  mutating func rest() {
    guard divergence == nil, departure == nil else { return }
    renew(state: trainer.state)
  }

  /// Bytes that what is recorded may take from now on.
  mutating func limit(to budget: Int) { recording.limit(to: budget) }
}

extension TrainingPlan {
  /// Whether batches that were trained by the other plan can be trained again by this one. The number of epochs does not
  /// matter.
  func isSameTrajectory(as other: TrainingPlan) -> Bool {
    var plan = self
    plan.epochs = other.epochs
    return plan == other
  }
}
