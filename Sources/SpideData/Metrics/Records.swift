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
    ]
      + (testTop5Accuracy.map { [("test_top5_accuracy", .double($0))] } ?? [])
      + [
        ("forward_rate", .doubles(forwardRate)),
        ("backward_rate", .doubles(backwardRate)),
        ("test_forward_rate", testForwardRate.map(JSON.doubles) ?? .null),
        ("mean_forward_rate", .optional(meanForwardRate)),
        ("mean_backward_rate", .optional(meanBackwardRate)),
      ]
      + (withTimes
        ? [("samples_per_second", .double(samplesPerSecond)), ("seconds", .double(seconds))] : [])
      + [("synaptic_operations", .int(synapticOperations))]
      + StageOperations.members(operations)
  }

  /// Reads what ``json`` or ``timelessJSON`` gives, or gave before it had all that it has; nil for anything else. Numbers
  /// that are null become not-a-number.
  init?(json: JSON) {
    guard let epoch = json["epoch"]?.integer, let rate = json["learning_rate"]?.number,
      let loss = json["train_loss"]?.number, let accuracy = json["train_accuracy"]?.number,
      let testLoss = json["test_loss"]?.number, let testAccuracy = json["test_accuracy"],
      let forward = json["forward_rate"]?.numbers, let backward = json["backward_rate"]?.numbers,
      let synapticOperations = json["synaptic_operations"]?.integer
    else { return nil }
    /// A value that may be null or missing; nil of it for anything else.
    func optional<Value>(_ key: String, _ read: (JSON) -> Value?) -> Value?? {
      guard let value = json[key], value != .null else { return .some(nil) }
      return read(value).map { .some($0) }
    }
    guard let top5 = optional("test_top5_accuracy", \.finiteNumber),
      let testRate = optional("test_forward_rate", \.numbers),
      let meanForward = optional("mean_forward_rate", \.finiteNumber),
      let meanBackward = optional("mean_backward_rate", \.finiteNumber),
      let operations = StageOperations.read(json)
    else { return nil }
    self.init(
      epoch: epoch, learningRate: Float(rate), trainLoss: loss, trainAccuracy: accuracy,
      // A test that was made has an accuracy, whatever its loss.
      testLoss: testAccuracy == .null ? nil : testLoss, testAccuracy: testAccuracy.finiteNumber,
      forwardRate: forward, backwardRate: backward,
      samplesPerSecond: json["samples_per_second"]?.number ?? .nan,
      seconds: json["seconds"]?.number ?? .nan, synapticOperations: synapticOperations,
      testTop5Accuracy: top5, testForwardRate: testRate, meanForwardRate: meanForward,
      meanBackwardRate: meanBackward, operations: operations)
  }
}

extension BatchRecord {
  /// The record as metrics files have it, in the epoch record's keys.
  public var json: JSON {
    .object(
      [
        ("kind", .string("batch")),
        ("epoch", .int(epoch)),
        ("batch", .int(batch)),
        ("learning_rate", .float(learningRate)),
        ("train_loss", .double(loss)),
        ("train_accuracy", .double(accuracy)),
        ("forward_rate", .doubles(forwardRate)),
        ("backward_rate", .doubles(backwardRate)),
        ("mean_forward_rate", .double(meanForwardRate)),
        ("mean_backward_rate", .double(meanBackwardRate)),
        ("synaptic_operations", .int(synapticOperations)),
      ]
        + StageOperations.members(operations)
        + [("samples", .int(samples))])
  }
}
