// Text on its way into cells: measured and cut by Unicode scalars, and ASCII where nothing else may be used.

/// What of a text goes into one cell, or into two where it is wide.
struct TextCell: Hashable {
  /// A scalar, or what stands for it, with at most two marks over it.
  var character: Character
  /// 1 or 2.
  let columns: Int
  private var marks = 0

  fileprivate init(_ character: Character, columns: Int) {
    self.character = character
    self.columns = columns
  }

  /// Draws a mark over the character; one that would not merge with it, or is too many, is left out.
  fileprivate mutating func add(_ mark: Unicode.Scalar) {
    var text = String(character)
    text.unicodeScalars.append(mark)
    guard marks < 2, character != "?", text.count == 1 else { return }
    character = Character(text)
    marks += 1
  }
}

extension Glyphs {
  /// `text` as it will be shown: unchanged, or in ASCII with Greek letters spelt and signs replaced.
  public func plain(_ text: String) -> String {
    if !isASCII || text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    return text.unicodeScalars.reduce(into: "") { $0 += spelling($1) }
  }

  /// Columns that `text` takes.
  public func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + columns($1) }
  }

  /// Columns that a scalar takes wherever it stands, 0 where it joins the one before or shows nothing.
  func columns(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x7F { return 1 }
    return isASCII ? spelling(scalar).utf8.count : ScalarColumns.count(scalar)
  }

  /// The cells that `text` fills, from the left.
  func cells(_ text: String) -> [TextCell] {
    var cells: [TextCell] = []
    for scalar in plain(text).unicodeScalars {
      let columns = columns(scalar)
      if columns > 0 {
        cells.append(TextCell(shown(scalar), columns: columns))
      } else if !cells.isEmpty, ScalarColumns.isDrawnOver(scalar) {
        cells[cells.count - 1].add(scalar)
      }
    }
    return cells
  }

  /// `text` in at most `width` columns, the end replaced by an ellipsis where it is longer.
  public func clipped(_ text: String, to width: Int) -> String {
    let shown = plain(text)
    if self.width(shown) <= width { return shown }
    let end = self.width(ellipsis)
    if width <= end { return prefix(shown, columns: width) }
    return prefix(shown, columns: width - end) + ellipsis
  }

  /// The beginning of `text` that fits into so many columns, with the marks that belong to its last character.
  func prefix(_ text: String, columns: Int) -> String {
    var result = String.UnicodeScalarView()
    var room = columns
    for scalar in text.unicodeScalars {
      room -= self.columns(scalar)
      if room < 0 || columns <= 0 { break }
      result.append(scalar)
    }
    return String(result)
  }

  /// The character that a cell of one column holds for `character`: itself where it is as wide and allowed, else its
  /// one-character stand-in, else `?`.
  func cell(_ character: Character) -> Character {
    let scalars = character.unicodeScalars
    if let scalar = scalars.first, scalars.count == 1, ScalarColumns.isNarrow(scalar),
      !isASCII || scalar.isASCII
    {
      return character
    }
    let cells = cells(String(character))
    guard cells.count == 1, cells[0].columns == 1 else { return "?" }
    return cells[0].character
  }

  private func shown(_ scalar: Unicode.Scalar) -> Character {
    if let letter = ScalarColumns.flagLetter(scalar) { return letter }
    return ScalarColumns.isShown(scalar) ? Character(scalar) : "?"
  }

  /// ASCII for a scalar; empty for one that takes no columns.
  private func spelling(_ scalar: Unicode.Scalar) -> String {
    if scalar.isASCII { return String(scalar) }
    if ScalarColumns.count(scalar) == 0 { return "" }
    return ScalarColumns.flagLetter(scalar).map { String($0) }
      ?? Glyphs.transliterations[Character(scalar)] ?? "?"
  }

  private static let transliterations: [Character: String] = {
    var table: [Character: String] = [
      "×": "x", "·": "-", "−": "-", "–": "-", "—": "-", "‐": "-", "…": "...", "±": "+/-",
      "≥": ">=", "≤": "<=", "≈": "~", "≠": "!=", "∞": "inf", "√": "sqrt", "∂": "d", "∑": "sum",
      "⊙": "*", "⊗": "x", "²": "2", "³": "3", "°": "deg", "µ": "u", "«": "\"", "»": "\"",
      "“": "\"", "”": "\"", "‘": "'", "’": "'", "′": "'", "→": "->", "←": "<-", "↔": "<->",
      "↑": "^",
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
