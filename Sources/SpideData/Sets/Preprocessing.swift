import SpideEngine

/// How the samples of a set become network input: a preset's `normalize` and `augment`, checked against their shape.
struct Preprocessing: Sendable {
  /// One that changes nothing where the preset has none.
  let normalization: Normalization
  let augmentation: Augmentation?

  /// Checks the settings against frames of `shape`.
  ///
  /// - Throws: ``DataError`` of kind `badData` about the data set `name`.
  init(
    name: String, shape: LayerShape, normalization: Normalization?, augmentation: Augmentation?
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
    self.normalization = normalization
    self.augmentation = augmentation
  }

  /// What a byte of each channel becomes, `[C, 256]`: scaled so that `fullScale` is 1, then normalised.
  func table(fullScale: Float) -> [Float] {
    zip(normalization.mean, normalization.std).flatMap { mean, std in
      (0..<256).map { (Float($0) / fullScale - mean) / std }
    }
  }

  /// For each position of a plane the position that the crop and flip of `seed` take it from, -1 where that is outside;
  /// nil where everything stays in its place.
  func sources(in shape: LayerShape, seed: UInt64?) -> [Int]? {
    guard let seed, let augmentation else { return nil }
    let draw = AugmentationDraw(augmentation, seed: seed)
    return (0..<shape.positions).map { position in
      let column = position % shape.width
      let sourceRow = position / shape.width + draw.rowShift
      let sourceColumn = draw.columnShift + (draw.isFlipped ? shape.width - 1 - column : column)
      let isInside =
        (0..<shape.height).contains(sourceRow) && (0..<shape.width).contains(sourceColumn)
      return isInside ? sourceRow * shape.width + sourceColumn : -1
    }
  }
}
