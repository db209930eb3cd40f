/// Texts that people write, read whole.
public enum SmallTextFile {
  /// More bytes (1 MiB) are no text of a person's.
  static let largest = 1 << 20

  /// The text of a file or a pipe.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` where it cannot be read, `badData` where it is too large or not UTF-8.
  public static func read(_ path: String, expected: String) throws(DataError) -> String {
    let bytes = try FileBytes.read(path, expected: expected, largest: largest, pipes: true)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DataError(.badData, path: path, problem: "it is not UTF-8", expected: expected)
    }
    return text
  }
}
