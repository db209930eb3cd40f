import SpideEngine

extension EpochRecord {
  /// The record as metrics files and `train --json` have it.
  public var json: JSON {
    .object([
      ("kind", .string("epoch")),
      ("epoch", .int(epoch)),
      ("learning_rate", .float(learningRate)),
      ("train_loss", .double(trainLoss)),
      ("train_accuracy", .double(trainAccuracy)),
      ("test_loss", .optional(testLoss)),
      ("test_accuracy", .optional(testAccuracy)),
      ("forward_rate", .doubles(forwardRate)),
      ("backward_rate", .doubles(backwardRate)),
      ("samples_per_second", .double(samplesPerSecond)),
      ("seconds", .double(seconds)),
      ("synaptic_operations", .int(synapticOperations)),
    ])
  }
}

extension BatchRecord {
  /// The record as metrics files have it, in the epoch record's keys.
  public var json: JSON {
    .object([
      ("kind", .string("batch")),
      ("epoch", .int(epoch)),
      ("batch", .int(batch)),
      ("learning_rate", .float(learningRate)),
      ("train_loss", .double(loss)),
      ("train_accuracy", .double(accuracy)),
      ("forward_rate", .doubles(forwardRate)),
      ("backward_rate", .doubles(backwardRate)),
      ("synaptic_operations", .int(synapticOperations)),
      ("samples", .int(samples)),
    ])
  }
}
