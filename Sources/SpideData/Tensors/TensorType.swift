import SpideFiles

/// The element types of safetensors, by their names in the format. All can be told apart; the program reads and
/// writes the four of ``TensorValues``.
public enum TensorType: String, Hashable, Sendable, CaseIterable {
  case bool = "BOOL"
  case float4 = "F4"
  case float6E2M3 = "F6_E2M3"
  case float6E3M2 = "F6_E3M2"
  case uint8 = "U8"
  case int8 = "I8"
  case float8E5M2 = "F8_E5M2"
  case float8E4M3 = "F8_E4M3"
  case float8E8M0 = "F8_E8M0"
  case float8E5M2FNUZ = "F8_E5M2FNUZ"
  case float8E4M3FNUZ = "F8_E4M3FNUZ"
  case int16 = "I16"
  case uint16 = "U16"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int32 = "I32"
  case uint32 = "U32"
  case float32 = "F32"
  case complex64 = "C64"
  case int64 = "I64"
  case uint64 = "U64"
  case float64 = "F64"

  /// Bits of one element.
  public var bits: Int {
    switch self {
    case .float4: return 4
    case .float6E2M3, .float6E3M2: return 6
    case .bool, .uint8, .int8: return 8
    case .float8E5M2, .float8E4M3, .float8E8M0, .float8E5M2FNUZ, .float8E4M3FNUZ: return 8
    case .int16, .uint16, .float16, .bfloat16: return 16
    case .int32, .uint32, .float32: return 32
    case .complex64, .int64, .uint64, .float64: return 64
    }
  }

  /// Bytes of one element, in part of a byte rounded up.
  public var size: Int { (bits + 7) / 8 }
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
