/// The contents of an IDX file of bytes, the form in which MNIST and its kin are published.
///
/// Two zero bytes, the type, the number of dimensions, each dimension as a big-endian 32-bit number, the values.
public struct IDX: Equatable, Sendable {
  /// What stands before the values.
  let header: Header
  /// ``dimensions`` values, row-major.
  public let values: [UInt8]

  /// The file, for error messages.
  public var name: String { header.name }
  /// Sizes, outermost first.
  public var dimensions: [Int] { header.dimensions }

  /// Reads a file of unsigned bytes.
  ///
  /// - Throws: ``DataError`` of kind `badData` for a wrong magic number, another type, sizes that overflow, and a file
  ///   that is shorter or longer than its sizes say.
  public static func parse(_ bytes: [UInt8], name: String) throws(DataError) -> IDX {
    var rest = bytes[...]
    let header = try Header(name: name) { count throws(DataError) in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    try header.check(valueCount: rest.count)
    return IDX(header: header, values: Array(rest))
  }

  /// Reads a file that is plain or packed by gzip. Its values, which may be many, are read only after all that stands
  /// before them has been checked.
  ///
  /// - Parameter check: Refuses sizes that are not those of the set.
  /// - Throws: ``DataError`` as ``parse(_:name:)``, as ``ByteReader``, and what `check` throws.
  static func read(
    _ path: String, check: (Header) throws(DataError) -> Void
  ) throws(DataError) -> IDX {
    // A file is unpacked if it is packed, whatever its name: some programs unpack a download and keep its name.
    let reader = try ByteReader(path, expected: "an IDX file", unpacks: true)
    let header = try Header(name: path) { count throws(DataError) in try reader.read(upTo: count) }
    if let left = reader.left { try header.check(valueCount: left) }
    try check(header)
    let largest = reader.isPacked ? Gzip.largest : FileBytes.largest
    guard header.count <= largest else {
      throw DataError(
        .badData, path: path, problem: "\(header.count) values, as its sizes say",
        expected: "at most \(largest)")
    }
    try MachineMemory.here.require(header.count, for: "reading it", of: path)
    let values = try reader.read(upTo: header.count)
    // A packed file is whole only if nothing follows.
    let more = try reader.read(upTo: 1)
    guard more.isEmpty else {
      throw DataError(
        .badData, path: path, problem: "more than \(header.count) values",
        expected: "\(header.count), as its sizes \(header.dimensions) say")
    }
    try header.check(valueCount: values.count)
    return IDX(header: header, values: values)
  }
}

extension IDX {
  /// What an IDX file says of itself before its values.
  struct Header: Equatable, Sendable {
    /// The file, for error messages.
    let name: String
    /// Sizes, outermost first.
    let dimensions: [Int]
    /// Values: the product of the sizes.
    let count: Int

    private static let unsignedByte: UInt8 = 0x08

    /// Reads it by asking `next` for so many of the bytes that follow.
    init(name: String, _ next: (Int) throws(DataError) -> [UInt8]) throws(DataError) {
      func wrong(_ problem: String, _ expected: String) -> DataError {
        DataError(.badData, path: name, problem: problem, expected: expected)
      }
      let magic = try next(4)
      guard magic.count == 4 else {
        throw wrong("\(magic.count) bytes", "an IDX file, which begins with a magic number of 4")
      }
      guard magic[0] == 0, magic[1] == 0 else {
        throw wrong("not an IDX file", "two zero bytes first")
      }
      guard magic[2] == Header.unsignedByte else {
        throw wrong("values of type 0x\(String(magic[2], radix: 16))", "unsigned bytes (0x8)")
      }
      let rank = Int(magic[3])
      guard rank > 0 else { throw wrong("no dimensions", "at least one") }
      let sizes = try next(4 * rank)
      guard sizes.count == 4 * rank else {
        throw wrong("it ends within the sizes", "\(rank) sizes of 4 bytes")
      }
      var count = 1
      var dimensions: [Int] = []
      for start in stride(from: 0, to: sizes.count, by: 4) {
        let size = sizes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        dimensions.append(size)
        guard !overflow else { throw wrong("sizes \(dimensions) overflow", "a real file") }
        count = product
      }
      self.name = name
      self.dimensions = dimensions
      self.count = count
    }

    /// Refuses another number of values than the sizes say.
    func check(valueCount: Int) throws(DataError) {
      guard valueCount == count else {
        throw DataError(
          .badData, path: name, problem: "\(valueCount) values",
          expected: "\(count), as its sizes \(dimensions) say")
      }
    }
  }
}
