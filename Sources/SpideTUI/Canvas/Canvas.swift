/// A grid of styled characters that widgets draw into; the terminal, a golden picture and an export all read it.
public struct Canvas: Sendable, Equatable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// What characters the cells are made of; a canvas of ``Glyphs/ascii`` never holds another character.
  public let glyphs: Glyphs
  /// Row-major cells.
  public private(set) var cells: [Cell]

  /// A blank canvas; negative sizes count as 0.
  public init(width: Int, height: Int, glyphs: Glyphs = .braille) {
    self.width = max(0, width)
    self.height = max(0, height)
    self.glyphs = glyphs
    cells = [Cell](repeating: .blank, count: self.width * self.height)
  }

  /// Everything: `(0, 0)` to `(width, height)`.
  public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  /// The cell at a place. Outside the canvas, reading gives a blank and writing does nothing.
  ///
  /// A character that is not one column wide, or that ``glyphs`` may not use, is stored as its stand-in.
  public subscript(x: Int, y: Int) -> Cell {
    get { contains(x, y) ? cells[y * width + x] : .blank }
    set {
      guard contains(x, y) else { return }
      cells[y * width + x] = Cell(glyphs.cell(newValue.character), newValue.style)
    }
  }

  /// Copies `picture`, made of the same glyphs, to `(x, y)`, clipped to this canvas.
  mutating func paste(_ picture: Canvas, x: Int, y: Int) {
    let columns = max(0, -x)..<max(0, -x, min(picture.width, width - x))
    for row in max(0, -y)..<max(0, -y, min(picture.height, height - y)) {
      let from = row * picture.width
      let to = (y + row) * width + x
      for column in columns { cells[to + column] = picture.cells[from + column] }
    }
  }

  private func contains(_ x: Int, _ y: Int) -> Bool {
    x >= 0 && y >= 0 && x < width && y < height
  }
}
