import Glibc

/// Whole files as bytes.
enum FileBytes {
  /// No file that the program reads may be larger (4 GiB).
  static let largest = 1 << 32

  /// The contents of a regular file; of a pipe too where `pipes` are awaited, as only a path that the user has typed may
  /// be: what lies in a folder under a known name must not hold the program up for ever.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` where it cannot be opened or read, `badData` where it is too large.
  static func read(
    _ path: String, expected: String, largest: Int = largest, pipes: Bool = false
  ) throws(DataError) -> [UInt8] {
    func missing(_ problem: String) -> DataError {
      DataError(.missingInput, path: path, problem: problem, expected: expected)
    }
    let isAwaited = pipes && FileKind.at(path) == S_IFIFO
    let bytes: [UInt8]?
    do throws(SystemError) {
      let file = try OpenFile(path, isAwaited ? O_RDONLY : O_RDONLY | O_NONBLOCK)
      let kind = try file.status().st_mode & S_IFMT
      if kind == S_IFDIR { throw SystemError(code: EISDIR) }
      bytes = kind == S_IFREG || isAwaited ? try file.read(upTo: largest + 1) : nil
    } catch {
      throw missing(error.text)
    }
    guard let bytes else { throw missing("it is no regular file") }
    guard bytes.count <= largest else {
      throw DataError(
        .badData, path: path, problem: "more than \(largest) bytes", expected: expected)
    }
    return bytes
  }
}
