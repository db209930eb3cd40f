import Glibc

/// Whole files as bytes.
enum FileBytes {
  /// No file that the program reads may be larger (4 GiB).
  static let largest = 1 << 32

  /// The contents of a file or of a pipe.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` where it cannot be opened or read, `badData` where it is too large.
  static func read(
    _ path: String, expected: String, largest: Int = largest
  ) throws(DataError) -> [UInt8] {
    do throws(SystemError) {
      let file = try OpenFile(path, O_RDONLY)
      let kind = try file.status().st_mode & S_IFMT
      guard kind == S_IFREG || kind == S_IFIFO else {
        throw SystemError(code: kind == S_IFDIR ? EISDIR : EINVAL)
      }
      let bytes = try file.read(upTo: largest + 1)
      if bytes.count <= largest { return bytes }
    } catch {
      throw DataError(.missingInput, path: path, problem: error.text, expected: expected)
    }
    throw DataError(
      .badData, path: path, problem: "more than \(largest) bytes", expected: expected)
  }
}
