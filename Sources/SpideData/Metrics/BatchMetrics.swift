import SpideEngine

/// What a metrics file tells of a batch, in the units of ``BatchRecord``: its counts are rates there, which cannot be turned back.
public struct BatchMetrics: Sendable, Equatable {
  /// Epoch that the batch belongs to, from 1.
  public var epoch: Int
  /// Batches trained since the start of the run, this one included.
  public var batch: Int
  /// Mean cross-entropy of the batch, before its update; not-a-number where it was none.
  public var loss: Double
  /// Share of the batch classified rightly, before its update.
  public var accuracy: Double
  /// Per layer: share of (sample, step, unit) triples with a spike of either stage.
  public var forwardRate, backwardRate: [Double]
  /// Synaptic operations by stage; nil where an older program did not record them.
  public var operations: StageOperations?
  /// Samples in the batch.
  public var samples: Int

  /// What a file would tell of a record.
  public init(_ record: BatchRecord) {
    (epoch, batch, loss) = (record.epoch, record.batch, record.loss)
    (accuracy, samples) = (record.accuracy, record.samples)
    (forwardRate, backwardRate) = (record.forwardRate, record.backwardRate)
    operations = record.operations
  }

  /// Reads the line of a batch; nil for anything else.
  init?(json: JSON) {
    guard let epoch = json["epoch"]?.integer, let batch = json["batch"]?.integer,
      let loss = json["train_loss"]?.number, let accuracy = json["train_accuracy"]?.number,
      let forward = json["forward_rate"]?.numbers, let backward = json["backward_rate"]?.numbers,
      let operations = StageOperations.read(json), let samples = json["samples"]?.integer,
      epoch > 0, batch > 0, samples > 0
    else { return nil }
    (self.epoch, self.batch, self.loss, self.accuracy) = (epoch, batch, loss, accuracy)
    (forwardRate, backwardRate) = (forward, backward)
    (self.operations, self.samples) = (operations, samples)
  }
}
