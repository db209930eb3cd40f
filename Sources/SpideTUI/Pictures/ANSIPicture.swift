/// A canvas as a terminal of 256 colours is told to show it: a line for each row, in plain style again at its end.
enum ANSIPicture {
  static func text(_ canvas: Canvas, palette: Palette) -> String {
    var text = ""
    for y in 0..<canvas.height {
      let row = canvas.cells[y * canvas.width..<(y + 1) * canvas.width]
      let end = row.lastIndex { $0 != .blank }.map { $0 + 1 } ?? row.startIndex
      var current = Ink()
      for cell in row[..<end] where !cell.isCovered {
        let ink = palette.ink(for: cell.style)
        if ink != current { text += sequence(ink) }
        current = ink
        text.append(cell.character)
      }
      text += (current == Ink() ? "" : "\u{1B}[0m") + "\n"
    }
    return text
  }

  /// The sequence (ECMA-48 SGR) that leads from any style to this one.
  private static func sequence(_ ink: Ink) -> String {
    var codes = ["0"]
    if ink.isBold { codes.append("1") }
    if ink.isDim { codes.append("2") }
    if ink.isUnderlined { codes.append("4") }
    if ink.isReversed { codes.append("7") }
    if ink.foreground >= 0 { codes.append("38;5;\(ink.foreground)") }
    if ink.background >= 0 { codes.append("48;5;\(ink.background)") }
    return "\u{1B}[" + codes.joined(separator: ";") + "m"
  }
}
