import SpideEngine
import Testing

@Suite struct DivergenceTests {
  let plan: NetworkPlan
  let training = TrainingPlan(
    epochs: 1, batch: 10, optimizer: .adam(beta1: 0.9, beta2: 0.999),
    learningRate: LearningRateSchedule(base: 0.01))

  init() throws { plan = try TrainerTests.plan(dropout: 0) }

  private func state(_ dynamics: Dynamics = Dynamics()) -> Trainer.State {
    Trainer.State(plan: plan, dynamics: dynamics, training: training, seed: 1)
  }

  private func trainer(_ state: Trainer.State, _ dynamics: Dynamics = Dynamics()) -> Trainer {
    Trainer(
      plan: plan, training: training, trainSet: Blobs(count: 24),
      testSet: Blobs(count: 30), threads: 1, state: state)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func theFirstParameterIsNamed(_ value: Float)
  {
    #expect(trainer(state()).divergence == nil)
    var finite = state()
    finite.parameters.values[0][0] = .greatestFiniteMagnitude
    finite.parameters.values[0][1] = -.leastNonzeroMagnitude
    #expect(trainer(finite).divergence == nil)
    for (index, parameter) in plan.parameters.enumerated() {
      var state = state()
      state.tally.samples = 20
      (state.batchesDone, state.optimizer.updates) = (2, 2)
      state.optimizer["momentum"]?.values[index][parameter.count - 1] = value
      #expect(trainer(state).divergence?.culprit == .optimizer(parameter.name))
      state.optimizer["momentum"]?.values[index][parameter.count - 1] = 0
      state.optimizer["second_moment"]?.values[index][0] = value
      #expect(trainer(state).divergence?.culprit == .optimizer(parameter.name))
      state.parameters.values[index][parameter.count - 1] = value
      state.tally.loss = .nan
      let divergence = trainer(state).divergence
      #expect(divergence?.culprit == .parameter(parameter.name) && divergence?.batches == 2)
      #expect(divergence?.problem == "\(parameter.name) is no number after 2 batches")
    }
  }

  @Test func lossesCountToo() {
    var summed = state()
    summed.tally.samples = 10
    (summed.batchesDone, summed.tally.loss) = (1, .infinity)
    #expect(trainer(summed).divergence?.problem == "the loss is no number after 1 batch")

    // Weights that are finite, and scores that are not.
    var large = state()
    large.tally.samples = 24
    large.batchesDone = 3
    large.parameters["classifier.bias"] = [3e38, -3e38, 3e38]
    let diverged = trainer(large)
    #expect(diverged.divergence == nil)
    _ = diverged.finishEpoch()
    #expect(diverged.divergence?.culprit == .testLoss)
  }

  /// Gradients that overflow leave weights that are no numbers, and a loss that is one.
  @Test func aFiniteLossHidesNothing() {
    var dynamics = Dynamics()
    dynamics.forward.threshold = .leastNonzeroMagnitude
    let trainer = trainer(state(dynamics), dynamics)
    while trainer.divergence == nil, !trainer.epochIsComplete {
      #expect(trainer.trainBatch().loss.isFinite)
    }
    guard case .parameter? = trainer.divergence?.culprit else {
      Issue.record("\(String(describing: trainer.divergence))")
      return
    }
  }
}
