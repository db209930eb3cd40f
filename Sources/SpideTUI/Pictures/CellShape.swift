/// What a character looks like that is drawn, so that it does not depend on a font.
///
/// Lengths are in units of the cell: 10 wide and 20 high, from its upper left.
enum CellShape: Hashable, Sendable {
  struct Point: Hashable, Sendable {
    var x, y: Double

    init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  struct Box: Hashable, Sendable {
    var x, y, width, height: Double
  }

  /// Lines from the middle to the four edges.
  case lines(BoxLines)
  /// Round dots.
  case dots([Point])
  /// Filled rectangles, covered so far (1 is wholly).
  case boxes([Box], coverage: Double)
  /// A closed line, filled or not.
  case polygon([Point], isFilled: Bool)
  /// A circle, filled or not.
  case circle(Point, radius: Double, isFilled: Bool)
  /// Open lines.
  case strokes([[Point]])

  static let width = 10.0
  static let height = 20.0

  /// The shape of a character; nil for one that a font shows.
  init?(_ character: Character) {
    guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1 else {
      return nil
    }
    let shape: CellShape? =
      switch scalar.value {
      case 0x2500...0x257F: BoxLines(character).map { .lines($0) }
      case 0x2580...0x259F: CellShape.block(scalar.value)
      case 0x2800...0x28FF: CellShape.braille(scalar.value - 0x2800)
      default: CellShape.marks[character]
      }
    guard let shape else { return nil }
    self = shape
  }

  /// Unicode numbers the dots 1-2-3-7 down the left and 4-5-6-8 down the right.
  private static func braille(_ dots: UInt32) -> CellShape {
    let places: [(Double, Double)] = [
      (2.5, 2.5), (2.5, 7.5), (2.5, 12.5), (7.5, 2.5), (7.5, 7.5), (7.5, 12.5), (2.5, 17.5),
      (7.5, 17.5),
    ]
    let set = places.indices.filter { dots >> UInt32($0) & 1 == 1 }
    return .dots(set.map { Point(places[$0].0, places[$0].1) })
  }

  private static func block(_ code: UInt32) -> CellShape? {
    func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Box {
      Box(x: x, y: y, width: width, height: height)
    }
    switch code {
    case 0x2580: return .boxes([box(0, 0, 10, 10)], coverage: 1)
    case 0x2581...0x2588:
      let filled = Double(code - 0x2580) * 2.5
      return .boxes([box(0, 20 - filled, 10, filled)], coverage: 1)
    case 0x2589...0x258F: return .boxes([box(0, 0, Double(0x2590 - code) * 1.25, 20)], coverage: 1)
    case 0x2590: return .boxes([box(5, 0, 5, 20)], coverage: 1)
    case 0x2591...0x2593:
      return .boxes([box(0, 0, 10, 20)], coverage: Double(code - 0x2590) / 4)
    case 0x2594: return .boxes([box(0, 0, 10, 2.5)], coverage: 1)
    case 0x2595: return .boxes([box(8.75, 0, 1.25, 20)], coverage: 1)
    default:
      // From U+2596 on: upper left, upper right, lower left, lower right.
      let quarters = [
        "  x ", "   x", "x   ", "x xx", "x  x", "xxx ", "xx x", " x  ", " xx ", " xxx",
      ]
      let corners = [(0.0, 0.0), (5.0, 0.0), (0.0, 10.0), (5.0, 10.0)]
      let filled = zip(quarters[Int(code - 0x2596)], corners).filter { $0.0 == "x" }
      return .boxes(filled.map { box($0.1.0, $0.1.1, 5, 10) }, coverage: 1)
    }
  }

  private static let marks: [Character: CellShape] = {
    func upward(_ half: Double, isFilled: Bool) -> CellShape {
      .polygon(
        [Point(5 - half, 10 + half), Point(5, 10 - half), Point(5 + half, 10 + half)],
        isFilled: isFilled)
    }
    func downward(_ half: Double, isFilled: Bool) -> CellShape {
      .polygon(
        [Point(5 - half, 10 - half), Point(5, 10 + half), Point(5 + half, 10 - half)],
        isFilled: isFilled)
    }
    func sideways(_ half: Double, right: Bool) -> CellShape {
      let tip = right ? 5 + half : 5 - half
      let base = right ? 5 - half : 5 + half
      return .polygon(
        [Point(base, 10 - half), Point(tip, 10), Point(base, 10 + half)], isFilled: true)
    }
    func diamond(isFilled: Bool) -> CellShape {
      .polygon([Point(5, 5.5), Point(9.2, 10), Point(5, 14.5), Point(0.8, 10)], isFilled: isFilled)
    }
    let middle = Point(5, 10)
    return [
      "▲": upward(4.5, isFilled: true), "△": upward(4.2, isFilled: false),
      "▴": upward(3.4, isFilled: true), "▵": upward(3.1, isFilled: false),
      "▼": downward(4.5, isFilled: true), "▽": downward(4.2, isFilled: false),
      "▾": downward(3.4, isFilled: true), "▿": downward(3.1, isFilled: false),
      "▶": sideways(4.5, right: true), "▸": sideways(3.4, right: true),
      "◀": sideways(4.5, right: false), "◂": sideways(3.4, right: false),
      "◆": diamond(isFilled: true), "◇": diamond(isFilled: false),
      "■": .boxes([Box(x: 1.5, y: 6.5, width: 7, height: 7)], coverage: 1),
      "●": .circle(middle, radius: 4, isFilled: true),
      "○": .circle(middle, radius: 3.6, isFilled: false),
      "•": .circle(middle, radius: 2.6, isFilled: true),
      "‖": .strokes([[Point(3, 4.5), Point(3, 15.5)], [Point(7, 4.5), Point(7, 15.5)]]),
      "✓": .strokes([[Point(1.2, 10.5), Point(4, 14.5), Point(8.8, 5.5)]]),
      "↓": .strokes([
        [Point(5, 4.5), Point(5, 15)], [Point(1.8, 11.5), Point(5, 15), Point(8.2, 11.5)],
      ]),
      "↑": .strokes([
        [Point(5, 15.5), Point(5, 5)], [Point(1.8, 8.5), Point(5, 5), Point(8.2, 8.5)],
      ]),
      "↺": .strokes([
        CellShape.loop.map { Point(5 + $0.0, 10.8 + $0.1) },
        [Point(7, 4.6), Point(4.6, 6.8), Point(7, 9)],
      ]),
    ]
  }()

  /// Places on a circle of radius 4: from the upper left by way of below and the right to the top.
  private static let loop: [(Double, Double)] = [
    (-2.83, -2.83), (-3.8, -1.24), (-3.95, 0.63), (-3.24, 2.35), (-1.82, 3.56), (0, 4),
    (1.82, 3.56), (3.24, 2.35), (3.95, 0.63), (3.8, -1.24), (2.83, -2.83), (1.24, -3.8), (-0.4, -4),
  ]
}
