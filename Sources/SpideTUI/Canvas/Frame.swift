/// What to show.
public struct Frame: Sendable {
  /// The cells.
  public var canvas: Canvas
  /// Where the terminal's cursor stands; nil hides it.
  public var cursor: CellPosition?

  /// A frame.
  public init(_ canvas: Canvas, cursor: CellPosition? = nil) {
    self.canvas = canvas
    self.cursor = cursor
  }
}

/// The place of a cell.
public struct CellPosition: Hashable, Sendable {
  /// Column, from 0.
  public var x: Int
  /// Row, from 0.
  public var y: Int

  /// A place.
  public init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }
}
