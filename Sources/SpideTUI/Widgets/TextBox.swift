/// A text to be read whole, in a frame, scrolled where there is no room for all of it.
public struct TextBox: Widget {
  /// In the frame.
  public var title: String
  /// The text; lines are broken between words.
  public var text: String
  /// Its colour.
  public var tone: Tone
  /// The first line shown; past the last that is of use, that one.
  public var firstLine: Int

  /// Lines are no longer, however wide the screen.
  private static let longestLine = 96

  /// A box.
  public init(title: String, text: String, tone: Tone = .normal, firstLine: Int = 0) {
    self.title = title
    self.text = text
    self.tone = tone
    self.firstLine = firstLine
  }

  /// Where it stands on a screen: in the middle, no larger than it must be.
  public func rect(width: Int, height: Int, glyphs: Glyphs) -> Rect {
    let isFramed = width >= 4 && height >= 3
    let sides = isFramed ? (width >= 20 ? 4 : 2) : 0
    let lines = glyphs.wrapped(text, to: min(width - sides, Self.longestLine))
    let longest = lines.map(glyphs.width).max() ?? 0
    let wanted = max(longest, glyphs.width(title) + glyphs.width(hint(lines.count, 0..<0)) + 4)
    let size = (
      width: min(width, wanted + sides), height: min(height, lines.count + (isFramed ? 2 : 0))
    )
    return Rect(
      x: (width - size.width) / 2, y: (height - size.height) / 2, width: size.width,
      height: size.height)
  }

  /// Lines in sight and the largest ``firstLine`` of use, in a box of `rect`.
  public func scrolling(in rect: Rect, glyphs: Glyphs) -> (page: Int, last: Int) {
    let frame = Frame(self, width: rect.width, height: rect.height, glyphs: glyphs)
    return (frame.inside.height, max(0, frame.lines.count - frame.inside.height))
  }

  package func draw(on canvas: inout Canvas) {
    let frame = Frame(self, width: canvas.width, height: canvas.height, glyphs: canvas.glyphs)
    let first = min(max(0, firstLine), max(0, frame.lines.count - frame.inside.height))
    let shown = first..<min(frame.lines.count, first + frame.inside.height)
    canvas.frame(
      canvas.bounds, title: title, rightTitle: hint(frame.lines.count, shown), isSelected: true)
    for (row, line) in frame.lines[shown].enumerated() {
      canvas.write(line, x: frame.inside.x, y: frame.inside.y + row, style: Style(tone))
    }
    guard frame.inside != canvas.bounds else { return }
    let (x, arrow) = (canvas.width - 1, Style(.accent, bold: true))
    if shown.lowerBound > 0 { canvas[x, frame.inside.y] = Cell(canvas.glyphs.upArrow, arrow) }
    if shown.upperBound < frame.lines.count {
      canvas[x, frame.inside.bottom - 1] = Cell(canvas.glyphs.downArrow, arrow)
    }
  }

  /// What the frame says at the right: how to close it, or what of it is in sight.
  private func hint(_ count: Int, _ shown: Range<Int>) -> String {
    shown.count == count || shown.isEmpty
      ? "Enter closes" : "\(shown.lowerBound + 1)–\(shown.upperBound) of \(count)"
  }

  private struct Frame {
    let inside: Rect
    let lines: [String]

    init(_ box: TextBox, width: Int, height: Int, glyphs: Glyphs) {
      let bounds = Rect(x: 0, y: 0, width: width, height: height)
      let isFramed = width >= 4 && height >= 3
      let margin = width >= 20 ? 1 : 0
      inside =
        isFramed
        ? Rect(x: 1 + margin, y: 1, width: width - 2 - 2 * margin, height: height - 2) : bounds
      lines = glyphs.wrapped(box.text, to: inside.width)
    }
  }
}
