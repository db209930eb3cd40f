import SpideEngine

/// One part of an image set: bytes in memory, scaled, normalised and augmented when they are read.
public struct ImageSet: SampleSource {
  private let images: LabelledImages
  private let preprocessing: Preprocessing

  /// Images whose white is `fullScale` (255 for most sets, 16 for digits).
  ///
  /// Without a normalization pixels are only scaled to 0 … 1. `name` is the data set's, for error messages.
  ///
  /// - Throws: ``DataError`` of kind `badData` where the normalization or the augmentation does not fit the images.
  public init(
    _ images: LabelledImages, name: String, fullScale: Float = 255,
    normalization: Normalization? = nil, augmentation: Augmentation? = nil
  ) throws(DataError) {
    self.images = images
    preprocessing = try Preprocessing(
      name: name, shape: images.shape, fullScale: fullScale, normalization: normalization,
      augmentation: augmentation)
  }

  /// Images.
  public var count: Int { images.count }
  /// Shape of one image.
  public var shape: LayerShape { images.shape }
  /// Names of the classes, by label.
  public var classNames: [String] { images.classNames }
  /// 1: an image is constant in time.
  public var frames: Int { 1 }

  /// The label of an image.
  public func label(_ index: Int) -> Int { Int(images.labels[index]) }

  /// Writes image `index` as `[C, H, W]`; `augmentation` seeds the crop and flip, nil leaves it as it is.
  public func read(_ index: Int, augmentation seed: UInt64?, into buffer: inout [Float]) {
    precondition(
      buffer.count == shape.count, "a buffer of \(buffer.count) for an image of \(shape.count)")
    let start = index * shape.count
    guard let seed, let augmentation = preprocessing.augmentation else {
      for place in 0..<shape.count {
        let channel = place / shape.places
        buffer[place] = preprocessing.table[channel << 8 | Int(images.pixels[start + place])]
      }
      return
    }
    let draw = AugmentationDraw(augmentation, seed: seed)
    var place = 0
    for channel in 0..<shape.channels {
      let plane = start + channel * shape.places
      for row in 0..<shape.height {
        let sourceRow = row + draw.rowShift
        for column in 0..<shape.width {
          let sourceColumn = draw.columnShift + (draw.isFlipped ? shape.width - 1 - column : column)
          // Outside the image lie black pixels, which are normalised like all others.
          let isInside =
            (0..<shape.height).contains(sourceRow) && (0..<shape.width).contains(sourceColumn)
          let byte = isInside ? images.pixels[plane + sourceRow * shape.width + sourceColumn] : 0
          buffer[place] = preprocessing.table[channel << 8 | Int(byte)]
          place += 1
        }
      }
    }
  }
}
