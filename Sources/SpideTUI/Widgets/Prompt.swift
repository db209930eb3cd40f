/// The command line: what is typed in the bottom row, and above it completions or what is wrong.
public struct Prompt: Widget {
  /// What stands before the text, such as `:` or `/`.
  public var prefix: String
  /// What has been typed.
  public var text: String
  /// Unicode scalars of ``text`` before the cursor: characters may merge with what is typed next to them, scalars do not.
  public var cursor: Int
  /// What the text could become.
  public var completions: [String]
  /// The completion that is chosen.
  public var selected: Int?
  /// What is wrong with the text, if it was tried; then it stands in place of the completions.
  public var error: String?
  /// What else there is to say about the text; in place of the completions too.
  public var remark: String?
  /// The first line shown of what is said, where there is no room for all.
  public var firstErrorLine: Int
  /// Whether it says which key leaves the line.
  public var saysHowToLeave: Bool

  /// A command line.
  public init(
    prefix: String, text: String, cursor: Int, completions: [String] = [], selected: Int? = nil,
    error: String? = nil, remark: String? = nil, firstErrorLine: Int = 0,
    saysHowToLeave: Bool = false
  ) {
    self.prefix = prefix
    self.text = text
    self.cursor = cursor
    self.completions = completions
    self.selected = selected
    self.error = error
    self.remark = remark
    self.firstErrorLine = firstErrorLine
    self.saysHowToLeave = saysHowToLeave
  }

  private static let leaving = "Esc leaves"

  /// Rows that it takes at the bottom of a screen: two, or more where what stands above the line needs them.
  public func rows(width: Int, height: Int, glyphs: Glyphs) -> Int {
    let lines =
      said(width, height - 1, glyphs)?.count
      // Completions leave half of the screen to look at.
      ?? min(completionRows(width, glyphs).count, max(1, height / 2))
    return min(height, 1 + max(1, lines))
  }

  /// The largest ``firstErrorLine`` at which no row is wasted.
  public func lastFirstErrorLine(width: Int, height: Int, glyphs: Glyphs) -> Int {
    max(0, (said(width, height - 1, glyphs)?.count ?? 0) - max(0, height - 1))
  }

  /// The column of the cursor.
  public func cursorColumn(width: Int, glyphs: Glyphs) -> Int { input(width, glyphs).cursor }

  package func draw(on canvas: inout Canvas) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    drawInput(y: canvas.height - 1, on: &canvas)
    guard canvas.height >= 2 else { return }
    if let lines = said(canvas.width, canvas.height - 1, canvas.glyphs) {
      draw(lines, Style(error == nil ? .warning : .bad, bold: true), on: &canvas)
    } else {
      drawCompletions(on: &canvas)
    }
  }

  // MARK: The line

  /// Where the text begins, how many of its columns are scrolled out at the left, and where the cursor stands.
  private func input(_ width: Int, _ glyphs: Glyphs) -> (start: Int, hidden: Int, cursor: Int) {
    let start = min(glyphs.width(prefix), max(0, width - 1))
    let scalars = text.unicodeScalars
    let place = scalars.index(
      scalars.startIndex, offsetBy: max(0, cursor), limitedBy: scalars.endIndex)
    let rest = scalars[(place ?? scalars.endIndex)...]
    let before = glyphs.width(String(scalars[..<rest.startIndex]))
    let under = max(1, rest.first.map(glyphs.columns) ?? 1)
    let hidden = max(0, min(before, before + under - (width - start)))
    return (start, hidden, start + before - hidden)
  }

  private func drawInput(y: Int, on canvas: inout Canvas) {
    let (start, hidden, cursor) = input(canvas.width, canvas.glyphs)
    // What is half scrolled out falls to the prefix, which is written over it.
    var x = start - hidden
    for part in canvas.glyphs.cells(text) {
      if x >= start {
        canvas.put(part, x: x, y: y, style: Style(reversed: x == cursor))
      }
      x += part.columns
    }
    if x == cursor { canvas[x, y] = Cell(" ", Style(reversed: true)) }
    // Who goes on by keys would type them into the line.
    if saysHowToLeave, x + Prompt.leaving.count + 3 < canvas.width {
      canvas.write(Prompt.leaving, endingAt: canvas.width - 1, y: y, style: Style(.faint))
    }
    canvas.write(prefix, x: 0, y: y, style: Style(.accent, bold: true), maxWidth: start)
  }

  // MARK: Above it

  /// What is wrong or else to be said, in lines; where there are more than `rows`, arrows have the last column.
  private func said(_ width: Int, _ rows: Int, _ glyphs: Glyphs) -> [String]? {
    guard let text = error ?? remark else { return nil }
    let lines = glyphs.wrapped(text, to: width)
    return lines.count > rows && width > 2 ? glyphs.wrapped(text, to: width - 1) : lines
  }

  private func draw(_ lines: [String], _ style: Style, on canvas: inout Canvas) {
    let rows = canvas.height - 1
    let first = min(max(0, firstErrorLine), max(0, lines.count - rows))
    let shown = lines.dropFirst(first).prefix(rows)
    for (row, line) in shown.enumerated() {
      canvas.write(line, x: 0, y: rows - shown.count + row, style: style)
    }
    let x = canvas.width - 1
    if first > 0 { canvas[x, 0] = Cell(canvas.glyphs.upArrow, Style(.faint)) }
    if first + shown.count < lines.count {
      canvas[x, rows - 1] = Cell(canvas.glyphs.downArrow, Style(.faint))
    }
  }

  /// Indices of ``completions`` row by row, as many to a row as fit.
  private func completionRows(_ width: Int, _ glyphs: Glyphs) -> [[Int]] {
    var rows: [[Int]] = []
    var free = 0
    for index in completions.indices {
      let needed = glyphs.width(completions[index]) + 2
      if needed > free || rows.isEmpty {
        rows.append([])
        free = width
      }
      rows[rows.count - 1].append(index)
      free -= needed
    }
    return rows
  }

  private func drawCompletions(on canvas: inout Canvas) {
    let all = completionRows(canvas.width, canvas.glyphs)
    let visible = visibleRows(
      0, selected: all.firstIndex { selected.map($0.contains) ?? false }, count: all.count,
      height: canvas.height - 1)
    for (offset, row) in visible.enumerated() {
      let y = canvas.height - 1 - visible.count + offset
      var x = 0
      for index in all[row] {
        let isSelected = index == selected
        let style = isSelected ? Style(.accent, bold: true, reversed: true) : Style(.faint)
        x = canvas.write(" \(completions[index]) ", x: x, y: y, style: style)
      }
      guard row == visible.upperBound - 1, visible.upperBound < all.count else { continue }
      let ellipsis = canvas.glyphs.ellipsis
      canvas.write(
        ellipsis, x: min(x, canvas.width - canvas.glyphs.width(ellipsis)), y: y,
        style: Style(.faint))
    }
  }
}
