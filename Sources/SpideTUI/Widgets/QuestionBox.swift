/// A question in a frame in the middle of the screen, its answers with their keys below it.
///
/// Where there is little room the answers stay longest: they tell what is asked.
public struct QuestionBox: Widget {
  /// A key and what it does.
  public struct Answer: Hashable, Sendable {
    /// The key.
    public var key: String
    /// What it does.
    public var text: String

    /// An answer.
    public init(key: String, _ text: String) {
      self.key = key
      self.text = text
    }
  }

  /// In the frame.
  public var title: String
  /// What is asked, cut into lines where it is drawn.
  public var text: String
  /// From left to right.
  public var answers: [Answer]

  /// A question.
  public init(title: String, text: String, answers: [Answer]) {
    self.title = title
    self.text = text
    self.answers = answers
  }

  /// The part of a screen that the question covers.
  public func overlay(on canvas: Canvas) -> Rect { layout(canvas).rect }

  /// The answer, as an index, at a cell of a screen like `canvas`; nil beside them.
  public func answer(x: Int, y: Int, on canvas: Canvas) -> Int? {
    let layout = layout(canvas)
    guard y == layout.answersRow, layout.inside.contains(x: x, y: y) else { return nil }
    return layout.columns.firstIndex { $0.contains(x) }
  }

  package func draw(on canvas: inout Canvas) {
    let layout = layout(canvas)
    guard !layout.rect.isEmpty else { return }
    canvas.fill(layout.rect, .blank)
    canvas.frame(layout.rect, title: title, isSelected: true)
    for (row, line) in layout.lines.enumerated() {
      canvas.write(line, x: layout.inside.x, y: layout.inside.y + row)
    }
    let right = layout.inside.right
    for (answer, columns) in zip(answers, layout.columns) {
      let x = canvas.write(
        answer.key, x: columns.lowerBound, y: layout.answersRow,
        style: Style(.accent, bold: true), maxWidth: right - columns.lowerBound)
      canvas.write(
        canvas.glyphs.clipped(answer.text, to: right - x - 1), x: x + 1, y: layout.answersRow)
    }
  }

  private struct Layout {
    var rect: Rect
    /// Without the frame and a column beside it.
    var inside: Rect
    var lines: [String]
    var answersRow: Int
    var columns: [Range<Int>]
  }

  private static let widest = 64

  private func layout(_ canvas: Canvas) -> Layout {
    let glyphs = canvas.glyphs
    let hasFrame = canvas.width >= 8 && canvas.height >= 3
    let border = hasFrame ? (across: 4, down: 2) : (across: 0, down: 0)
    let widths = answers.map { glyphs.width($0.key) + 1 + glyphs.width($0.text) }
    let answersWidth = widths.reduce(0, +) + 3 * max(0, answers.count - 1)
    let room = max(0, min(canvas.width - border.across, QuestionBox.widest))
    let all = glyphs.wrapped(text, to: room)
    let rows = max(0, canvas.height - border.down)
    let lines = Array(all.prefix(max(0, rows - 1)))
    let gap = rows > lines.count + 1 && !lines.isEmpty ? 1 : 0
    let widest = (lines.map(glyphs.width) + [answersWidth, glyphs.width(title) + 2]).max() ?? 0
    let width = min(room, widest) + border.across
    let height = min(rows, lines.count + gap + 1) + border.down
    let rect = Rect(
      x: (canvas.width - width) / 2, y: (canvas.height - height) / 2, width: width, height: height)
    let inside = Rect(
      x: rect.x + border.across / 2, y: rect.y + border.down / 2, width: width - border.across,
      height: height - border.down)
    var x = inside.x
    let columns = widths.map { width in
      defer { x += width + 3 }
      return x..<x + width
    }
    return Layout(
      rect: rect, inside: inside, lines: lines, answersRow: inside.y + lines.count + gap,
      columns: columns)
  }
}
