import SpideEngine

extension EpochRecord {
  /// The record as metrics files and `train --json` have it. Times that are not known are null.
  public var json: JSON { .object(members(withTimes: true)) }

  /// The record without its times, which are the only part of it that another run of the same training changes.
  var timelessJSON: JSON { .object(members(withTimes: false)) }

  private func members(withTimes: Bool) -> [(String, JSON)] {
    [
      ("kind", .string("epoch")),
      ("epoch", .int(epoch)),
      ("learning_rate", .float(learningRate)),
      ("train_loss", .double(trainLoss)),
      ("train_accuracy", .double(trainAccuracy)),
      ("test_loss", .optional(testLoss)),
      ("test_accuracy", .optional(testAccuracy)),
      ("forward_rate", .doubles(forwardRate)),
      ("backward_rate", .doubles(backwardRate)),
    ]
      + (withTimes
        ? [("samples_per_second", .double(samplesPerSecond)), ("seconds", .double(seconds))] : [])
      + [("synaptic_operations", .int(synapticOperations))]
  }

  /// Reads what ``json`` or ``timelessJSON`` gives; nil for anything else. Numbers that are null become not-a-number.
  init?(json: JSON) {
    guard let epoch = json["epoch"]?.integer, let rate = json["learning_rate"]?.number,
      let loss = json["train_loss"]?.number, let accuracy = json["train_accuracy"]?.number,
      let testLoss = json["test_loss"]?.number, let testAccuracy = json["test_accuracy"],
      let forward = json["forward_rate"]?.numbers, let backward = json["backward_rate"]?.numbers,
      let operations = json["synaptic_operations"]?.integer
    else { return nil }
    self.init(
      epoch: epoch, learningRate: Float(rate), trainLoss: loss, trainAccuracy: accuracy,
      // A test that was made has an accuracy, whatever its loss.
      testLoss: testAccuracy == .null ? nil : testLoss, testAccuracy: testAccuracy.finiteNumber,
      forwardRate: forward, backwardRate: backward,
      samplesPerSecond: json["samples_per_second"]?.number ?? .nan,
      seconds: json["seconds"]?.number ?? .nan, synapticOperations: operations)
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
