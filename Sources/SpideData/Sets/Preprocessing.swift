import SpideEngine

/// How the images of a set become network input: a preset's `normalize` and `augment`, checked against the images.
struct Preprocessing: Sendable {
  /// What a byte of each channel becomes: `[C, 256]`, scaled to 0 … 1 and then normalised.
  let table: [Float]
  let augmentation: Augmentation?

  /// Checks the settings against images of `shape`, whose white is `fullScale`.
  ///
  /// - Throws: ``DataError`` of kind `badData` about the data set `name`.
  init(
    name: String, shape: LayerShape, fullScale: Float, normalization: Normalization?,
    augmentation: Augmentation?
  ) throws(DataError) {
    func wrong(_ problem: String, _ expected: String) -> DataError {
      DataError(.badData, path: name, problem: problem, expected: expected)
    }
    let channels = shape.channels
    let normalization =
      normalization
      ?? Normalization(
        mean: Array(repeating: 0, count: channels), std: Array(repeating: 1, count: channels))
    for (key, values) in [("mean", normalization.mean), ("std", normalization.std)] {
      guard values.count == channels else {
        throw wrong("normalize has \(values.count) numbers in \(key)", "\(channels), one a channel")
      }
      guard values.allSatisfy(\.isFinite) else {
        throw wrong("normalize has \(values) as \(key)", "finite numbers")
      }
    }
    guard normalization.std.allSatisfy({ $0 > 0 }) else {
      throw wrong("normalize has \(normalization.std) as std", "numbers above 0")
    }
    let largest = min(shape.height, shape.width)
    if let padding = augmentation?.cropPadding, !(0...largest).contains(padding) {
      throw wrong("crop-padding is \(padding)", "0 to \(largest)")
    }
    table = (0..<channels).flatMap { channel in
      (0..<256).map {
        (Float($0) / fullScale - normalization.mean[channel]) / normalization.std[channel]
      }
    }
    self.augmentation = augmentation
  }
}
