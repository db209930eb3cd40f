// Text on its way into cells: one column a character, and ASCII where nothing else may be used.

extension Glyphs {
  /// `text` as it will be shown: unchanged, or in ASCII with Greek letters spelt and signs replaced.
  public func plain(_ text: String) -> String {
    if !isASCII || text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    return text.reduce(into: "") { result, character in
      result += character.isASCII ? String(character) : Glyphs.transliterations[character] ?? "?"
    }
  }

  /// Columns that `text` takes.
  public func width(_ text: String) -> Int { plain(text).count }

  /// `text` in at most `width` columns, the end replaced by an ellipsis where it is longer.
  public func clipped(_ text: String, to width: Int) -> String {
    let shown = plain(text)
    if shown.count <= width { return shown }
    if width <= ellipsis.count { return String(shown.prefix(max(0, width))) }
    return shown.prefix(width - ellipsis.count) + ellipsis
  }

  /// The character that a cell holds for `character`: itself where it is one column wide and allowed,
  /// else its one-character stand-in, else `?`.
  func cell(_ character: Character) -> Character {
    guard character.unicodeScalars.count == 1, let scalar = character.unicodeScalars.first else {
      return "?"
    }
    if (0x20...0x7E).contains(scalar.value) { return character }
    if isASCII {
      guard let text = Glyphs.transliterations[character], text.count == 1 else { return "?" }
      return text.first ?? "?"
    }
    return Glyphs.narrow.contains { $0.contains(scalar.value) } ? character : "?"
  }

  /// Blocks of Unicode whose characters every terminal gives one column.
  private static let narrow: [ClosedRange<UInt32>] = [
    0xA1...0xAC, 0xAE...0x17F,  // Latin
    0x391...0x3C9, 0x400...0x45F,  // Greek, Cyrillic
    0x2010...0x2027, 0x2030...0x205E, 0x2070...0x209C,  // punctuation, small digits
    0x2190...0x22FF,  // arrows, mathematics
    0x2500...0x25FC, 0x2713...0x2717,  // boxes, blocks, shapes, checks
    0x27E8...0x27E9, 0x2800...0x28FF,  // brackets, braille
  ]

  private static let transliterations: [Character: String] = {
    var table: [Character: String] = [
      "×": "x", "·": "-", "−": "-", "–": "-", "—": "-", "‐": "-", "…": "...", "±": "+/-",
      "≥": ">=", "≤": "<=", "≈": "~", "≠": "!=", "∞": "inf", "√": "sqrt", "∂": "d", "∑": "sum",
      "⊙": "*", "⊗": "x", "²": "2", "³": "3", "°": "deg", "µ": "u", "«": "\"", "»": "\"",
      "“": "\"", "”": "\"", "‘": "'", "’": "'", "→": "->", "←": "<-", "↔": "<->", "↑": "^",
      "↓": "v", "↺": "@", "✓": "*", "✗": "x", "‖": "|", "⋮": ":", "•": "*", "●": "o", "○": "o",
      "◆": "x", "◇": "x", "■": "#", "▲": "A", "▼": "V", "▴": "^", "▾": "v", "▵": "^", "▿": "v",
      "▸": ">", "▶": ">", "◂": "<", "◀": "<", "─": "-", "━": "=", "│": "|", "┃": "|", "┄": ".",
      "┊": ":", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+",
      "┼": "+", "█": "#", "▓": "*", "▒": ":", "░": ".", "▇": "#", "\u{A0}": " ",
    ]
    let greek = [
      "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
      "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi",
      "chi", "psi", "omega",
    ]
    for (letter, name) in zip("αβγδεζηθικλμνξοπρςστυφχψω", greek) { table[letter] = name }
    for (letter, name) in [("Γ", "Gamma"), ("Δ", "Delta"), ("Σ", "Sum"), ("Ω", "Omega")] {
      table[Character(letter)] = name
    }
    return table
  }()
}
