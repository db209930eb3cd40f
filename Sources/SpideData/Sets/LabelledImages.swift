import SpideEngine

/// Images with their labels as published: bytes, not yet scaled.
public struct LabelledImages: Equatable, Sendable {
  /// Shape of one image.
  public let shape: LayerShape
  /// Names of the classes, by label.
  public let classNames: [String]
  /// `count × C × H × W` bytes, channels-first.
  public let pixels: [UInt8]
  /// One for each image, below `classNames.count`.
  public let labels: [UInt8]

  /// Images.
  public var count: Int { labels.count }

  init(shape: LayerShape, classNames: [String], pixels: [UInt8], labels: [UInt8]) {
    self.shape = shape
    self.classNames = classNames
    self.pixels = pixels
    self.labels = labels
  }

  /// Grey images `[n, H, W]` and their labels `[n]`, checked against each other and against what the data set should be.
  ///
  /// - Throws: ``DataError`` of kind `badData` that names the file at fault.
  public init(
    images: IDX, labels: IDX, shape: LayerShape, classNames: [String]
  ) throws(DataError) {
    try LabelledImages.check(images: images.header, shape: shape)
    try LabelledImages.check(labels: labels.header, of: images.header)
    if let index = labels.values.firstIndex(where: { $0 >= classNames.count }) {
      throw DataError(
        .badData, path: labels.name, problem: "label \(labels.values[index]) at index \(index)",
        expected: "0 to \(classNames.count - 1)")
    }
    self.init(
      shape: shape, classNames: classNames, pixels: images.values, labels: labels.values)
  }

  /// Refuses anything but at least one grey image of that shape.
  static func check(images: IDX.Header, shape: LayerShape) throws(DataError) {
    func wrong(_ problem: String, _ expected: String) -> DataError {
      DataError(.badData, path: images.name, problem: problem, expected: expected)
    }
    let sizes = images.dimensions
    guard sizes.count == 3, Array(sizes[1...]) == [shape.height, shape.width] else {
      throw wrong("its sizes are \(sizes)", "[n, \(shape.height), \(shape.width)]")
    }
    guard sizes[0] > 0 else { throw wrong("no images", "at least one image") }
  }

  /// Refuses anything but one label for each of the images.
  static func check(labels: IDX.Header, of images: IDX.Header) throws(DataError) {
    let count = images.dimensions[0]
    guard labels.dimensions != [count] else { return }
    throw DataError(
      .badData, path: labels.name,
      problem: labels.dimensions == [0] ? "no labels" : "its sizes are \(labels.dimensions)",
      expected: "[\(count)], one label for each image")
  }

  /// The images whose index is chosen, in their old order.
  public func filter(_ isChosen: (Int) -> Bool) -> LabelledImages {
    let chosen = labels.indices.filter(isChosen)
    return LabelledImages(
      shape: shape, classNames: classNames,
      pixels: chosen.flatMap { pixels[$0 * shape.count..<($0 + 1) * shape.count] },
      labels: chosen.map { labels[$0] })
  }
}
