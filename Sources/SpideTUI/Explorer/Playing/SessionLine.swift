import SpideConfiguration
import SpideExperiment

/// A line of a played session on its way to what happens.
struct SessionLine {
  let number: Int
  private let text: Substring
  private let file: String

  init(_ text: Substring, number: Int, file: String) {
    self.text = text.trimmingStart
    self.number = number
    self.file = file
  }

  var isCommand: Bool { text.unicodeScalars.first == ":" }

  /// What happens; nil for a line that is empty or a remark.
  func acts() throws(ConfigurationError) -> [PlayedSession.Act]? {
    guard let first = text.unicodeScalars.first, first != "#" else { return nil }
    if isCommand { return try command() }
    let words = text.unicodeScalars.split(whereSeparator: { $0 == " " || $0 == "\t" })
      .map { Substring($0) }
    guard let word = words.first else { return nil }
    let rest = Array(words.dropFirst())
    switch word {
    case "wait": return [try wait(rest)]
    case "click": return [.input(.mouse(try mouse(.press, rest, "click")))]
    case "drag": return [.input(.mouse(try mouse(.drag, rest, "drag")))]
    case "wheel":
      guard let direction = rest.first, ["up", "down"].contains(direction) else {
        throw error("\(text)", "wheel up COLUMN ROW or wheel down COLUMN ROW")
      }
      let kind: MouseEvent.Kind = direction == "up" ? .wheelUp : .wheelDown
      return [.input(.mouse(try mouse(kind, Array(rest.dropFirst()), "wheel \(direction)")))]
    case "paste": return [.input(.paste(try pasted()))]
    case "size": return [.input(try size(rest))]
    default: return try keys(words)
    }
  }

  // MARK: Kinds of lines

  private func keys(_ words: [Substring]) throws(ConfigurationError) -> [PlayedSession.Act] {
    var acts: [PlayedSession.Act] = []
    for word in words {
      if word.unicodeScalars.first == "#" { break }
      guard let key = Key(name: word) else {
        throw ConfigurationError(
          file: file, line: number, column: column(of: word), problem: "no key \(echo(word))",
          expected: "keys as the help names them, such as s, space, Tab or PgUp; "
            + "a : command, wait, click, drag, wheel, paste, size or # a remark")
      }
      acts.append(.input(.key(key)))
    }
    return acts
  }

  /// Typed as a person would, letter by letter.
  private func command() throws(ConfigurationError) -> [PlayedSession.Act] {
    for scalar in text.unicodeScalars where scalar.properties.generalCategory == .control {
      throw error(
        "the character U+\(String(scalar.value, radix: 16, uppercase: true))", "a printed command")
    }
    let typed = text.unicodeScalars.map { Key.character(Character($0)) }
    return (typed + [.enter]).map { .input(.key($0)) }
  }

  private func wait(_ words: [Substring]) throws(ConfigurationError) -> PlayedSession.Act {
    if words.count == 2, let count = whole(words[0]), count > 0 {
      switch words[1] {
      case count == 1 ? "batch" : "batches": return .batches(count)
      case count == 1 ? "beat" : "beats": return .beats(count)
      default: break
      }
    }
    guard words.count == 1, words[0].utf8.allSatisfy({ "0123456789.".utf8.contains($0) }),
      let seconds = Double(words[0]), seconds <= 86_400
    else { throw error("\(text)", "wait SECONDS, up to 86400, or wait NUMBER batches or beats") }
    return .wait(seconds: seconds)
  }

  private func mouse(
    _ kind: MouseEvent.Kind, _ words: [Substring], _ name: String
  ) throws(ConfigurationError) -> MouseEvent {
    guard words.count == 2, let column = whole(words[0]), let row = whole(words[1]), column > 0,
      row > 0
    else { throw error("\(text)", "\(name) COLUMN ROW, both from 1") }
    let isWheel = kind == .wheelUp || kind == .wheelDown
    return MouseEvent(kind, button: isWheel ? nil : .left, x: column - 1, y: row - 1)
  }

  private func size(_ words: [Substring]) throws(ConfigurationError) -> InputEvent {
    guard words.count == 1, let size = ScreenSize(words[0]) else {
      throw error("\(text)", "size \(ScreenSize.expected)")
    }
    return .resized(width: size.width, height: size.height)
  }

  private func pasted() throws(ConfigurationError) -> String {
    guard let text = PastedText.unescaped(Substring(text.unicodeScalars.dropFirst("paste ".count)))
    else {
      throw error("\(text)", "paste TEXT with \\n, \\t, \\\\ and \\u{…} for what cannot be seen")
    }
    return text
  }

  // MARK: Words

  private func whole(_ word: Substring) -> Int? {
    guard !word.isEmpty, word.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(word),
      number <= 1_000_000
    else { return nil }
    return number
  }

  private func error(_ problem: String, _ expected: String) -> ConfigurationError {
    ConfigurationError(
      file: file, line: number, column: column(of: text), problem: echo(problem),
      expected: expected)
  }

  /// Where a part of the line begins, from 1.
  private func column(of part: Substring) -> Int {
    text.base.unicodeScalars.distance(from: lineStart, to: part.startIndex) + 1
  }

  private var lineStart: String.Index {
    let before = text.base.unicodeScalars[..<text.startIndex]
    return before.lastIndex(of: "\n").map { before.index(after: $0) } ?? before.startIndex
  }
}

extension Substring {
  /// Without spaces and tabs before it.
  fileprivate var trimmingStart: Substring {
    let start = unicodeScalars.firstIndex { $0 != " " && $0 != "\t" } ?? endIndex
    return self[start...]
  }
}

/// Columns and rows of a screen, as in `120x36`.
package struct ScreenSize: Hashable, Sendable {
  /// What is expected of one, in words.
  package static let expected = "COLUMNSxROWS, each 1 to 1000, as in 120x36"

  package var width: Int
  package var height: Int

  /// A size as it was typed; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      part.utf8.allSatisfy { (48...57).contains($0) } ? Int(part) : nil
    }
    guard parts.count == 2, numbers.count == 2, numbers.allSatisfy((1...1000).contains) else {
      return nil
    }
    (width, height) = (numbers[0], numbers[1])
  }
}

/// Text that was pasted, in one line.
enum PastedText {
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar == " " || scalar.isSeen: result.unicodeScalars.append(scalar)
      default: result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
  }

  /// Nil where a backslash stands before something else than it does in ``escaped(_:)``.
  static func unescaped(_ text: Substring) -> String? {
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars
    while let scalar = rest.popFirst() {
      guard scalar == "\\" else {
        result.append(scalar)
        continue
      }
      switch rest.popFirst() {
      case "\\": result.append("\\")
      case "n": result.append("\n")
      case "t": result.append("\t")
      case "u":
        guard rest.popFirst() == "{", let end = rest.firstIndex(of: "}"),
          let code = UInt32(String(rest[..<end]), radix: 16), let escaped = Unicode.Scalar(code)
        else { return nil }
        result.append(escaped)
        rest = rest[rest.index(after: end)...]
      default: return nil
      }
    }
    return String(result)
  }
}
