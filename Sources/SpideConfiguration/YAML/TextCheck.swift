/// What must hold before text goes to the YAML parser, which speaks darkly of tabs and expands aliases.
struct TextCheck {
  /// Bytes in a file.
  static let largestText = 256 * 1024
  /// Aliases in a file: any is an error later, but many would first be expanded.
  static let mostAliases = 16

  let file: String
  /// Added to columns of the first line, where the text is the end of a longer one.
  let columnOffset: Int

  func position(line: Int, column: Int) -> Position {
    Position(file: file, line: line, column: line == 1 ? column + columnOffset : column)
  }

  /// Text of UTF-8 bytes; an error stands at the first that is none.
  func decode(_ bytes: [UInt8]) throws(ConfigurationError) -> String {
    try checkSize(bytes.count)
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var line = 1
    var column = 1
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      column = scalar == "\n" ? 1 : column + 1
      if scalar == "\n" { line += 1 }
    }
    throw ConfigurationError(
      at: position(line: line, column: column), "the bytes here are not UTF-8",
      expected: "UTF-8 text")
  }

  /// Refuses what the parser must not see.
  func check(_ text: String) throws(ConfigurationError) {
    try checkSize(text.utf8.count)
    var line = 1
    var column = 0
    var previous: Unicode.Scalar = "\n"
    var tab: Position?
    var isIndentation = true
    var aliases = 0
    for scalar in text.unicodeScalars {
      column += 1
      let here = position(line: line, column: column)
      if scalar == "\n" || scalar == "\r" {
        if !(scalar == "\n" && previous == "\r") { line += 1 }
        column = 0
        tab = nil
        isIndentation = true
        previous = scalar
        continue
      }
      if !TextCheck.isPrintable(scalar) {
        throw ConfigurationError(
          at: here, "the character U+\(String(scalar.value, radix: 16, uppercase: true))",
          expected: "printable text")
      }
      if scalar == "\t", isIndentation, tab == nil { tab = here }
      if isIndentation, scalar != " ", scalar != "\t" {
        isIndentation = false
        if let tab, scalar != "#" {
          throw ConfigurationError(at: tab, "a tab indents this line", expected: "spaces")
        }
      }
      if previous == "*", TextCheck.isNamePart(scalar) {
        aliases += 1
        if aliases > TextCheck.mostAliases {
          throw ConfigurationError(
            at: here, "more than \(TextCheck.mostAliases) aliases (*name)",
            expected: "every value written out")
        }
      }
      previous = scalar
    }
  }

  private func checkSize(_ bytes: Int) throws(ConfigurationError) {
    guard bytes <= TextCheck.largestText else {
      throw ConfigurationError(
        at: position(line: 1, column: 1), "more than \(TextCheck.largestText) bytes",
        expected: "a file of a few kilobytes")
    }
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      || scalar == "_" || scalar == "-"
  }

  /// YAML's printable characters, less the line breaks that editors do not count.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      return true
    default: return false
    }
  }
}
