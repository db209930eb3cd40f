import SpideEngine

/// One part of an image set: bytes in memory, scaled, normalised and augmented when they are read.
public struct ImageSet: SampleSource {
  private let images: LabelledImages
  private let preprocessing: Preprocessing
  private let table: [Float]

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
      name: name, shape: images.shape, normalization: normalization, augmentation: augmentation)
    table = preprocessing.table(fullScale: fullScale)
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
    let sources = preprocessing.sources(in: shape, seed: seed)
    for channel in 0..<shape.channels {
      let plane = (index * shape.channels + channel) * shape.positions
      for position in 0..<shape.positions {
        // Outside the image lie black pixels, which are normalised like all others.
        let source = sources.map { $0[position] } ?? position
        let byte = source < 0 ? 0 : images.pixels[plane + source]
        buffer[channel * shape.positions + position] = table[channel << 8 | Int(byte)]
      }
    }
  }
}

extension ImageSet: Fingerprinted {
  func add(to print: inout Fingerprint) {
    print.add(images.pixels)
    print.add(table)
  }
}
