import SpideFiles

/// Why a preset or a screen cannot be used: where in which text, what is wrong, what was expected.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, or `--set KEY=VALUE` for an override.
  public let file: String
  /// Counted from 1.
  public let line: Int
  /// Counted from 1, in Unicode scalars.
  public let column: Int
  /// What is wrong, with the value at fault.
  public let problem: String
  /// What would have been right.
  public let expected: String

  /// An error at a place.
  public init(file: String, line: Int, column: Int, problem: String, expected: String) {
    self.file = file
    self.line = line
    self.column = column
    self.problem = problem
    self.expected = expected
  }

  init(at position: Position, _ problem: String, expected: String) {
    self.init(
      file: position.file, line: position.line, column: position.column, problem: problem,
      expected: expected)
  }

  /// `FILE:LINE:COLUMN: what is wrong; what was expected`, always one line.
  public var description: String {
    "\(file.printable()):\(line):\(column): \(problem.printable()); expected \(expected.printable())"
  }

  /// The `KEY=VALUE` at fault, where the text is an override; nil for a file.
  public var override: String? {
    file.hasPrefix(Override.filePrefix) ? String(file.dropFirst(Override.filePrefix.count)) : nil
  }

  /// What is wrong and what was expected, for whoever has typed `assignment` and sees it still: one line without a
  /// place in it. An error elsewhere says where.
  public func description(typing assignment: String) -> String {
    let what = "\(problem.printable()); expected \(expected.printable())"
    guard let override else { return description }
    return override == assignment ? what : "\(override.printable()), which was set before: \(what)"
  }

  /// The status with which a command ends on this error: 65, bad data.
  public var exitCode: Int32 { 65 }
}

/// A place in a text.
struct Position: Hashable, Sendable {
  let file: String
  let line: Int
  let column: Int
}

/// User text as an error quotes it: in quotation marks, shortened where long.
func quoted(_ text: String) -> String {
  let limit = 40
  guard text.unicodeScalars.count > limit else { return "\"\(text)\"" }
  return "\"\(String(text.unicodeScalars.prefix(limit)))…\""
}

/// `a`, `a or b`, `a, b or c`.
func alternatives(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
  return words.dropLast().joined(separator: ", ") + " or " + last
}
