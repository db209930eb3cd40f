/// A tensor as a safetensors header describes it.
public struct TensorEntry: Equatable, Sendable {
  /// The tensor's name.
  public let name: String
  /// Type of its elements.
  public let type: TensorType
  /// Sizes, outermost first; empty for a single number.
  public let shape: [Int]
  /// Where its bytes lie, counted from the end of the header.
  let bytes: Range<Int>

  /// Elements.
  public var count: Int { bytes.count / type.size }
}

/// A safetensors header that has been checked against the size of the data behind it.
struct SafetensorsHeader {
  private(set) var tensors: [TensorEntry] = []
  private(set) var metadata: [String: String] = [:]

  /// Why a header was refused.
  struct Refusal: Error {
    let problem: String
    let expected: String

    init(_ problem: String, expected: String) {
      self.problem = problem
      self.expected = expected
    }
  }

  /// Reads the header's JSON; `dataSize` bytes follow it in the file.
  init(json bytes: ArraySlice<UInt8>, dataSize: Int) throws(Refusal) {
    let json: JSON
    do throws(JSONError) {
      json = try JSON(parsing: bytes)
    } catch {
      throw Refusal(
        "the header is not JSON at byte \(error.offset): \(error.problem)",
        expected: "an object that describes the tensors")
    }
    guard bytes.first == UInt8(ascii: "{"), case .object(let members) = json else {
      throw Refusal("the header is no object", expected: "an object that describes the tensors")
    }
    for (name, value) in members {
      if name == Safetensors.metadataKey {
        metadata = try SafetensorsHeader.metadata(value)
      } else {
        tensors.append(try SafetensorsHeader.tensor(name, value))
      }
    }
    try checkLayout(dataSize: dataSize)
  }

  private static func metadata(_ value: JSON) throws(Refusal) -> [String: String] {
    guard case .object(let members) = value else {
      throw Refusal("\(Safetensors.metadataKey) is no object", expected: "keys and texts")
    }
    var metadata: [String: String] = [:]
    for (key, value) in members {
      guard case .string(let text) = value else {
        throw Refusal("metadata \(key.shown) is no text", expected: "keys and texts")
      }
      metadata[key] = text
    }
    return metadata
  }

  private static func tensor(_ name: String, _ value: JSON) throws(Refusal) -> TensorEntry {
    guard case .object(let members) = value, members.count == 3, let type = value["dtype"],
      let shape = value["shape"]?.naturalNumbers,
      let offsets = value["data_offsets"]?.naturalNumbers, offsets.count == 2
    else {
      throw Refusal(
        "tensor \(name.shown) is not described rightly",
        expected: "dtype, shape and two data_offsets")
    }
    guard case .string(let typeName) = type, let type = TensorType(rawValue: typeName) else {
      throw Refusal(
        "tensor \(name.shown) has type \(type.description.shown)",
        expected: "one of \(TensorType.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    var size = type.size
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard !overflow else {
        throw Refusal(
          "the shape of tensor \(name.shown) overflows", expected: "the shape of its data")
      }
      size = product
    }
    guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == size else {
      throw Refusal(
        "tensor \(name.shown) lies from \(offsets[0]) to \(offsets[1])",
        expected: "\(size) bytes, as its shape and type say")
    }
    return TensorEntry(name: name, type: type, shape: shape, bytes: offsets[0]..<offsets[1])
  }

  /// Tensors must cover the data from its first to its last byte, each byte once.
  private func checkLayout(dataSize: Int) throws(Refusal) {
    let sorted = tensors.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
    }
    var end = 0
    for tensor in sorted {
      guard tensor.bytes.lowerBound == end else {
        let gap = tensor.bytes.lowerBound > end ? "leaves a gap before it" : "overlaps another"
        throw Refusal(
          "tensor \(tensor.name.shown) \(gap)", expected: "its data to begin at \(end)")
      }
      end = tensor.bytes.upperBound
    }
    guard end == dataSize else {
      throw Refusal(
        "\(dataSize) bytes of data", expected: "\(end), as the header says")
    }
  }
}

extension JSON {
  /// An array of whole numbers from 0 on; nil for anything else.
  fileprivate var naturalNumbers: [Int]? {
    guard case .array(let values) = self else { return nil }
    var numbers: [Int] = []
    for value in values {
      guard case .int(let number) = value, number >= 0 else { return nil }
      numbers.append(number)
    }
    return numbers
  }
}

extension String {
  /// A name out of a file as messages show it: harmless to a terminal and not too long.
  var shown: String { printable(limit: 80) }
}
