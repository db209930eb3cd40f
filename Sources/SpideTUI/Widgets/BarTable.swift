/// Named rows of numbers in columns, each number with a bar where there is room.
public struct BarTable: Widget {
  /// One column.
  public struct Column: Hashable, Sendable {
    /// Its header, and a shorter one for where that has no room.
    public var title, short: String

    /// A column.
    public init(_ title: String, short: String? = nil) {
      self.title = title
      self.short = short ?? title
    }
  }

  /// One number.
  public struct Value: Hashable, Sendable {
    /// The number in words.
    public var text: String
    /// The bar, as a fraction of a full one.
    public var fraction: Double

    /// A number.
    public init(_ text: String, _ fraction: Double) {
      self.text = text
      self.fraction = fraction
    }
  }

  /// One row.
  public struct Row: Hashable, Sendable {
    /// Its name.
    public var label: String
    /// By column.
    public var values: [Value]

    /// A row.
    public init(_ label: String, _ values: [Value]) {
      self.label = label
      self.values = values
    }
  }

  /// From the left; where there is no room the last go first.
  public var columns: [Column]
  /// From the top.
  public var rows: [Row]
  /// The row that is marked.
  public var selected: Int?
  /// What the names are of.
  public var labelTitle = ""

  /// A table.
  public init(columns: [Column], rows: [Row], selected: Int? = nil) {
    self.columns = columns
    self.rows = rows
    self.selected = selected
  }

  /// The row at a row of a canvas so high; nil beside them.
  func row(atRow y: Int, height: Int) -> Int? {
    let plan = RowPlan(self, height: height)
    guard y >= plan.top else { return nil }
    let row = plan.visible.lowerBound + (y - plan.top) / plan.spacing
    return plan.visible.contains(row) ? row : nil
  }

  /// Where rows stand.
  private struct RowPlan {
    let top, spacing: Int
    let visible: Range<Int>

    init(_ table: BarTable, height: Int) {
      top = height >= table.rows.count + 2 ? 2 : height >= 2 ? 1 : 0
      let room = max(0, height - top)
      spacing = min(3, max(1, room / max(1, table.rows.count)))
      visible = visibleRows(
        0, selected: table.selected, count: table.rows.count, height: room / spacing)
    }
  }

  /// Where columns stand: those that have room, with their texts' and their bars' widths.
  private struct ColumnPlan {
    var label = 0
    var titles: [String] = []
    var texts: [Int] = []
    /// Columns of a bar; 0 where a column's numbers have none.
    var bars: [Int] = []

    /// Names are cut down to so many columns before a number goes.
    private static let shortestLabel = 10
    private static let shortestBar = 4

    init(_ table: BarTable, width: Int, _ glyphs: Glyphs) {
      let pointer = table.selected == nil ? 0 : 2
      let longest = table.rows.map { glyphs.width($0.label) }.max() ?? 0
      let least = min(longest, Self.shortestLabel)
      let values = table.columns.indices.map { column in
        table.rows.map { column < $0.values.count ? glyphs.width($0.values[column].text) : 0 }
          .max() ?? 0
      }
      func needed(_ titles: [String]) -> [Int] {
        zip(titles, values).map { max(glyphs.width($0), $1) }
      }
      let (full, short) = (table.columns.map(\.title), table.columns.map(\.short))
      func room(_ texts: [Int]) -> Int { width - pointer - texts.reduce(0) { $0 + $1 + 1 } }
      titles = room(needed(full)) >= longest ? full : short
      texts = needed(titles)
      while !texts.isEmpty, room(texts) < least { texts.removeLast() }
      label = min(longest, max(0, room(texts)))
      let hasBars = texts.indices.map { column in
        table.rows.contains { column < $0.values.count && $0.values[column].fraction != 0 }
      }
      let rest = (room(texts) - label) / max(1, hasBars.count { $0 })
      let bar = rest > Self.shortestBar ? min(rest - 1, 40) : 0
      bars = hasBars.map { $0 ? bar : 0 }
    }
  }

  package func draw(on canvas: inout Canvas) {
    guard !rows.isEmpty, canvas.width > 0, canvas.height > 0 else { return }
    let glyphs = canvas.glyphs
    let plan = RowPlan(self, height: canvas.height)
    let columns = ColumnPlan(self, width: canvas.width, glyphs)
    let left = (selected == nil ? 0 : 2) + columns.label
    // A column is a gap, the number at the right of its room, and the bar behind it.
    func start(_ column: Int) -> Int {
      (0..<column).reduce(left + 1) { start, before in
        let bar = columns.bars[before]
        return start + columns.texts[before] + (bar > 0 ? bar + 2 : 1)
      }
    }
    if plan.top > 0 {
      canvas.write(
        glyphs.clipped(labelTitle, to: columns.label), x: left - columns.label, y: 0,
        style: Style(.normal, bold: true), maxWidth: columns.label)
      for (column, width) in columns.texts.enumerated() {
        let title = glyphs.plain(columns.titles[column])
        canvas.write(
          title, endingAt: start(column) + width, y: 0, style: Style(.normal, bold: true))
      }
    }
    if plan.top > 1 {
      for x in 0..<canvas.width { canvas[x, 1] = Cell(glyphs.horizontal, Style(.faint)) }
    }
    for (place, index) in plan.visible.enumerated() {
      let (row, y) = (rows[index], plan.top + place * plan.spacing)
      let isSelected = index == selected
      let style = isSelected ? Style(.accent, bold: true) : .plain
      if isSelected { canvas[0, y] = Cell(glyphs.pointer, style) }
      canvas.write(
        glyphs.clipped(row.label, to: columns.label), x: left - columns.label, y: y, style: style,
        maxWidth: columns.label)
      for (column, width) in columns.texts.enumerated() where column < row.values.count {
        let value = row.values[column]
        canvas.write(value.text, endingAt: start(column) + width, y: y, style: style)
        guard columns.bars[column] > 0 else { continue }
        canvas.drawBar(
          value.fraction, x: start(column) + width + 1, y: y, width: columns.bars[column],
          style: Style(.series(0), bold: isSelected))
      }
    }
  }
}
