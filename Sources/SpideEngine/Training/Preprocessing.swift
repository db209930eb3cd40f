/// What turns scaled pixels (0 … 1) into network input: `(x - mean) / std`, one pair per channel.
public struct Normalization: Hashable, Sendable {
  /// Subtracted, one number per channel.
  public var mean: [Float]
  /// Divides, one number above 0 per channel.
  public var std: [Float]

  /// A normalization.
  public init(mean: [Float], std: [Float]) {
    self.mean = mean
    self.std = std
  }
}

/// How training samples are varied at random.
public struct Augmentation: Hashable, Sendable {
  /// Zero pixels added on all four sides before a window of the old size is cut out; 0 for none.
  public var cropPadding: Int
  /// Whether half of the samples are mirrored left to right.
  public var horizontalFlip: Bool

  /// An augmentation.
  public init(cropPadding: Int, horizontalFlip: Bool) {
    self.cropPadding = cropPadding
    self.horizontalFlip = horizontalFlip
  }
}
