/// A JSON value whose objects keep their order, so that output reads the same every time.
public enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  /// A whole number above those of ``int(_:)``; ``unsigned(_:)`` chooses between the two.
  case large(UInt64)
  /// Written as the shortest text that reads back as the same number; not-a-number and infinity as `null`.
  case double(Double)
  case string(String)
  case array([JSON])
  case object([(String, JSON)])

  /// A single-precision number, with the digits that single precision needs (0.05, not 0.05000000074505806).
  public static func float(_ value: Float) -> JSON {
    .double(Double(value.description) ?? Double(value))
  }

  /// A whole number of any size.
  public static func unsigned(_ value: UInt64) -> JSON {
    Int(exactly: value).map(JSON.int) ?? .large(value)
  }

  /// Numbers as an array.
  public static func doubles(_ values: [Double]) -> JSON { .array(values.map(JSON.double)) }

  /// Whole numbers as an array.
  static func ints(_ values: [Int]) -> JSON { .array(values.map(JSON.int)) }

  /// A number, or null where there is none.
  public static func optional(_ value: Double?) -> JSON { value.map(JSON.double) ?? .null }

  /// The value of an object's key; nil where there is none, or no object.
  public subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0 == key }?.1
  }

  /// A whole number; nil for anything else.
  var integer: Int? {
    if case .int(let value) = self { return value }
    return nil
  }

  /// Text; nil for anything else.
  var text: String? {
    if case .string(let value) = self { return value }
    return nil
  }

  /// A number; nil for anything else.
  var finiteNumber: Double? {
    switch self {
    case .int(let value): return Double(value)
    case .large(let value): return Double(value)
    case .double(let value): return value
    default: return nil
    }
  }

  /// A number, or not-a-number for null, as which it is written; nil for anything else.
  var number: Double? { self == .null ? .nan : finiteNumber }

  /// An array of numbers; nil for anything else.
  var numbers: [Double]? {
    guard case .array(let values) = self else { return nil }
    let numbers = values.compactMap(\.number)
    return numbers.count == values.count ? numbers : nil
  }

  /// An array of whole numbers; nil for anything else.
  var integers: [Int]? {
    guard case .array(let values) = self else { return nil }
    let integers = values.compactMap(\.integer)
    return integers.count == values.count ? integers : nil
  }

  /// Equal values; the order of an object's keys counts.
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): return true
    case (.bool(let left), .bool(let right)): return left == right
    case (.int(let left), .int(let right)): return left == right
    case (.large(let left), .large(let right)): return left == right
    case (.double(let left), .double(let right)): return left == right
    case (.string(let left), .string(let right)): return left == right
    case (.array(let left), .array(let right)): return left == right
    case (.object(let left), .object(let right)):
      return left.elementsEqual(right) { $0.0 == $1.0 && $0.1 == $1.1 }
    default: return false
    }
  }
}

extension JSON: CustomStringConvertible {
  /// The value as JSON text, on one line and without spaces.
  public var description: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .large(let value): text += String(value)
    case .double(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): JSON.writeQuoted(value, to: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, (key, value)) in members.enumerated() {
        if index > 0 { text += "," }
        JSON.writeQuoted(key, to: &text)
        text += ":"
        value.write(to: &text)
      }
      text += "}"
    }
  }

  private static func writeQuoted(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      // Delete and the C1 controls are legal JSON, but a terminal might obey them.
      case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
