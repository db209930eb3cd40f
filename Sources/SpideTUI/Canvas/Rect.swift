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
