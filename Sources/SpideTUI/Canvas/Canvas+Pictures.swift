extension Canvas {
  /// The characters, a line for each row without the spaces at its end: the golden picture.
  public var text: String { picture { $0.isCovered ? nil : $0.character } }

  /// A letter for each cell's style, so that a golden picture can hold colours too.
  ///
  /// `n` normal, `f` faint, `a` accent, `s` spike, `p` positive, `m` negative (minus), `t` threshold, `e` exact, `g` good,
  /// `b` bad, `w` warning, a digit for a series, `i` a picture's gray, `c` its colour, `+` `-` heat; capital where bold,
  /// `#` where reversed, nothing where a blank cell has no style of its own.
  public var styleMap: String {
    picture { cell in
      if cell.style.isReversed { return "#" }
      if cell.character == " " { return " " }
      let letter = cell.style.tone.letter
      return cell.style.isBold ? Character(letter.uppercased()) : letter
    }
  }

  private func picture(_ character: (Cell) -> Character?) -> String {
    (0..<height).map { y in
      let line = cells[y * width..<(y + 1) * width].compactMap(character)
      return String(line[..<((line.lastIndex { $0 != " " }).map { $0 + 1 } ?? 0)])
    }.joined(separator: "\n")
  }
}

extension Tone {
  fileprivate var letter: Character {
    switch self {
    case .normal: "n"
    case .faint: "f"
    case .accent: "a"
    case .spike: "s"
    case .positive: "p"
    case .negative: "m"
    case .threshold: "t"
    case .exact: "e"
    case .good: "g"
    case .bad: "b"
    case .warning: "w"
    case .series(let index): Character(String(abs(index % 10)))
    case .gray: "i"
    case .color: "c"
    case .heat(let heat): heat < 0 ? "-" : "+"
    }
  }
}
