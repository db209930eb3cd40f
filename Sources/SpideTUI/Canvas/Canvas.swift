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
  /// A character that is not one column wide, or that ``glyphs`` may not use, is stored as its stand-in. Where one half
  /// of a wide character is written over, the other becomes a blank.
  public subscript(x: Int, y: Int) -> Cell {
    get { contains(x, y) ? cells[y * width + x] : .blank }
    set {
      guard contains(x, y) else { return }
      uncover(x, y)
      cells[y * width + x] = Cell(glyphs.cell(newValue.character), newValue.style)
    }
  }

  /// Puts a part of a text at a place; a wide one with half of it outside leaves a blank.
  mutating func put(_ part: TextCell, x: Int, y: Int, style: Style) {
    guard part.columns == 2, contains(x, y), contains(x + 1, y) else {
      self[x, y] = Cell(part.columns == 1 ? part.character : " ", style)
      if part.columns == 2 { self[x + 1, y] = Cell(" ", style) }
      return
    }
    uncover(x, y)
    uncover(x + 1, y)
    let index = y * width + x
    cells[index] = Cell(part.character, style)
    cells[index + 1] = Cell(" ", style)
    cells[index + 1].isCovered = true
  }

  /// A canvas of what lies in `rect`.
  func part(_ rect: Rect) -> Canvas {
    var part = Canvas(width: rect.width, height: rect.height, glyphs: glyphs)
    part.paste(self, x: -rect.x, y: -rect.y)
    return part
  }

  /// Copies `picture`, made of the same glyphs, to `(x, y)`, clipped to this canvas.
  package mutating func paste(_ picture: Canvas, x: Int, y: Int) {
    let columns = max(0, -x)..<max(0, -x, min(picture.width, width - x))
    guard let first = columns.first, let last = columns.last else { return }
    for row in max(0, -y)..<max(0, -y, min(picture.height, height - y)) {
      let from = row * picture.width
      let to = (y + row) * width + x
      uncover(x + first, y + row)
      uncover(x + last, y + row)
      for column in columns { cells[to + column] = picture.cells[from + column] }
      // Halves of wide characters that the edge has cut.
      if cells[to + first].isCovered { cells[to + first] = Cell(" ", cells[to + first].style) }
      if last + 1 < picture.width, picture.cells[from + last + 1].isCovered {
        cells[to + last].character = " "
      }
    }
  }

  /// Makes the other half of a wide character a blank, before this half is written over.
  private mutating func uncover(_ x: Int, _ y: Int) {
    let index = y * width + x
    if cells[index].isCovered {
      cells[index - 1].character = " "
      cells[index].isCovered = false
    }
    if x + 1 < width, cells[index + 1].isCovered { cells[index + 1].isCovered = false }
  }

  private func contains(_ x: Int, _ y: Int) -> Bool {
    x >= 0 && y >= 0 && x < width && y < height
  }
}
