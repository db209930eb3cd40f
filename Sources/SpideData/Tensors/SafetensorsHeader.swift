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
  public var count: Int { shape.reduce(1, *) }
}

/// A safetensors header whose tensors lie one behind the other.
struct SafetensorsHeader {
  private(set) var tensors: [TensorEntry] = []
  private(set) var metadata: [String: String] = [:]
  /// Bytes that all tensors take up.
  private(set) var dataSize = 0

  /// Why a header was refused.
  private struct Refusal: Error {
    let problem: String
    let expected: String

    init(_ problem: String, expected: String) {
      self.problem = problem
      self.expected = expected
    }
  }

  /// Bytes of the header, from the first 8 of a file; `fileSize` is nil where only reading tells.
  ///
  /// - Throws: ``DataError`` of kind `badData` for a header that is longer than the file or the format allows.
  static func size(
    _ start: some Collection<UInt8>, of fileSize: Int?, path: String
  ) throws(DataError) -> Int {
    func wrong(_ problem: String, _ expected: String) -> DataError {
      DataError(.badData, path: path, problem: problem, expected: expected)
    }
    guard start.count == 8 else {
      throw wrong("\(start.count) bytes", "a safetensors file, which has at least 8")
    }
    let size = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let limit = min((fileSize ?? .max) - 8, Safetensors.largestHeader)
    guard size <= UInt64(max(0, limit)) else {
      throw wrong("a header of \(size) bytes", "at most \(limit), or it is not safetensors")
    }
    return Int(size)
  }

  /// Reads the header's JSON, which should have `size` bytes.
  ///
  /// - Throws: ``DataError`` of kind `badData`.
  init(json: ArraySlice<UInt8>, size: Int, path: String) throws(DataError) {
    do throws(Refusal) {
      guard json.count == size else {
        throw Refusal("it ends within its header", expected: "\(size) bytes of header")
      }
      try self.init(json)
    } catch {
      throw DataError(
        .badData, path: path, problem: error.problem, expected: error.expected)
    }
  }

  /// Refuses more or fewer bytes behind the header than its tensors take up.
  func check(dataSize: Int, path: String) throws(DataError) {
    guard dataSize == self.dataSize else {
      throw DataError(
        .badData, path: path, problem: "\(dataSize) bytes of data",
        expected: "\(self.dataSize), as the header says")
    }
  }

  private init(_ bytes: ArraySlice<UInt8>) throws(Refusal) {
    let json: JSON
    do throws(JSONError) {
      json = try JSON(parsing: bytes, mostValues: Safetensors.mostValues)
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
    dataSize = try endOfTensors()
  }

  private static func metadata(_ value: JSON) throws(Refusal) -> [String: String] {
    // The format's own library takes null for none.
    if case .null = value { return [:] }
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
    // Counted in bytes, or in bits where an element is not of whole bytes.
    let unit = type.bits % 8 == 0 ? 1 : 8
    var size = unit * type.bits / 8
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard !overflow else {
        throw Refusal(
          "the shape of tensor \(name.shown) overflows", expected: "the shape of its data")
      }
      size = product
    }
    guard size % unit == 0 else {
      throw Refusal("tensor \(name.shown) has \(size) bits", expected: "whole bytes")
    }
    size /= unit
    guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == size else {
      throw Refusal(
        "tensor \(name.shown) lies from \(offsets[0]) to \(offsets[1])",
        expected: "\(size) bytes, as its shape and type say")
    }
    return TensorEntry(name: name, type: type, shape: shape, bytes: offsets[0]..<offsets[1])
  }

  /// Where the data ends: tensors must cover it from its first byte on, each byte once.
  private func endOfTensors() throws(Refusal) -> Int {
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
    return end
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
