import CZlib

/// Files packed by gzip (RFC 1952), unpacked by zlib.
package enum Gzip {
  /// No file may unpack to more (512 MiB, eleven times the largest of MNIST): a few packed bytes can stand for
  /// more than memory holds.
  package static let largest = 1 << 29

  /// What every packed file begins with.
  static let magic: [UInt8] = [0x1F, 0x8B]

  /// Whether bytes begin as a packed file does.
  static func isPacked(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: magic) }

  /// What `packed` stands for; several gzip members stand for their contents one after another.
  ///
  /// - Parameters:
  ///   - name: The file, for error messages.
  ///   - largest: The most bytes that come out.
  /// - Throws: ``DataError`` of kind `badData` as ``GzipReader/read(upTo:)``, and for contents that are too large.
  package static func unpack(
    _ packed: [UInt8], name: String, largest: Int = Gzip.largest
  ) throws(DataError) -> [UInt8] {
    var rest = packed[...]
    let reader = GzipReader(name: name) { count throws(DataError) in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    let contents = try reader.read(upTo: largest + 1)
    guard contents.count <= largest else {
      throw DataError(
        .badData, path: name, problem: "it unpacks to more than \(largest) bytes",
        expected: GzipReader.expected)
    }
    return contents
  }
}
