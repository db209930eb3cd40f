import SpideExperiment

extension Canvas {
  /// Writes `text` from `(x, y)` to the right, clipped to `maxWidth` columns and to the canvas.
  ///
  /// Returns the column after the last character.
  @discardableResult
  public mutating func write(
    _ text: String, x: Int, y: Int, style: Style = .plain, maxWidth: Int = .max
  ) -> Int {
    var column = x
    for part in glyphs.cells(text) {
      if part.columns > maxWidth - (column - x) || column >= width { break }
      put(part, x: column, y: y, style: style)
      column += part.columns
    }
    return column
  }

  /// Writes `text` so that it ends just before column `right`.
  mutating func write(_ text: String, endingAt right: Int, y: Int, style: Style = .plain) {
    write(text, x: right - glyphs.width(text), y: y, style: style)
  }

  /// Sets every cell of `rect`.
  public mutating func fill(_ rect: Rect, _ cell: Cell) {
    for y in max(0, rect.y)..<max(0, rect.y, min(height, rect.bottom)) {
      for x in max(0, rect.x)..<max(0, rect.x, min(width, rect.right)) { self[x, y] = cell }
    }
  }

  /// Draws a frame on the edge of `rect` with titles in its top line; returns the rectangle inside.
  ///
  /// A selected frame is heavy, bold and accented. Where less than 4×3 cells are there, none is drawn
  /// and all of `rect` is returned.
  @discardableResult
  public mutating func frame(
    _ rect: Rect, title: String = "", rightTitle: String = "", isSelected: Bool = false
  ) -> Rect {
    guard rect.width >= 4, rect.height >= 3 else { return rect }
    let parts = glyphs.frame(heavy: isSelected)
    let edge = isSelected ? Style(.accent, bold: true) : Style(.faint)
    for x in rect.x..<rect.right {
      self[x, rect.y] = Cell(parts.horizontal, edge)
      self[x, rect.bottom - 1] = Cell(parts.horizontal, edge)
    }
    for y in rect.y..<rect.bottom {
      self[rect.x, y] = Cell(parts.vertical, edge)
      self[rect.right - 1, y] = Cell(parts.vertical, edge)
    }
    self[rect.x, rect.y] = Cell(parts.topLeft, edge)
    self[rect.right - 1, rect.y] = Cell(parts.topRight, edge)
    self[rect.x, rect.bottom - 1] = Cell(parts.bottomLeft, edge)
    self[rect.right - 1, rect.bottom - 1] = Cell(parts.bottomRight, edge)

    let room = rect.width - 4
    let titleStyle = isSelected ? edge : Style(.normal, bold: true)
    let shown = glyphs.clipped(title, to: room)
    if !shown.isEmpty {
      write(" \(shown) ", x: rect.x + 1, y: rect.y, style: titleStyle)
    }
    if !rightTitle.isEmpty, glyphs.width(shown) + glyphs.width(rightTitle) + 3 <= room {
      write(
        " \(glyphs.plain(rightTitle)) ", endingAt: rect.right - 1, y: rect.y,
        style: Style(isSelected ? .accent : .faint))
    }
    return rect.inset(1)
  }

  /// Words in the middle of the canvas, in as many lines as they need.
  mutating func writeCentred(_ text: String, style: Style) {
    var lines = glyphs.wrapped(text, to: width)
    if lines.count > height, height > 0 {
      let rest = lines[(height - 1)...].joined(separator: " ")
      lines = lines.prefix(height - 1) + [glyphs.clipped(rest, to: width)]
    }
    let top = max(0, height - lines.count) / 2
    for (row, line) in lines.enumerated() {
      write(line, x: (width - glyphs.width(line)) / 2, y: top + row, style: style)
    }
  }
}
