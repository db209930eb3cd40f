/// Where the samples come from.
enum Mode: String, Sendable {
  /// Weights frozen, test samples.
  case inspect
  /// Samples of the next batch; passing `update` moves the weights.
  case train
}

/// Names a sample.
struct SampleReference: Hashable, Sendable {
  enum Part: String, Sendable {
    case test
    case train
  }
  var part: Part
  var index: Int
  /// Seeds its crop and flip, as the batch that it is part of has them; nil as it is in its set.
  var augmentation: UInt64?
}
