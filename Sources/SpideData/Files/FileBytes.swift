import Glibc
import SpideFiles

/// Whole files as bytes.
package enum FileBytes {
  /// No file that the program reads may be larger (4 GiB).
  package static let largest = 1 << 32

  /// The contents of a regular file; of a pipe too where `pipes` are awaited. The size is looked at before anything is read.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` where it cannot be opened or read, `badData` where it is too large.
  package static func read(
    _ path: String, expected: String, largest: Int = largest, pipes: Bool = false
  ) throws(DataError) -> [UInt8] {
    let bytes = try attempt(path, expected: expected) { () throws(SystemError) -> [UInt8]? in
      let file = try OpenFile.reading(path, pipes: pipes)
      let size = try file.sizeOfRegular() ?? 0
      return size > largest ? nil : try file.read(upTo: largest + 1, reserving: size)
    }
    if let bytes, bytes.count <= largest { return bytes }
    throw DataError(
      .badData, path: path, problem: "more than \(largest) bytes", expected: expected)
  }
}
