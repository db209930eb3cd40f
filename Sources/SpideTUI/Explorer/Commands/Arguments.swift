import SpideExperiment

/// What is wrong with a line that was entered.
struct CommandError: Error {
  let text: String
  /// Where in the line, in scalars before it; nil for all of it.
  let place: Int?

  init(_ text: String, place: Int? = nil) {
    self.text = text
    self.place = place
  }
}

/// What follows a command's name on its line.
struct Arguments: Sendable {
  /// All of it, without spaces at either end; a path may have spaces.
  let text: Substring
  /// The words of it.
  let words: [Substring]
  private let usage: String

  init(_ text: Substring, usage: String) {
    self.text = text.trimmingSpaces
    words = text.split(separator: " ")
    self.usage = usage
  }

  /// The error of arguments that the command does not take.
  var misuse: CommandError { CommandError("usage: \(usage)") }

  /// The text, which may not be empty.
  func required() throws(CommandError) -> Substring {
    guard !text.isEmpty else { throw misuse }
    return text
  }

  /// The only word.
  func onlyWord() throws(CommandError) -> Substring {
    guard words.count == 1 else { throw misuse }
    return words[0]
  }

  /// A number, or `missing` where nothing is there.
  func number(in range: ClosedRange<Int>, missing: Int) throws(CommandError) -> Int {
    if words.isEmpty { return missing }
    let word = try onlyWord()
    guard let number = Int(word), range.contains(number) else {
      throw CommandError(
        "usage: \(usage): \(echo(word)) is none; expected \(range.lowerBound) to \(range.upperBound)"
      )
    }
    return number
  }
}

/// What is said in an error of a text that someone typed, shortened where it is long.
func echo(_ text: some StringProtocol) -> String {
  let limit = 40
  guard text.unicodeScalars.count > limit else { return String(text) }
  var start = String.UnicodeScalarView()
  start.append(contentsOf: text.unicodeScalars.prefix(limit))
  return String(start) + "…"
}
