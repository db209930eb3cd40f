/// The contents of an IDX file of bytes, the form in which MNIST and its kin are published.
///
/// Two zero bytes, the type, the number of dimensions, each dimension as a big-endian 32-bit number, the values.
public struct IDX: Equatable, Sendable {
  /// The file, for error messages.
  public let name: String
  /// Sizes, outermost first.
  public let dimensions: [Int]
  /// `dimensions` values, row-major.
  public let values: [UInt8]

  /// Reads a file of unsigned bytes.
  ///
  /// - Throws: ``DataError`` of kind `badData` for a wrong magic number, another type, sizes that overflow, and a file
  ///   that is shorter or longer than its sizes say.
  public static func parse(_ bytes: consuming [UInt8], name: String) throws(DataError) -> IDX {
    func wrong(_ problem: String, _ expected: String) -> DataError {
      DataError(.badData, path: name, problem: problem, expected: expected)
    }
    guard bytes.count >= 4 else {
      throw wrong("\(bytes.count) bytes", "an IDX file, which begins with a magic number of 4")
    }
    guard bytes[0] == 0, bytes[1] == 0 else {
      throw wrong("not an IDX file", "two zero bytes first")
    }
    guard bytes[2] == unsignedByte else {
      throw wrong("values of type 0x\(String(bytes[2], radix: 16))", "unsigned bytes (0x8)")
    }
    let header = 4 + 4 * Int(bytes[3])
    guard bytes[3] > 0 else { throw wrong("no dimensions", "at least one") }
    guard bytes.count >= header else {
      throw wrong("it ends within the sizes", "\(bytes[3]) sizes of 4 bytes")
    }
    var count = 1
    var dimensions: [Int] = []
    for start in stride(from: 4, to: header, by: 4) {
      let size = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      dimensions.append(size)
      guard !overflow else { throw wrong("sizes \(dimensions) overflow", "a real file") }
      count = product
    }
    guard bytes.count - header == count else {
      throw wrong(
        "\(bytes.count - header) values", "\(count), as its sizes \(dimensions) say")
    }
    // In place: the values of a large file are in memory once.
    bytes.removeFirst(header)
    return IDX(name: name, dimensions: dimensions, values: bytes)
  }

  private static let unsignedByte: UInt8 = 0x08
}
