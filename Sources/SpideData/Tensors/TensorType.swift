/// The element types of safetensors, by their names in the format. All can be told apart; the program reads and
/// writes the four of ``TensorValues``.
public enum TensorType: String, Hashable, Sendable, CaseIterable {
  case bool = "BOOL"
  case uint8 = "U8"
  case int8 = "I8"
  case float8E5M2 = "F8_E5M2"
  case float8E4M3 = "F8_E4M3"
  case int16 = "I16"
  case uint16 = "U16"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int32 = "I32"
  case uint32 = "U32"
  case float32 = "F32"
  case int64 = "I64"
  case uint64 = "U64"
  case float64 = "F64"

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .bool, .uint8, .int8, .float8E5M2, .float8E4M3: return 1
    case .int16, .uint16, .float16, .bfloat16: return 2
    case .int32, .uint32, .float32: return 4
    case .int64, .uint64, .float64: return 8
    }
  }
}

/// The elements of a tensor, row-major.
public enum TensorValues: Equatable, Sendable {
  case float32([Float])
  case uint8([UInt8])
  case int8([Int8])
  case int64([Int64])

  /// The type that a file states.
  public var type: TensorType {
    switch self {
    case .float32: return .float32
    case .uint8: return .uint8
    case .int8: return .int8
    case .int64: return .int64
    }
  }

  /// Elements.
  public var count: Int {
    switch self {
    case .float32(let values): return values.count
    case .uint8(let values): return values.count
    case .int8(let values): return values.count
    case .int64(let values): return values.count
    }
  }

  func write(to file: borrowing OpenFile) throws(SystemError) {
    switch self {
    case .float32(let values): try file.write(values)
    case .uint8(let values): try file.write(values)
    case .int8(let values): try file.write(values)
    case .int64(let values): try file.write(values)
    }
  }
}
