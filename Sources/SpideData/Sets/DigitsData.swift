import CEmbedded
import SpideEngine

/// The digits that are part of the program: 1797 images of 8×8, values 0 … 16.
///
/// Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998, CC BY 4.0.
public enum DigitsData {
  /// Every fifth image (index 4, 9, …), 359 in all, tests; the other 1438 train. Both keep their order.
  ///
  /// - Throws: ``DataError`` where the normalization or the augmentation does not fit images of 1×8×8.
  public static func load(
    normalization: Normalization? = nil, augmentation: Augmentation? = nil
  ) throws(DataError) -> DataSplit {
    let images = try LabelledImages(
      images: .parse(bytes(embedded_digits_images), name: "digits-images-idx3-ubyte"),
      labels: .parse(bytes(embedded_digits_labels), name: "digits-labels-idx1-ubyte"),
      shape: DataSource.digits.shape, classNames: DataSource.digits.publishedClassNames)
    return try DataSplit(
      train: images.filter { $0 % 5 != 4 }, test: images.filter { $0 % 5 == 4 },
      name: DataSource.digits.rawValue, fullScale: 16, normalization: normalization,
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
