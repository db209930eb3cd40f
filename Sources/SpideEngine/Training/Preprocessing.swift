/// How pixel values in `0 … 1` are centred before a network sees them: `(x - mean) / std`, per channel.
public struct Normalization: Hashable, Sendable {
  /// What is subtracted, one number per channel.
  public var mean: [Float]
  /// What divides the difference, above 0, one number per channel.
  public var std: [Float]

  /// A normalization; both lists have one number per channel.
  public init(mean: [Float], std: [Float]) {
    self.mean = mean
    self.std = std
  }
}

/// How training samples are varied at random; test samples never are.
public struct Augmentation: Hashable, Sendable {
  /// Zeros added on every side before a random crop back to the old size; 0 for no crop.
  public var cropPadding: Int
  /// Whether every second sample, at random, is mirrored left to right.
  public var horizontalFlip: Bool

  /// An augmentation.
  public init(cropPadding: Int, horizontalFlip: Bool) {
    self.cropPadding = cropPadding
    self.horizontalFlip = horizontalFlip
  }
}

/// What becomes of the events that a camera counts between two steps (TheMethod.md, "CIFAR10-DVS files").
public enum EventFrames: String, Hashable, Sendable, CaseIterable {
  /// Their mean number per pixel.
  case counts
  /// Their number as a shade of an 8-bit picture, as the authors' program has it.
  case authors
}
