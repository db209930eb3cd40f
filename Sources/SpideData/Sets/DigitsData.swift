import CEmbedded
import SpideEngine

extension DataSet {
  /// Digits, part of the program.
  public static let digits = DataSet(
    SampleForm(name: "digits", shape: LayerShape(channels: 1, height: 8, width: 8), classes: 10),
    classNames: (0...9).map(String.init), isEmbedded: true
  ) { set, request throws(DataError) in
    try DigitsData.load(
      set, normalization: request.normalization, augmentation: request.augmentation)
  }
}

/// The digits that are part of the program: 1797 images of 8×8, values 0 … 16.
///
/// Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998, CC BY 4.0.
enum DigitsData {
  /// Every fifth image (index 4, 9, …), 359 in all, tests; the other 1438 train. Both keep their order.
  ///
  /// - Throws: ``DataError`` where the normalization or the augmentation does not fit images of 1×8×8.
  static func load(
    _ set: DataSet, normalization: Normalization?, augmentation: Augmentation?
  ) throws(DataError) -> DataSplit {
    let images = try LabelledImages(
      images: .parse(bytes(embedded_digits_images), name: "digits-images-idx3-ubyte"),
      labels: .parse(bytes(embedded_digits_labels), name: "digits-labels-idx1-ubyte"),
      shape: set.shape, classNames: set.classNames)
    return try DataSplit(
      train: images.filter { $0 % 5 != 4 }, test: images.filter { $0 % 5 == 4 },
      name: set.name, fullScale: 16, normalization: normalization,
      augmentation: augmentation)
  }

  private static func bytes(
    _ embedded: (UnsafeMutablePointer<Int>) -> UnsafePointer<UInt8>?
  ) -> [UInt8] {
    var count = 0
    let start = embedded(&count)
    return Array(UnsafeBufferPointer(start: start, count: count))
  }
}
