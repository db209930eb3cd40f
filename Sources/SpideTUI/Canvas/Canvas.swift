/// A grid of styled characters that widgets draw into; the terminal, a golden picture and an export all read it.
public struct Canvas: Sendable, Equatable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Row-major cells.
  public private(set) var cells: [Cell]

  /// A blank canvas; negative sizes count as 0.
  public init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    cells = [Cell](repeating: .blank, count: self.width * self.height)
  }

  /// Everything: `(0, 0)` to `(width, height)`.
  public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  /// The cell at a place. Outside the canvas, reading gives a blank and writing does nothing.
  public subscript(x: Int, y: Int) -> Cell {
    get { contains(x, y) ? cells[y * width + x] : .blank }
    set { if contains(x, y) { cells[y * width + x] = newValue } }
  }

  private func contains(_ x: Int, _ y: Int) -> Bool {
    x >= 0 && y >= 0 && x < width && y < height
  }
}

/// One character with its style. Every character used is one column wide.
public struct Cell: Hashable, Sendable {
  /// What is shown.
  public var character: Character
  /// How it is shown.
  public var style: Style

  /// A cell.
  public init(_ character: Character, _ style: Style = .plain) {
    self.character = character
    self.style = style
  }

  /// A space in the terminal's own colours.
  public static let blank = Cell(" ")
}

/// How a cell looks, by meaning. The terminal layer turns meanings into what the terminal can do.
public struct Style: Hashable, Sendable {
  /// Colour, by meaning.
  public var tone: Tone
  /// Bold.
  public var isBold: Bool
  /// Dim, where the terminal has it.
  public var isDim: Bool
  /// Swapped foreground and background: cursors and selections.
  public var isReversed: Bool
  /// Underlined.
  public var isUnderlined: Bool

  /// A style.
  public init(
    _ tone: Tone = .normal, bold: Bool = false, dim: Bool = false, reversed: Bool = false,
    underlined: Bool = false
  ) {
    self.tone = tone
    isBold = bold
    isDim = dim
    isReversed = reversed
    isUnderlined = underlined
  }

  /// The terminal's own colours.
  public static let plain = Style()
}

/// What a colour means. No meaning is carried by colour alone: shape or text repeats it.
public enum Tone: Hashable, Sendable {
  /// The terminal's default foreground.
  case normal
  /// Frames, axes, hints.
  case faint
  /// Titles, the cursor, the selected panel.
  case accent
  /// Forward spikes.
  case spike
  /// Positive backward spikes, positive weights.
  case positive
  /// Negative backward spikes, negative weights.
  case negative
  /// Thresholds and resets drawn as lines.
  case threshold
  case good
  case bad
  case warning
  /// Curves that stand beside each other, counted from 0; at least four are told apart.
  case series(Int)
  /// Brightness of a picture's cell in 0 … 255.
  case gray(UInt8)
  /// Signed heat of a picture's cell in -127 … 127 (negative to positive).
  case heat(Int8)
}

/// A rectangle of cells.
public struct Rect: Hashable, Sendable {
  /// Left column.
  public var x: Int
  /// Top row.
  public var y: Int
  /// Columns, never negative.
  public var width: Int
  /// Rows, never negative.
  public var height: Int

  /// A rectangle; negative sizes count as 0.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// First column past the right edge.
  public var right: Int { x + width }
  /// First row past the bottom edge.
  public var bottom: Int { y + height }
  /// Whether it holds no cell.
  public var isEmpty: Bool { width == 0 || height == 0 }

  /// The rectangle without `margin` cells on every side.
  public func inset(_ margin: Int) -> Rect {
    Rect(x: x + margin, y: y + margin, width: width - 2 * margin, height: height - 2 * margin)
  }

  /// Whether a cell lies inside.
  public func contains(x px: Int, y py: Int) -> Bool {
    px >= x && px < right && py >= y && py < bottom
  }
}
