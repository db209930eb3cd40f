import SpideFiles

/// Reads scalars by our rules: decimal numbers, `true` and `false`, text.
enum Scalar {
  /// Whether text is a decimal number: `30`, `-0.5`, `.5`, `5e-4`; not `030`, `0x1e`, `1_000`, `.inf`.
  static func isNumber(_ text: String) -> Bool {
    var rest = Substring(text)
    func digits() -> Int {
      let found = rest.prefix { ("0"..."9").contains($0) }
      rest = rest.dropFirst(found.count)
      return found.count
    }
    if rest.first == "-" { rest.removeFirst() }
    let startsWithZero = rest.first == "0"
    let whole = digits()
    if startsWithZero, whole > 1 { return false }
    var fraction = 0
    if rest.first == "." {
      rest.removeFirst()
      fraction = digits()
    }
    guard whole + fraction > 0 else { return false }
    if rest.first == "e" || rest.first == "E" {
      rest.removeFirst()
      if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  /// Whether YAML would read plain text as something else than text.
  static func isTypedOtherwise(_ text: String) -> Bool {
    isNumber(text) || ["true", "false", "null", "~", ""].contains(text)
  }
}

/// The numbers that a key takes.
struct Bounds: Sendable {
  var above: Float?
  var atLeast: Float?
  var below: Float?
  var atMost: Float?

  func contain(_ value: Float) -> Bool {
    value.isFinite && above.map { value > $0 } ?? true && atLeast.map { value >= $0 } ?? true
      && below.map { value < $0 } ?? true && atMost.map { value <= $0 } ?? true
  }

  /// `a number above 0 and at most 1`.
  var description: String {
    let parts = [
      above.map { "above \(brief($0))" }, atLeast.map { "at least \(brief($0))" },
      below.map { "below \(brief($0))" }, atMost.map { "at most \(brief($0))" },
    ].compactMap { $0 }
    return "a number " + parts.joined(separator: " and ")
  }
}

/// A number without a needless `.0`.
func brief(_ value: Float) -> String {
  Int(exactly: value).map(String.init) ?? String(value)
}

extension YAMLNode {
  /// A whole decimal number within a range.
  func integer(_ range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
    guard case .scalar(let text, isPlain: true) = content, Scalar.isNumber(text),
      let value = Int(text), range.contains(value)
    else {
      throw mismatch(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A decimal number within bounds, tested after rounding to single precision.
  func number(_ bounds: Bounds) throws(ConfigurationError) -> Float {
    guard case .scalar(let text, isPlain: true) = content, Scalar.isNumber(text),
      let value = Float(text), bounds.contain(value)
    else { throw mismatch(expected: bounds.description) }
    return value
  }

  /// `true` or `false`, nothing else.
  func boolean() throws(ConfigurationError) -> Bool {
    switch content {
    case .scalar("true", isPlain: true): return true
    case .scalar("false", isPlain: true): return false
    default: throw mismatch(expected: "true or false")
    }
  }

  /// Text of one line; a plain number or truth value is not text.
  func text(maximum: Int) throws(ConfigurationError) -> String {
    guard case .scalar(let text, let isPlain) = content, !(isPlain && Scalar.isTypedOtherwise(text))
    else { throw mismatch(expected: "text (in quotes where it looks like something else)") }
    guard !text.isEmpty, text.unicodeScalars.count <= maximum, text.printable() == text else {
      throw mismatch(expected: "one line of 1 to \(maximum) characters")
    }
    return text
  }

  /// A name that can be a file name: letters, digits, `-`, `_` and `.`, not first.
  func name() throws(ConfigurationError) -> String {
    let text = try text(maximum: 64)
    let legal = text.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
        || "-_.".unicodeScalars.contains($0)
    }
    guard legal, text.first != "-", text.first != "." else {
      throw mismatch(expected: "letters, digits, - and _ only")
    }
    return text
  }

  /// One of the words of an enumeration.
  func word<Value: RawRepresentable & CaseIterable>(
    of type: Value.Type
  ) throws(ConfigurationError) -> Value where Value.RawValue == String {
    let words = Value.allCases.map(\.rawValue)
    let word = try word(in: words)
    guard let value = Value(rawValue: word) else {
      preconditionFailure("\(Value.self) has no \(word), which is among its cases")
    }
    return value
  }

  /// One of some words.
  func word(in words: [String]) throws(ConfigurationError) -> String {
    guard case .scalar(let text, _) = content else {
      throw mismatch(expected: alternatives(words))
    }
    guard words.contains(text) else {
      throw mismatch(expected: alternatives(words) + Spelling.hint(for: text, in: words))
    }
    return text
  }

  /// The values of a list with a number of entries within a range.
  func list(_ range: ClosedRange<Int>, of what: String) throws(ConfigurationError) -> [YAMLNode] {
    guard case .sequence(let nodes) = content else { throw mismatch(expected: "a list of \(what)") }
    guard range.contains(nodes.count) else {
      let count =
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      throw error("has \(nodes.count) entries", expected: "\(count) \(what)")
    }
    return nodes
  }
}
