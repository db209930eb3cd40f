import SpideConfiguration
import SpideFiles

/// A key of presets with the values that a sweep gives it: what `--over KEY=V1,V2,…` says.
///
/// Commas within brackets, braces and quotation marks belong to a value: `training.learning-rate.decay-at=[4],[8,12]`.
public struct SweepAxis: Hashable, Sendable {
  /// A dotted path, as in `--set`.
  public let key: String
  /// At least one, each once.
  public let values: [SweepValue]
  /// What was typed, and where in it each value begins: columns from 1, in Unicode scalars.
  let argument: String
  private let columns: [Int]

  /// Reads `KEY=V1,V2,…`. Whether the key and the values are legal is for presets to say.
  ///
  /// - Throws: ``SpideConfiguration/ConfigurationError`` where there is no key, or a value is empty, twice there or not on one line.
  public init(_ argument: String) throws(ConfigurationError) {
    func wrong(_ column: Int, _ problem: String, _ expected: String) -> ConfigurationError {
      ConfigurationError(
        file: SweepAxis.file(argument), line: 1, column: column, problem: problem,
        expected: expected)
    }
    let example = "KEY=V1,V2,… such as steps.backward=50,100"
    let scalars = Array(argument.unicodeScalars)
    guard let equals = scalars.firstIndex(of: "="), equals > 0 else {
      throw wrong(1, scalars.contains("=") ? "no key in it" : "no = in it", example)
    }
    key = String(String.UnicodeScalarView(scalars[..<equals]))
    var values: [SweepValue] = []
    var columns: [Int] = []
    for part in SweepAxis.parts(scalars[(equals + 1)...]) {
      let start = part.firstIndex { $0 != " " } ?? part.startIndex
      let end = part.lastIndex { $0 != " " }.map { $0 + 1 } ?? start
      let text = String(String.UnicodeScalarView(scalars[start..<end]))
      if text.isEmpty { throw wrong(start + 1, "an empty value", example) }
      guard text.printable() == text else {
        throw wrong(start + 1, "a value that is not printed on one line", example)
      }
      if values.contains(SweepValue(text)) {
        throw wrong(start + 1, "\(key) is \(text) twice", "each value once")
      }
      values.append(SweepValue(text))
      columns.append(start + 1)
    }
    self.values = values
    self.columns = columns
    self.argument = argument
  }

  /// What errors call the argument.
  static func file(_ argument: String) -> String { "--over \(argument)" }

  /// A value as an override.
  func assignment(_ value: SweepValue) -> String { "\(key)=\(value.text)" }

  /// Where in the argument a column of a value's ``assignment(_:)`` stands.
  func column(_ column: Int, of value: SweepValue) -> Int {
    let start = key.unicodeScalars.count + 2
    guard column >= start, let number = values.firstIndex(of: value) else { return column }
    return columns[number] + column - start
  }

  /// Whether one of two keys is the other, or within it.
  func overlaps(_ other: String) -> Bool {
    (key + ".").hasPrefix(other + ".") || (other + ".").hasPrefix(key + ".")
  }

  /// The text between commas, but for those within brackets, braces and quotation marks.
  private static func parts(
    _ text: ArraySlice<Unicode.Scalar>
  ) -> [ArraySlice<Unicode.Scalar>] {
    var parts: [ArraySlice<Unicode.Scalar>] = []
    var (start, depth) = (text.startIndex, 0)
    var quote: Unicode.Scalar?
    // Within a word a quotation mark is a letter as any other.
    var mayQuote = true
    var index = text.startIndex
    while index < text.endIndex {
      let scalar = text[index]
      if let open = quote {
        if open == "\"", scalar == "\\" { index += 1 }
        if scalar == open { quote = nil }
      } else if mayQuote, scalar == "\"" || scalar == "'" {
        quote = scalar
      } else if scalar == "[" || scalar == "{" {
        depth += 1
      } else if scalar == "]" || scalar == "}" {
        depth -= 1
      } else if scalar == ",", depth <= 0 {
        parts.append(text[start..<index])
        start = index + 1
      }
      // A mark that is doubled stands for itself.
      mayQuote = " ,[{:'\"".unicodeScalars.contains(scalar)
      index += 1
    }
    return parts + [text[start...]]
  }
}
