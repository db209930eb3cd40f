/// A safetensors file in memory, its header checked.
public struct SafetensorsFile: Sendable {
  /// Where it was read from.
  public let path: String
  /// The tensors, in the order of the header.
  public let tensors: [TensorEntry]
  /// Text that goes with the tensors.
  public let metadata: [String: String]
  private let bytes: [UInt8]
  private let dataStart: Int
  private let indices: [String: Int]

  /// Reads a file, or a pipe to its end.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` where it cannot be read, `badData` where it is not safetensors.
  public init(path: String) throws(DataError) {
    try self.init(
      bytes: FileBytes.read(path, expected: "a safetensors file", pipes: true), path: path)
  }

  /// Checks the bytes of a file; `path` is for error messages.
  ///
  /// Refused are headers longer than the file, tensors whose shape and place do not agree, that overlap, leave gaps or end
  /// outside the file, and names that come twice. Values are not looked at.
  ///
  /// - Throws: ``DataError`` of kind `badData`.
  public init(bytes: [UInt8], path: String) throws(DataError) {
    func wrong(_ problem: String, _ expected: String) -> DataError {
      DataError(.badData, path: path, problem: problem, expected: expected)
    }
    guard bytes.count >= 8 else {
      throw wrong("\(bytes.count) bytes", "a safetensors file, which has at least 8")
    }
    let headerSize = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let limit = min(bytes.count - 8, Safetensors.largestHeader)
    guard headerSize <= UInt64(limit) else {
      throw wrong("a header of \(headerSize) bytes", "at most \(limit), or it is not safetensors")
    }
    dataStart = 8 + Int(headerSize)
    let header: SafetensorsHeader
    do throws(SafetensorsHeader.Refusal) {
      header = try SafetensorsHeader(
        json: bytes[8..<dataStart], dataSize: bytes.count - dataStart)
    } catch { throw wrong(error.problem, error.expected) }
    self.path = path
    self.bytes = bytes
    tensors = header.tensors
    metadata = header.metadata
    // The parser has refused names that come twice.
    indices = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
  }

  /// The tensor of that name; nil where there is none.
  public subscript(name: String) -> TensorEntry? { indices[name].map { tensors[$0] } }

  /// The values of a tensor of this file; nil where its type is not one of ``TensorValues``.
  public func values(of tensor: TensorEntry) -> TensorValues? {
    switch tensor.type {
    case .float32: return .float32(load(tensor))
    case .uint8: return .uint8(load(tensor))
    case .int8: return .int8(load(tensor))
    case .int64: return .int64(load(tensor))
    default: return nil
    }
  }

  /// The values of an F32 tensor.
  ///
  /// - Throws: ``DataError`` of kind `badData` where there is none of that name, or it has another type, or it has
  ///   values that are not finite.
  public func finiteFloats(_ name: String) throws(DataError) -> [Float] {
    guard let tensor = self[name] else { throw wrong("tensor \(name.shown) is missing", "it") }
    guard case .float32(let values) = values(of: tensor) else {
      throw wrong("tensor \(name.shown) is \(tensor.type.rawValue)", TensorType.float32.rawValue)
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw wrong("tensor \(name.shown) has \(values[index]) at index \(index)", "finite numbers")
    }
    return values
  }

  /// An error about this file.
  func wrong(_ problem: String, _ expected: String) -> DataError {
    DataError(.badData, path: path, problem: problem, expected: expected)
  }

  private func load<Value: BitwiseCopyable>(_ tensor: TensorEntry) -> [Value] {
    let range = dataStart + tensor.bytes.lowerBound..<dataStart + tensor.bytes.upperBound
    return Array(unsafeUninitializedCapacity: tensor.count) { buffer, count in
      bytes.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: .init(rebasing: $0[range]))
      }
      count = tensor.count
    }
  }
}
