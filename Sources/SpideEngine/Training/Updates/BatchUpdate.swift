/// One update of a training, as the trainer made it: where it stood before and after, and the gradient that it had summed.
package struct BatchUpdate: Sendable {
  /// The state before the batch, with the constants that it was trained with.
  package let before: Trainer.State
  /// The state after it.
  package let after: Trainer.State
  /// The gradient of the batch, with `s_c / batch` in it.
  package let gradients: Parameters
  /// The samples of the batch, as indices into the training set.
  package let indices: [Int]
  /// The learning rate, before the loss scale divides it.
  package let learningRate: Float
  /// Mean cross-entropy of the batch, before the update.
  package let loss: Double

  /// Batches done with this one, which is what an update is called by.
  package var number: Int { after.batchesDone }

  /// What the update rule was told of the batch.
  package var step: OptimizerStep { before.optimizer.nextStep(learningRate: learningRate) }
}

extension BatchUpdate {
  /// Mean cross-entropy of the same batch with the weights after the update: the same samples, cut and dropped out alike.
  ///
  /// - Parameter samples: the training set, with as many frames as steps where it varies in time.
  package func lossAfter(plan: NetworkPlan, samples: any SampleSource, threads: Int) -> Double {
    let job = job(plan: plan, samples: samples, parameters: after.parameters)
    let losses = BatchRunner(ThreadExecutor(threads: threads)).read(job, backward: false) {
      run, positions in
      run.losses(indices[positions].map(samples.label))
    }
    return job.shards.sum(losses ?? []) / Double(max(1, indices.count))
  }

  /// The batch as the trainer runs it, with the weights before the update unless others are given.
  func job(
    plan: NetworkPlan, samples: any SampleSource, parameters: Parameters? = nil
  ) -> TrainingJob {
    let dynamics = before.dynamics
    return TrainingJob(
      network: BlockNetwork(
        plan: plan, parameters: parameters ?? before.parameters, dynamics: dynamics,
        usesDropout: true),
      samples: samples, indices: indices, seed: before.batchSeed, shards: before.shards)
  }
}

extension Recording {
  /// The update that was the last of so many batches, trained again to the same bits.
  ///
  /// - Parameters:
  ///   - number: above ``first``, ``last`` at most.
  ///   - replay: what the training had.
  ///   - goesOn: told before each batch that is trained again how many of how many are done; false gives up.
  /// - Returns: nil where it was given up.
  package func update(
    _ number: Int, by replay: Replay,
    while goesOn: (_ done: Int, _ all: Int) -> Bool = { _, _ in true }
  ) -> BatchUpdate? {
    precondition(first < number && number <= last, "update \(number), not \(first + 1) to \(last)")
    guard let before = state(at: number - 1, by: replay, while: goesOn), goesOn(0, 1) else {
      return nil
    }
    let trainer = Trainer(
      plan: replay.plan, training: replay.training,
      trainSet: replay.samples(before.dynamics.forwardSteps), testSet: nil,
      threads: replay.threads, state: before)
    trainer.keepsUpdates = true
    _ = trainer.trainBatch()
    return trainer.lastUpdate
  }
}
