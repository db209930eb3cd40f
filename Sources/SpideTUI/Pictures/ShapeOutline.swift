/// The path of all shapes that are drawn with one brush. Straight lines and boxes of several cells that touch become one.
struct ShapeOutline {
  /// A piece of a straight line, or one row of boxes: everything along which it can grow, and what must agree for that.
  private struct Stretch {
    var start: Double
    var end: Double
  }

  private struct Track: Hashable, Comparable {
    enum Kind: Int {
      case box, across, upright
    }
    var kind: Kind
    /// The upper edge and the height of boxes; the place of a line.
    var at: Double
    var thickness = 0.0

    static func < (one: Track, other: Track) -> Bool {
      (one.kind.rawValue, one.at, one.thickness) < (other.kind.rawValue, other.at, other.thickness)
    }
  }

  private var tracks: [Track: [Stretch]] = [:]
  private var rest = ""

  mutating func add(_ box: CellShape.Box, _ left: Double, _ top: Double) {
    tracks[Track(kind: .box, at: top + box.y, thickness: box.height), default: []]
      .append(Stretch(start: left + box.x, end: left + box.x + box.width))
  }

  /// The lines of one weight. A straight one in dashes leaves half a gap at either edge.
  mutating func add(
    _ lines: BoxLines, _ weight: BoxLines.Weight, _ left: Double, _ top: Double
  ) {
    let (width, height) = (CellShape.width, CellShape.height)
    func pieces(_ first: BoxLines.Weight?, _ last: BoxLines.Weight?, _ length: Double)
      -> [Stretch]
    {
      let half = length / 2
      guard lines.dashes == 1 else {
        let step = length / Double(lines.dashes)
        guard first == weight else { return [] }
        // The caps of the lines add to the dashes.
        return (0..<lines.dashes).map {
          Stretch(start: (Double($0) + 0.4) * step, end: (Double($0) + 0.6) * step)
        }
      }
      return (first == weight ? [Stretch(start: 0, end: half)] : [])
        + (last == weight ? [Stretch(start: half, end: length)] : [])
    }
    for piece in pieces(lines.left, lines.right, width) {
      tracks[Track(kind: .across, at: top + height / 2), default: []]
        .append(Stretch(start: left + piece.start, end: left + piece.end))
    }
    for piece in pieces(lines.up, lines.down, height) {
      tracks[Track(kind: .upright, at: left + width / 2), default: []]
        .append(Stretch(start: top + piece.start, end: top + piece.end))
    }
  }

  /// Lines of no length, which round ends make dots.
  mutating func add(dots: [CellShape.Point], _ left: Double, _ top: Double) {
    for dot in dots { rest += "M\(number(left + dot.x)) \(number(top + dot.y))h0" }
  }

  mutating func add(
    _ points: [CellShape.Point], isClosed: Bool, _ left: Double, _ top: Double
  ) {
    for (index, point) in points.enumerated() {
      rest += "\(index == 0 ? "M" : "L")\(number(left + point.x)) \(number(top + point.y))"
    }
    if isClosed { rest += "Z" }
  }

  mutating func add(
    circle centre: CellShape.Point, _ radius: Double, _ left: Double, _ top: Double
  ) {
    let (size, across) = (number(radius), number(2 * radius))
    rest +=
      "M\(number(left + centre.x - radius)) \(number(top + centre.y))"
      + "a\(size) \(size) 0 1 0 \(across) 0a\(size) \(size) 0 1 0 -\(across) 0Z"
  }

  /// The `d` of an SVG path.
  var path: String {
    var path = ""
    for (track, stretches) in tracks.sorted(by: { $0.key < $1.key }) {
      for stretch in ShapeOutline.merged(stretches) {
        let (start, end, at) = (number(stretch.start), number(stretch.end), number(track.at))
        switch track.kind {
        case .box:
          path += "M\(start) \(at)H\(end)v\(number(track.thickness))H\(start)Z"
        case .across: path += "M\(start) \(at)H\(end)"
        case .upright: path += "M\(at) \(start)V\(end)"
        }
      }
    }
    return path + rest
  }

  private static func merged(_ stretches: [Stretch]) -> [Stretch] {
    var merged: [Stretch] = []
    for next in stretches.sorted(by: { $0.start < $1.start }) {
      if let last = merged.last, next.start <= last.end {
        merged[merged.count - 1].end = max(last.end, next.end)
      } else {
        merged.append(next)
      }
    }
    return merged
  }
}
