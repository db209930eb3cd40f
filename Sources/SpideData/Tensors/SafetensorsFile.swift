import Glibc
import SpideFiles

/// A safetensors file, its header checked. Of the data only those tensors are read that are asked for.
public struct SafetensorsFile: Sendable {
  /// Where it was read from.
  public let path: String
  /// The tensors, in the order of the header.
  public let tensors: [TensorEntry]
  /// Text that goes with the tensors.
  public let metadata: [String: String]
  private let data: any TensorData
  private let indices: [String: Int]

  /// Opens a file and reads its header; a pipe is read whole, once its header has been found good.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` where it cannot be read, `badData` as ``init(bytes:path:)``.
  public init(path: String) throws(DataError) {
    func read<Result: ~Copyable>(
      _ body: () throws(SystemError) -> Result
    ) throws(DataError) -> Result {
      try attempt(path, expected: "a safetensors file", body)
    }
    let file = try read { () throws(SystemError) in try OpenFile.reading(path, pipes: true) }
    let size = try read { () throws(SystemError) in try file.sizeOfRegular() }
    let start = try read { () throws(SystemError) in try file.read(upTo: 8) }
    let headerSize = try SafetensorsHeader.size(start, of: size, path: path)
    let json = try read { () throws(SystemError) in
      try file.read(upTo: headerSize, reserving: size == nil ? 0 : headerSize)
    }
    let header = try SafetensorsHeader(json: json[...], size: headerSize, path: path)
    guard let size else {
      let most = min(header.dataSize, FileBytes.largest) + 1
      let data = try read { () throws(SystemError) in try file.read(upTo: most) }
      try header.check(dataSize: data.count, path: path)
      self.init(header, MemoryTensorData(bytes: data[...]), path: path)
      return
    }
    let dataStart = 8 + headerSize
    try header.check(dataSize: size - dataStart, path: path)
    self.init(header, FileTensorData(file, start: dataStart), path: path)
  }

  /// Checks the bytes of a file; `path` is for error messages.
  ///
  /// Refused are headers longer than the file, tensors whose shape and place do not agree, that overlap, leave gaps or end
  /// outside the file, and names that come twice. Values are not looked at.
  ///
  /// - Throws: ``DataError`` of kind `badData`.
  public init(bytes: [UInt8], path: String) throws(DataError) {
    let headerSize = try SafetensorsHeader.size(bytes.prefix(8), of: bytes.count, path: path)
    let dataStart = 8 + headerSize
    let header = try SafetensorsHeader(json: bytes[8..<dataStart], size: headerSize, path: path)
    try header.check(dataSize: bytes.count - dataStart, path: path)
    self.init(header, MemoryTensorData(bytes: bytes[dataStart...]), path: path)
  }

  private init(_ header: SafetensorsHeader, _ data: any TensorData, path: String) {
    self.path = path
    self.data = data
    tensors = header.tensors
    metadata = header.metadata
    // The parser has refused names that come twice.
    indices = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
  }

  /// The tensor of that name; nil where there is none.
  public subscript(name: String) -> TensorEntry? { indices[name].map { tensors[$0] } }

  /// The values of a tensor of this file; nil where its type is not one of ``TensorValues``, and where the file cannot
  /// be read any more.
  public func values(of tensor: TensorEntry) -> TensorValues? { try? read(tensor) }

  /// The values of an F32 tensor.
  ///
  /// - Throws: ``DataError`` of kind `badData` where there is none of that name, or it has another type, or it has
  ///   values that are not finite; of kind `missingInput` where the file cannot be read any more.
  public func finiteFloats(_ name: String) throws(DataError) -> [Float] {
    guard let tensor = self[name] else { throw wrong("tensor \(name.shown) is missing", "it") }
    guard case .float32(let values) = try read(tensor) else {
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

  /// Nil where the type is not one of ``TensorValues``.
  private func read(_ tensor: TensorEntry) throws(DataError) -> TensorValues? {
    switch tensor.type {
    case .float32: return .float32(try load(tensor))
    case .uint8: return .uint8(try load(tensor))
    case .int8: return .int8(try load(tensor))
    case .int64: return .int64(try load(tensor))
    default: return nil
    }
  }

  private func load<Value: BitwiseCopyable>(_ tensor: TensorEntry) throws(DataError) -> [Value] {
    var result: Result<Bool, SystemError> = .success(true)
    let values = [Value](unsafeUninitializedCapacity: tensor.count) { buffer, count in
      let room = UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(rebasing: buffer[..<tensor.count]))
      do throws(SystemError) {
        result = .success(try data.copy(from: tensor.bytes.lowerBound, to: room))
        count = tensor.count
      } catch {
        result = .failure(error)
      }
    }
    switch result {
    case .success(true): return values
    case .success(false):
      throw wrong("it ends within tensor \(tensor.name.shown)", "all that its header describes")
    case .failure(let error):
      throw DataError(
        .missingInput, path: path, problem: error.text, expected: "a safetensors file")
    }
  }
}
