/// Rows of text in aligned columns below a header.
public struct Table: Widget {
  /// One column.
  public struct Column: Hashable, Sendable {
    /// Its header.
    public var title: String
    /// Whether numbers line up at its right edge.
    public var alignsRight: Bool
    /// Its colour.
    public var tone: Tone

    /// A column.
    public init(_ title: String, alignsRight: Bool = false, tone: Tone = .normal) {
      self.title = title
      self.alignsRight = alignsRight
      self.tone = tone
    }
  }

  /// From the left; where there is no room the last go first.
  public var columns: [Column]
  /// Texts by column; missing ones are blank.
  public var rows: [[String]]
  /// The row that is marked.
  public var selectedRow: Int?

  /// A table.
  public init(columns: [Column], rows: [[String]], selectedRow: Int? = nil) {
    self.columns = columns
    self.rows = rows
    self.selectedRow = selectedRow
  }

  /// The row of the table that stands in a row of a canvas so high; nil beside them.
  public func row(atRow y: Int, height: Int) -> Int? {
    let (header, visible) = layout(height)
    let row = visible.lowerBound + y - header
    return y >= header && visible.contains(row) ? row : nil
  }

  /// Rows of the header, and those of the table in sight.
  private func layout(_ height: Int) -> (header: Int, visible: Range<Int>) {
    let header = height >= 4 ? 2 : height >= 2 ? 1 : 0
    return (
      header,
      visibleRows(0, selected: selectedRow, count: rows.count, height: height - header)
    )
  }

  package func draw(on canvas: inout Canvas) {
    let (header, visible) = layout(canvas.height)
    let pointer = selectedRow == nil ? 0 : 2
    var x = pointer
    for (index, column) in columns.enumerated() {
      let texts = rows.lazy.map { index < $0.count ? $0[index] : "" }
      let longest = texts.map(canvas.glyphs.width).max() ?? 0
      let width = max(canvas.glyphs.width(column.title), longest)
      // The first column is cut rather than left out.
      let shown = index == 0 ? min(width, canvas.width - x) : width
      guard shown > 0, x + shown <= canvas.width else { break }
      func write(_ text: String, y: Int, style: Style, on canvas: inout Canvas) {
        let clipped = canvas.glyphs.clipped(text, to: shown)
        let indent = column.alignsRight ? shown - canvas.glyphs.width(clipped) : 0
        canvas.write(clipped, x: x + indent, y: y, style: style)
      }
      if header > 0 {
        write(column.title, y: 0, style: Style(.normal, bold: true), on: &canvas)
      }
      for (y, row) in visible.enumerated() {
        let isSelected = row == selectedRow
        let style = Style(isSelected ? .accent : column.tone, bold: isSelected)
        write(texts[row], y: header + y, style: style, on: &canvas)
      }
      x += shown + 2
    }
    if header == 2 {
      for column in 0..<min(canvas.width, max(0, x - 2)) {
        canvas[column, 1] = Cell(canvas.glyphs.horizontal, Style(.faint))
      }
    }
    if let selectedRow, visible.contains(selectedRow) {
      canvas[0, header + selectedRow - visible.lowerBound] = Cell(
        canvas.glyphs.pointer, Style(.accent, bold: true))
    }
  }
}

/// The rows of a scrolled list that are in sight: from `first`, moved just so far that `selected` is among them.
func visibleRows(_ first: Int, selected: Int?, count: Int, height: Int) -> Range<Int> {
  let height = max(0, height)
  guard height > 0, count > 0 else { return 0..<0 }
  var start = first
  if let selected, (0..<count).contains(selected) {
    start = min(max(start, selected - height + 1), selected)
  }
  start = min(max(0, start), max(0, count - height))
  return start..<min(count, start + height)
}
