/// A plot finer than cells: 2×4 braille dots, 2×2 quarter blocks or one ASCII character to a cell.
///
/// A cell has one style: the first dot set in it decides, so what matters most is drawn first.
public struct DotGrid: Sendable {
  /// Cells.
  public let columns, rows: Int
  /// What the dots are made of.
  public let glyphs: Glyphs
  private var bits: [UInt8]
  private var styles: [Style]
  private var marks: [Character]

  /// A grid without dots on `columns × rows` cells; negative sizes count as 0.
  public init(columns: Int, rows: Int, glyphs: Glyphs) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
    self.glyphs = glyphs
    let count = self.columns * self.rows
    bits = [UInt8](repeating: 0, count: count)
    styles = [Style](repeating: .plain, count: count)
    marks = [Character](repeating: " ", count: count)
  }

  /// Dots across a cell.
  public var dotsAcross: Int { glyphs.isASCII ? 1 : 2 }
  /// Dots down a cell.
  public var dotsDown: Int {
    switch glyphs {
    case .braille: 4
    case .block: 2
    case .ascii: 1
    }
  }
  /// Dots across the grid.
  public var width: Int { columns * dotsAcross }
  /// Dots down the grid.
  public var height: Int { rows * dotsDown }

  /// Sets the dot at `(x, y)`, counted from the upper left; outside, nothing happens.
  ///
  /// `mark` is the character that stands for it in ASCII.
  public mutating func set(x: Int, y: Int, style: Style, mark: Character = "*") {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let cell = (y / dotsDown) * columns + x / dotsAcross
    if bits[cell] == 0 {
      styles[cell] = style
      marks[cell] = mark
    }
    bits[cell] |= 1 << UInt8((y % dotsDown) * dotsAcross + x % dotsAcross)
  }

  /// Draws a straight line, both ends included, with the pen's dashes.
  public mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), pen: inout Pen)
  {
    let steps = max(abs(end.x - start.x), abs(end.y - start.y))
    for step in 0...steps {
      let part = steps == 0 ? 0 : Double(step) / Double(steps)
      if pen.isDown || glyphs.isASCII {
        set(
          x: start.x + Int((Double(end.x - start.x) * part).rounded()),
          y: start.y + Int((Double(end.y - start.y) * part).rounded()),
          style: pen.style, mark: pen.mark)
      }
      pen.travelled += 1
    }
  }

  /// Puts the cells that have dots onto `canvas` with the grid's corner at `(x, y)`.
  public func draw(on canvas: inout Canvas, x: Int, y: Int) {
    for row in 0..<rows {
      for column in 0..<columns where bits[row * columns + column] != 0 {
        let cell = row * columns + column
        canvas[x + column, y + row] = Cell(
          character(bits[cell], mark: marks[cell]), styles[cell])
      }
    }
  }

  /// The dots of a cell, cells counted row by row: a bit for each, 0 for none.
  func dots(_ cell: Int) -> UInt8 { bits[cell] }

  /// What shows these dots; in ASCII that is `mark`.
  func character(_ dots: UInt8, mark: Character) -> Character {
    switch glyphs {
    case .ascii: return mark
    case .block: return DotGrid.quarters[Int(dots)]
    case .braille:
      // Unicode numbers the dots 1-2-3-7 down the left and 4-5-6-8 down the right.
      var code: UInt32 = 0x2800
      for (bit, dot) in [0, 3, 1, 4, 2, 5, 6, 7].enumerated()
      where dots & (1 << UInt8(bit)) != 0 {
        code |= 1 << UInt32(dot)
      }
      return Unicode.Scalar(code).map(Character.init) ?? "?"
    }
  }

  /// By bits: upper left 1, upper right 2, lower left 4, lower right 8.
  private static let quarters = Array(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")
}

/// What draws a line into a ``DotGrid``: its style and its dashes, which tell curves apart without colour.
public struct Pen: Sendable {
  /// Style of the cells.
  public var style: Style
  /// The character in ASCII.
  public var mark: Character
  /// Dots drawn and dots left out in turn; nothing is a solid line.
  public var dashes: [Int]
  /// Dots passed so far: dashes go on across corners.
  public var travelled = 0

  /// A pen at the start of its dashes.
  public init(_ style: Style, mark: Character = "*", dashes: [Int] = []) {
    self.style = style
    self.mark = mark
    self.dashes = dashes
  }

  var isDown: Bool {
    let length = dashes.reduce(0, +)
    guard length > 0 else { return true }
    var place = travelled % length
    for (index, dash) in dashes.enumerated() {
      if place < dash { return index % 2 == 0 }
      place -= dash
    }
    return true
  }
}
