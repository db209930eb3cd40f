import Glibc
import SpideFiles

/// The bytes of a file one after another. What is asked for is in memory, never the whole file.
final class ByteReader {
  /// The file, for error messages.
  let path: String
  /// Bytes that are still to come; nil where only reading tells: of a packed file.
  private(set) var left: Int?

  private let file: OpenFile
  private let expected: String
  /// Bytes read to find out whether the file is packed.
  private var ahead: [UInt8] = []
  private var packed: GzipReader?

  /// Opens a regular file.
  ///
  /// - Parameters:
  ///   - expected: What the file should be, for error messages.
  ///   - unpacks: Whether a file that gzip has packed stands for its contents, whatever its name.
  /// - Throws: ``DataError`` of kind `missingInput` where it cannot be opened or read, `badData` where it is larger than
  ///   ``FileBytes/largest``.
  init(_ path: String, expected: String, unpacks: Bool = false) throws(DataError) {
    self.path = path
    self.expected = expected
    let file = try attempt(path, expected: expected) { () throws(SystemError) in
      try OpenFile.reading(path)
    }
    left = try attempt(path, expected: expected) { () throws(SystemError) in
      try file.sizeOfRegular()
    }
    self.file = file
    if let left, left > FileBytes.largest {
      throw DataError(
        .badData, path: path, problem: "\(left) bytes",
        expected: "at most \(FileBytes.largest)")
    }
    guard unpacks else { return }
    ahead = try raw(upTo: Gzip.magic.count)
    guard Gzip.isPacked(ahead) else { return }
    left = nil
    packed = GzipReader(name: path) { [unowned self] count throws(DataError) in
      try raw(upTo: count)
    }
  }

  /// Whether what is read comes out of a packed file.
  var isPacked: Bool { packed != nil }

  /// The next `count` bytes; fewer only at the end.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` where reading fails, `badData` for damaged packed contents.
  func read(upTo count: Int) throws(DataError) -> [UInt8] {
    let bytes: [UInt8]
    if let packed { bytes = try packed.read(upTo: count) } else { bytes = try raw(upTo: count) }
    left = left.map { max(0, $0 - bytes.count) }
    return bytes
  }

  /// Bytes as they lie in the file.
  private func raw(upTo count: Int) throws(DataError) -> [UInt8] {
    let first = ahead.prefix(count)
    ahead.removeFirst(first.count)
    let wanted = count - first.count
    let rest = try attempt(path, expected: expected) { () throws(SystemError) in
      try file.read(upTo: wanted, reserving: min(wanted, left ?? 0))
    }
    return first.isEmpty ? rest : first + rest
  }
}
