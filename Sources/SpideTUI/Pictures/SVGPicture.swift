/// A frame as a scalable picture: exact cells of 10×20 units, in the colours that a terminal of a palette has on a ground.
///
/// Lines, blocks, braille and marks are drawn, everything else is text that any font of one width fits, squeezed or
/// stretched to its cells. The same frame gives the same bytes.
struct SVGPicture {
  /// Space around the cells.
  private static let margin = 10.0
  private static let lightLine = 1.4
  private static let heavyLine = 3.0

  private let ground: Ground
  private let palette: Palette
  private let width: Int
  private let height: Int
  private var backgrounds = ""
  private var shapes: [Brush: ShapeOutline] = [:]
  private var texts: [TextLook: String] = [:]

  init(_ frame: Frame, palette: Palette, ground: Ground) {
    self.ground = ground
    self.palette = palette
    width = frame.canvas.width
    height = frame.canvas.height
    for y in 0..<height { draw(row: y, of: frame) }
  }

  // MARK: Cells

  /// How a cell looks.
  private struct Look: Equatable {
    var foreground: String
    var background: String
    var isBold: Bool
    var isDim: Bool
    var isUnderlined: Bool
  }

  private func look(_ style: Style, isUnderCursor: Bool) -> Look {
    let ink = palette.ink(for: style)
    let (front, back) = (
      Ground.color(ink.foreground, own: ground.foreground),
      Ground.color(ink.background, own: ground.background)
    )
    let isReversed = ink.isReversed != isUnderCursor
    return Look(
      foreground: isReversed ? back : front, background: isReversed ? front : back,
      isBold: ink.isBold, isDim: ink.isDim, isUnderlined: ink.isUnderlined)
  }

  private mutating func draw(row y: Int, of frame: Frame) {
    let cells = Array(frame.canvas.cells[y * width..<(y + 1) * width])
    let looks = cells.enumerated().map { x, cell in
      look(cell.style, isUnderCursor: frame.cursor == CellPosition(x: x, y: y))
    }
    let top = Double(y) * CellShape.height
    forRuns(of: looks, by: \.background) { columns, color in
      guard color != ground.background else { return }
      backgrounds +=
        "<rect x=\"\(number(columns.lowerBound * 10))\" y=\"\(number(top))\" "
        + "width=\"\(columns.count * 10)\" height=\"20\" fill=\"\(color)\"/>\n"
    }
    var run: TextRun?
    for (x, cell) in cells.enumerated() where !cell.isCovered {
      let look = looks[x]
      let columns = x + 1 < width && cells[x + 1].isCovered ? 2 : 1
      if look.isUnderlined {
        let line = CellShape.Box(x: 0, y: 17.5, width: Double(columns * 10), height: 1.2)
        add(.boxes([line], coverage: 1), look, x: x, top: top)
      }
      if let shape = CellShape(cell.character) {
        add(shape, look, x: x, top: top)
      } else if cell.character != " " {
        let text = TextRun(cell.character, TextLook(look), x: x, columns: columns)
        if run?.join(text) != true {
          write(run, top: top)
          run = text
        }
      }
    }
    write(run, top: top)
  }

  private func forRuns<Value: Equatable>(
    of looks: [Look], by value: (Look) -> Value, body: (Range<Int>, Value) -> Void
  ) {
    var start = 0
    for x in looks.indices where x + 1 == looks.count || value(looks[x + 1]) != value(looks[x]) {
      body(start..<x + 1, value(looks[x]))
      start = x + 1
    }
  }

  // MARK: Shapes

  /// What shapes are drawn with, in the order of drawing.
  private struct Brush: Hashable {
    enum Kind: Int {
      case fill, line, stroke, dot
    }
    var kind: Kind
    var color: String
    /// In hundredths.
    var opacity: Int
    var width = 0.0

    var attributes: String {
      let paint =
        kind == .fill
        ? "fill=\"\(color)\""
        : "fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(number(width))\""
      let ends =
        switch kind {
        case .fill: ""
        case .line: " stroke-linecap=\"square\""
        case .stroke: " stroke-linecap=\"round\" stroke-linejoin=\"round\""
        case .dot: " stroke-linecap=\"round\""
        }
      return paint + ends + (opacity == 100 ? "" : " opacity=\"\(number(Double(opacity) / 100))\"")
    }

    var order: (Int, String, Int, Double) { (kind.rawValue, color, opacity, width) }
  }

