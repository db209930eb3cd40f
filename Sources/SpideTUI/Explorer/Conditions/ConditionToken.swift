/// A part of a condition that was typed, with its place.
struct ConditionToken {
  let text: Substring

  /// Signs of comparison; `=` and the signs of mathematics mean the same as those of programs.
  static let signs = ["<=", ">=", "==", "!=", "<", ">", "=", "≤", "≥", "≠"]

  /// The parts of a text: words, signs of comparison, and `*`.
  static func all(in text: Substring) -> [ConditionToken] {
    var tokens: [ConditionToken] = []
    var rest = text.drop { $0 == " " }
    while !rest.isEmpty {
      let sign = (signs + ["*"]).first { rest.hasPrefix($0) }
      let part: Substring
      if let sign {
        part = rest.prefix(sign.count)
      } else {
        part = rest.prefix { $0 != " " && !"<>=!≤≥≠*".contains($0) }
      }
      // A lone `!` is a word too.
      let token = part.isEmpty ? rest.prefix(1) : part
      tokens.append(ConditionToken(text: token))
      rest = rest[token.endIndex...].drop { $0 == " " }
    }
    return tokens
  }
}

/// What is wrong with a condition, and where.
struct ConditionError: Error {
  /// The place in the text that was typed.
  let place: Substring.Index
  let problem: String
  let expected: String
}
