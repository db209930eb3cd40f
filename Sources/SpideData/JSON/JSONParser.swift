import SpideFiles

/// Why a text is not JSON.
public struct JSONError: Error, Equatable, Sendable {
  /// Bytes before the place that is wrong.
  public let offset: Int
  /// What is wrong there.
  public let problem: String
}

extension JSON {
  /// Reads JSON text, strictly: UTF-8, nothing after the value, no key twice in an object.
  ///
  /// A key that comes twice is why the library's decoder does not serve here: it keeps one of the two and says
  /// nothing, so that a file could mean one tensor to us and another to the next program.
  ///
  /// - Parameter mostValues: Values in it, those within others counted too: each takes many times the memory of its text.
  /// - Throws: ``JSONError`` at the first byte that does not fit; also where nesting exceeds 64 levels.
  public init(
    parsing bytes: some Sequence<UInt8>, mostValues: Int = 1 << 23
  ) throws(JSONError) {
    var parser = JSONParser(bytes: Array(bytes), mostValues: mostValues)
    self = try parser.document()
  }
}

/// A recursive-descent reader of one JSON text (RFC 8259).
private struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private let mostValues: Int
  private var values = 0
  private static let deepest = 64

  init(bytes: [UInt8], mostValues: Int) {
    self.bytes = bytes
    self.mostValues = mostValues
  }

  mutating func document() throws(JSONError) -> JSON {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw wrong("something follows the value") }
    return value
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSON {
    guard depth <= JSONParser.deepest else { throw wrong("nested too deeply") }
    values += 1
    guard values <= mostValues else { throw wrong("more than \(mostValues) values") }
    skipSpace()
    guard let first = peek else { throw wrong("the text ends where a value should be") }
    switch first {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default:
      if skip(word: "true") { return .bool(true) }
      if skip(word: "false") { return .bool(false) }
      if skip(word: "null") { return .null }
      throw wrong("not a value")
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    var members: [(String, JSON)] = []
    var keys: Set<String> = []
    position += 1
    skipSpace()
    if skip("}") { return .object([]) }
    repeat {
      skipSpace()
      let start = position
      let key = try string()
      guard keys.insert(key).inserted else {
        throw JSONError(offset: start, problem: "key \"\(key.printable(limit: 60))\" comes twice")
      }
      skipSpace()
      guard skip(":") else { throw wrong("no ':' after a key") }
      members.append((key, try value(depth: depth + 1)))
      skipSpace()
    } while skip(",")
    guard skip("}") else { throw wrong("no ',' or '}' after a value") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    var values: [JSON] = []
    position += 1
    skipSpace()
    if skip("]") { return .array([]) }
    repeat {
      values.append(try value(depth: depth + 1))
      skipSpace()
    } while skip(",")
    guard skip("]") else { throw wrong("no ',' or ']' after a value") }
    return .array(values)
  }

  /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`; whole numbers that fit stay integers.
  private mutating func number() throws(JSONError) -> JSON {
    let start = position
    var isWhole = true
    _ = skip("-")
    if !skip("0") { try digits() }
    if skip(".") {
      isWhole = false
      try digits()
    }
    if skip("e") || skip("E") {
      isWhole = false
      if !skip("+") { _ = skip("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let value = Int(text) { return .int(value) }
    if isWhole, let value = UInt64(text) { return .large(value) }
    guard let value = Double(text), value.isFinite else {
      throw JSONError(offset: start, problem: "the number is too large")
    }
    return .double(value)
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw wrong("a digit is missing") }
  }

  private mutating func string() throws(JSONError) -> String {
    guard skip("\"") else { throw wrong("no '\"' where text should begin") }
    let start = position
    var text: [UInt8] = []
    while let byte = peek, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw wrong("a control character in text") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        text.append(contentsOf: try escape())
      } else {
        text.append(byte)
      }
    }
    guard skip("\"") else { throw wrong("text without an end") }
    guard let valid = String(validating: text, as: UTF8.self) else {
      throw JSONError(offset: start, problem: "text is not UTF-8")
    }
    return valid
  }

  private mutating func escape() throws(JSONError) -> [UInt8] {
    guard let byte = peek else { throw wrong("text without an end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var units = [try hexUnit()]
      if UTF16.isLeadSurrogate(units[0]), skip(word: "\\u") { units.append(try hexUnit()) }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw wrong("half a surrogate pair")
      }
      return Array(text.utf8)
    default: throw wrong("an unknown escape")
    }
  }

  private mutating func hexUnit() throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw wrong("a hexadecimal digit is missing")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func skip(_ scalar: UnicodeScalar) -> Bool {
    guard peek == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func skip(word: StaticString) -> Bool {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count else { return false }
    let word = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes[position..<end].elementsEqual(word) else { return false }
    position = end
    return true
  }

  private func wrong(_ problem: String) -> JSONError {
    JSONError(offset: position, problem: problem)
  }
}
