import SpideConfiguration
import SpideData

/// What somebody does at the explorer, as a text that a person can read and write.
///
/// A line is one of
///
///     s s n f             keys, as the help names them: space, Tab, Esc, Enter, PgUp, Up, Ctrl-C …
///     :reset zero         a command, typed and entered
///     wait 0.5            seconds, for what plays or trains
///     wait 46 batches     until a training that runs has done so many more
///     wait 12 beats       of what plays, while a training that runs too stands still
///     click 20 36         a column and a row, from 1; also drag 20 36, wheel up 20 36, wheel down 20 36
///     paste TEXT          with \n for a line end and \\ for a backslash
///     size 120x36         the terminal's columns and rows from here on
///     s n # a remark, on a line of its own or after keys
package struct PlayedSession: Sendable {
  /// One thing that happens.
  package enum Act: Hashable, Sendable {
    case input(InputEvent)
    /// So many seconds pass.
    case wait(seconds: Double)
    /// A training that runs does so many batches more.
    case batches(Int)
    /// What plays goes on by so many beats, and nothing else does.
    case beats(Int)
  }

  /// A line.
  package struct Step: Hashable, Sendable {
    /// What happens, in order.
    package var acts: [Act]
    /// Whether it is a command, which has to succeed.
    package var isCommand: Bool
    /// Counted from 1.
    package var line: Int
  }

  /// The file, for errors.
  package let file: String
  /// The lines that are not empty.
  package let steps: [Step]

  /// All that happens.
  package var acts: [Act] { steps.flatMap(\.acts) }

  /// Reads a text.
  ///
  /// - Throws: ``ConfigurationError`` at the first line that is none of a played session's.
  package init(_ text: String, file: String) throws(ConfigurationError) {
    self.file = file
    var steps: [Step] = []
    let mark = Unicode.Scalar(0xFEFF)  // Some editors begin a file with it.
    let scalars = text.unicodeScalars
    let lines = (scalars.first == mark ? scalars.dropFirst() : scalars[...]).split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" })
    for (index, line) in lines.enumerated() {
      let text = Substring(line.last == "\r" ? line.dropLast() : line)
      let line = SessionLine(text, number: index + 1, file: file)
      if let acts = try line.acts() {
        steps.append(Step(acts: acts, isCommand: line.isCommand, line: line.number))
      }
    }
    self.steps = steps
  }

  /// Reads a file.
  ///
  /// - Throws: ``DataError`` where it cannot be read, ``ConfigurationError`` as above.
  package init(path: String) throws {
    try self.init(
      SmallTextFile.read(path, expected: "a played session: lines of keys and commands"),
      file: path)
  }

  /// The error of a command that has failed, by what the explorer says of it.
  package func error(_ step: Step, failure: String) -> ConfigurationError {
    let parts = failure.split(separator: "; expected ", maxSplits: 1).map(String.init)
    return error(
      step, parts[0], expected: parts.count > 1 ? parts[1] : "a command that can be carried out")
  }

  /// The error of a command that could not be typed.
  package func error(_ step: Step, obstacle: String) -> ConfigurationError {
    error(step, obstacle, expected: "keys before the command that answer or close it")
  }

  /// The error of a line.
  package func error(
    _ step: Step, _ problem: String, expected: String
  ) -> ConfigurationError {
    ConfigurationError(
      file: file, line: step.line, column: 1, problem: problem, expected: expected)
  }
}
