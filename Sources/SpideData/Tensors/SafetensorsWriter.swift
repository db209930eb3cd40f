import SpideFiles

/// Collects tensors and writes them as one safetensors file. The same tensors give the same bytes.
///
/// The header names tensors in the order in which they were added. Their data lies widest type first, so that every
/// tensor is aligned to its elements and readers may map the file. Arrays are shared, not copied, until they are written.
public struct SafetensorsWriter: Sendable {
  /// Text that goes with the tensors.
  public var metadata: [String: String]
  private var tensors: [(name: String, shape: [Int], values: TensorValues)] = []
  private var names: Set<String> = []

  /// No tensors yet.
  public init(metadata: [String: String] = [:]) { self.metadata = metadata }

  /// Adds a tensor of row-major values, the count of which must be the product of `shape`, under a name not yet used.
  public mutating func add(name: String, shape: [Int], values: TensorValues) {
    precondition(
      values.count == shape.reduce(1, *), "\(name) of shape \(shape) has \(values.count) values")
    precondition(
      name != Safetensors.metadataKey && names.insert(name).inserted, "\(name) is already used")
    tensors.append((name, shape, values))
  }

  /// Adds an F32 tensor.
  public mutating func add(name: String, shape: [Int], floats: [Float]) {
    add(name: name, shape: shape, values: .float32(floats))
  }

  /// Adds a U8 tensor.
  public mutating func add(name: String, shape: [Int], uint8s: [UInt8]) {
    add(name: name, shape: shape, values: .uint8(uint8s))
  }

  /// Adds an I8 tensor.
  public mutating func add(name: String, shape: [Int], int8s: [Int8]) {
    add(name: name, shape: shape, values: .int8(int8s))
  }

  /// Writes the file; what was at `path` before stays whole until the new file is.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func write(to path: String, owner: AtomicFile.Owner = .user) throws(DataError) {
    // Swift's sort is stable, so equal types keep the order in which they were added.
    let order = tensors.indices.sorted {
      tensors[$0].values.type.size > tensors[$1].values.type.size
    }
    var begins = [Int](repeating: 0, count: tensors.count)
    var end = 0
    for index in order {
      begins[index] = end
      end += tensors[index].values.count * tensors[index].values.type.size
    }
    let header = header(begins: begins)
    try AtomicFile.write(to: path, owner: owner) { file throws(SystemError) in
      try file.write([UInt64(header.count)])
      try file.write(header)
      for index in order { try tensors[index].values.write(to: file) }
    }
  }

  /// The header's JSON, padded with spaces so that the data begins at a multiple of 8.
  private func header(begins: [Int]) -> [UInt8] {
    var members: [(String, JSON)] = []
    if !metadata.isEmpty {
      let sorted = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      members.append(
        (Safetensors.metadataKey, .object(sorted.map { ($0.key, .string($0.value)) })))
    }
    for (tensor, begin) in zip(tensors, begins) {
      let end = begin + tensor.values.count * tensor.values.type.size
      members.append(
        (
          tensor.name,
          .object([
            ("dtype", .string(tensor.values.type.rawValue)),
            ("shape", .array(tensor.shape.map(JSON.int))),
            ("data_offsets", .array([.int(begin), .int(end)])),
          ])
        ))
    }
    let text = Array(JSON.object(members).description.utf8)
    return text + Array(repeating: UInt8(ascii: " "), count: -text.count & 7)
  }
}

/// Constants of the format.
enum Safetensors {
  static let metadataKey = "__metadata__"
  /// Headers above this are refused, as the format's own library does.
  static let largestHeader = 100_000_000
  /// Values in a header, of which a tensor has about ten: what they take in memory does not follow from their text.
  static let mostValues = 1 << 21
}
