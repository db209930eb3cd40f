import SpideEngine
import Testing

/// Gradients are summed in the order of the training's ``ShardPlan``, to the bit. Real values over the input link and the
/// classifier show it.
@Suite struct TrainingOrderTests {
  let plan: NetworkPlan
  let dynamics = Dynamics(forwardSteps: 12, backwardSteps: 20, lossScale: 50)

  init() throws { plan = try TrainerTests.plan(dropout: 0) }

  private func training(batch: Int) -> TrainingPlan {
    TrainingPlan(
      epochs: 2, batch: batch, learningRate: LearningRateSchedule(base: 0.1), weightDecay: 5e-4)
  }

  /// The state after a batch of so many samples.
  private func trained(_ shards: ShardPlan, batch: Int, threads: Int) -> (
    Trainer.State, batch: [Int]
  ) {
    let training = training(batch: batch)
    var state = Trainer.State(plan: plan, dynamics: dynamics, training: training, seed: 3)
    state.shards = shards
    let trainer = Trainer(
      plan: plan, training: training, trainSet: Blobs(count: batch), testSet: nil,
      threads: threads, state: state)
    let indices = trainer.nextBatch
    _ = trainer.trainBatch()
    return (trainer.state, indices)
  }

  /// One shard: all samples one after the other, as a single run would have them.
  @Test(arguments: [1, 3, 24]) func aShardIsSummedInOrder(_ threads: Int) {
    let (batch, training) = (24, training(batch: 24))
    let (state, indices) = trained(
      ShardPlan(most: 1, order: .inTurn), batch: batch, threads: threads)
    var expected = Trainer.State(plan: plan, dynamics: dynamics, training: training, seed: 3)
    let network = BlockNetwork(plan: plan, parameters: expected.parameters, dynamics: dynamics)
    let run = BlockRun(
      network: network, memory: BlockMemory(network: network, capacity: batch, frames: 1))
    let seed = SeededGenerator.stream(3, 3, 0)
    for index in indices {
      run.add(
        index, of: Blobs(count: batch), augmentation: SeededGenerator.stream(seed, UInt64(index)),
        masks: nil)
    }
    run.runForward()
    run.runBackward(labels: indices.map(Blobs(count: batch).label), batch: batch)
    let gradients = BlockGradients(network: network)
    gradients.add(run)
    expected.optimizer.update(
      &expected.parameters, gradients: gradients.parameters(network: network), learningRate: 0.1)
    #expect(state.parameters == expected.parameters)
  }

  /// Three shards are added the same way in turn and in pairs, more are not; on any number of threads.
  @Test func theOrderOfShardsIsTheTrainings() {
    for batch in [24, 64] {
      let inTurn = trained(.standard, batch: batch, threads: 1).0.parameters
      let paired = ShardPlan(most: 8, order: .inPairs)
      let inPairs = trained(paired, batch: batch, threads: 1).0.parameters
      #expect((inTurn == inPairs) == (batch == 24), "batch \(batch)")
      for threads in [2, 3, 5, 8, 64] {
        #expect(trained(.standard, batch: batch, threads: threads).0.parameters == inTurn)
        #expect(trained(paired, batch: batch, threads: threads).0.parameters == inPairs)
      }
      let one = ShardPlan(most: 1, order: .inTurn)
      #expect(trained(one, batch: batch, threads: 2).0.parameters != inTurn)
    }
  }
}
