/// Where a training stands.
extension Trainer {
  /// Decides everything random.
  public var seed: UInt64 { state.seed }
  /// The weights as they stand.
  public var parameters: Parameters { state.parameters }
  /// Epochs completed.
  public var epochsDone: Int { state.epochsDone }
  /// Batches done since the start of the run.
  public var batchesDone: Int { state.batchesDone }
  /// Samples done in the epoch that is running.
  public var samplesDone: Int { state.samplesDone }

  /// Samples in one pass.
  public var samplesInEpoch: Int { trainSet.count }

  /// Batches in one pass.
  public var batchesInEpoch: Int { training.batches(of: trainSet.count) }

  /// Whether every sample of the epoch has been trained on, so that ``finishEpoch()`` is due.
  public var epochIsComplete: Bool { samplesDone >= trainSet.count }

  /// The rate that the next batch will use, before the loss scale divides it.
  public var learningRate: Float {
    training.learningRate.rate(epoch: epochsDone, batch: batchesDone)
  }
}