  private mutating func add(_ shape: CellShape, _ look: Look, x: Int, top: Double) {
    let left = Double(x) * CellShape.width
    let share = look.isDim ? 60 : 100
    func brush(_ kind: Brush.Kind, width: Double = 0, coverage: Double = 1) -> Brush {
      Brush(
        kind: kind, color: look.foreground, opacity: Int(Double(share) * coverage), width: width)
    }
    switch shape {
    case .boxes(let boxes, let coverage):
      for box in boxes {
        shapes[brush(.fill, coverage: coverage), default: ShapeOutline()].add(box, left, top)
      }
    case .lines(let lines):
      for (weight, width) in [
        (BoxLines.Weight.light, Self.lightLine), (.heavy, Self.heavyLine),
      ] {
        shapes[brush(.line, width: width), default: ShapeOutline()].add(lines, weight, left, top)
      }
    case .dots(let dots):
      shapes[brush(.dot, width: 3.4), default: ShapeOutline()].add(dots: dots, left, top)
    case .polygon(let points, let isFilled):
      shapes[isFilled ? brush(.fill) : brush(.stroke, width: 1.2), default: ShapeOutline()]
        .add(points, isClosed: true, left, top)
    case .circle(let centre, let radius, let isFilled):
      shapes[isFilled ? brush(.fill) : brush(.stroke, width: 1.2), default: ShapeOutline()]
        .add(circle: centre, radius, left, top)
    case .strokes(let lines):
      for line in lines {
        shapes[brush(.stroke, width: look.isBold ? 2.2 : 1.6), default: ShapeOutline()]
          .add(line, isClosed: false, left, top)
      }
    }
  }

  // MARK: Text

  private struct TextLook: Hashable {
    var color: String
    var isBold: Bool
    var isDim: Bool

    init(_ look: Look) {
      color = look.foreground
      isBold = look.isBold
      isDim = look.isDim
    }

    var attributes: String {
      "fill=\"\(color)\"" + (isBold ? " font-weight=\"bold\"" : "")
        + (isDim ? " opacity=\"0.6\"" : "")
    }

    var order: (String, Int, Int) { (color, isBold ? 1 : 0, isDim ? 1 : 0) }
  }

  /// Characters of one look beside each other.
  private struct TextRun {
    private(set) var text: String
    let look: TextLook
    let x: Int
    private(set) var columns: Int
    /// Whether every font has the characters, so that they are as wide as each other.
    private let isCommon: Bool

    init(_ character: Character, _ look: TextLook, x: Int, columns: Int) {
      text = String(character)
      self.look = look
      self.x = x
      self.columns = columns
      isCommon =
        columns == 1
        && character.unicodeScalars.allSatisfy {
          $0.value < 0x250 || (0x391...0x3C9).contains($0.value)
        }
    }

    /// Takes in a run right behind this one, or with a space between; false where it has to stand by itself.
    mutating func join(_ next: TextRun) -> Bool {
      let gap = next.x - (x + columns)
      guard look == next.look, isCommon, next.isCommon, gap <= 1 else { return false }
      text += (gap == 1 ? " " : "") + next.text
      columns = next.x + next.columns - x
      return true
    }
  }

  private mutating func write(_ run: TextRun?, top: Double) {
    guard let run else { return }
    texts[run.look, default: ""] +=
      "<text x=\"\(run.x * 10)\" y=\"\(number(top + 15))\" textLength=\"\(run.columns * 10)\" "
      + "lengthAdjust=\"spacingAndGlyphs\">\(escaped(run.text))</text>\n"
  }

  /// Text for XML, which has no way to write most control characters.
  private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  // MARK: The file

  var text: String {
    let margin = Self.margin
    let (wide, high) = (Double(width) * 10 + 2 * margin, Double(height) * 20 + 2 * margin)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="\(number(-margin)) \(number(-margin)) \
      \(number(wide)) \(number(high))" width="\(number(wide))" height="\(number(high))">
      <rect x="\(number(0.5 - margin))" y="\(number(0.5 - margin))" width="\(number(wide - 1))" \
      height="\(number(high - 1))" rx="8" fill="\(ground.background)" stroke="\(ground.edge)"/>

      """
    if !backgrounds.isEmpty {
      text += "<g shape-rendering=\"crispEdges\">\n\(backgrounds)</g>\n"
    }
    for (brush, outline) in shapes.sorted(by: { $0.key.order < $1.key.order }) {
      let path = outline.path
      if !path.isEmpty { text += "<path \(brush.attributes) d=\"\(path)\"/>\n" }
    }
    text += """
      <g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" \
      font-size="16.6" xml:space="preserve">

      """
    for (look, runs) in texts.sorted(by: { $0.key.order < $1.key.order }) {
      text += "<g \(look.attributes)>\n\(runs)</g>\n"
    }
    return text + "</g>\n</svg>\n"
  }
}

/// A number without decimals that say nothing, in hundredths at most.
func number(_ value: some BinaryInteger) -> String { String(value) }

/// A number without decimals that say nothing, in hundredths at most.
func number(_ value: Double) -> String {
  let hundredths = Int((value * 100).rounded())
  let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
  let decimals =
    rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
  return (hundredths < 0 ? "-" : "") + "\(whole)" + decimals
}
