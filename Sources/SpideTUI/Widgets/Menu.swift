/// A list to choose from, with a word about each.
public struct Menu: Widget {
  /// One choice.
  public struct Item: Hashable, Sendable {
    /// Its name.
    public var title: String
    /// What it is.
    public var detail: String
    /// What stands in the way of choosing it, in a word or two; empty for nothing.
    public var mark: String

    /// A choice.
    public init(_ title: String, _ detail: String = "", mark: String = "") {
      self.title = title
      self.detail = detail
      self.mark = mark
    }
  }

  /// From the top.
  public var items: [Item]
  /// The marked choice; the list scrolls so that it is in sight.
  public var selected: Int

  /// A menu.
  public init(items: [Item], selected: Int) {
    self.items = items
    self.selected = selected
  }

  /// Columns in which nothing of it is cut.
  public func width(_ glyphs: Glyphs) -> Int {
    let details = items.map { glyphs.width($0.detail) }.max() ?? 0
    // Two for the pointer before, two for the arrows behind that show where it scrolls.
    return 2 + columns(glyphs).detail + details + 2
  }

  /// Rows that it takes of `height`, in so many columns.
  public func rows(width: Int, height: Int, glyphs: Glyphs) -> Int {
    let wanted = items.count + footerRows(width, height, glyphs)
    return min(height, wanted < Menu.leastForFooter ? items.count : wanted)
  }

  /// The choice in `row` of a menu of that size.
  public func item(atRow row: Int, width: Int, height: Int, glyphs: Glyphs) -> Int? {
    let visible = visible(height: height - footerRows(width, height, glyphs))
    return row >= 0 && row < visible.count ? visible.lowerBound + row : nil
  }

  package func draw(on canvas: inout Canvas) {
    let glyphs = canvas.glyphs
    let footer = footerRows(canvas.width, canvas.height, glyphs)
    let height = canvas.height - footer
    let visible = visible(height: height)
    if footer > 0 { drawFooter(y: height, on: &canvas) }
    let columns = columns(glyphs)
    let scrolls = visible.count < items.count && canvas.width >= 6
    let right = canvas.width - (scrolls ? 2 : 0)
    for (y, index) in visible.enumerated() {
      let isSelected = index == selected
      let style = isSelected ? Style(.accent, bold: true) : .plain
      if isSelected { canvas[0, y] = Cell(glyphs.pointer, style) }
      canvas.write(glyphs.clipped(items[index].title, to: right - 2), x: 2, y: y, style: style)
      let mark = 2 + columns.mark
      canvas.write(
        glyphs.clipped(items[index].mark, to: right - mark), x: mark, y: y, style: Style(.warning))
      let x = 2 + columns.detail
      canvas.write(
        glyphs.clipped(items[index].detail, to: right - x), x: x, y: y,
        style: isSelected ? .plain : Style(.faint))
    }
    if scrolls {
      let faint = Style(.faint)
      if visible.lowerBound > 0 { canvas[canvas.width - 1, 0] = Cell(glyphs.upArrow, faint) }
      if visible.upperBound < items.count {
        canvas[canvas.width - 1, height - 1] = Cell(glyphs.downArrow, faint)
      }
    }
  }

  private static let leastForFooter = 9

  /// Rows at the bottom in which the whole of the selected detail stands, a line above it: where the screen is too
  /// narrow for the longest detail and high enough to choose all the same.
  private func footerRows(_ width: Int, _ height: Int, _ glyphs: Glyphs) -> Int {
    guard height >= Menu.leastForFooter, width < self.width(glyphs) else { return 0 }
    let longest = items.map { glyphs.wrapped($0.detail, to: width - 2).count }.max() ?? 0
    return 1 + min(longest, height / 3)
  }

  private func drawFooter(y: Int, on canvas: inout Canvas) {
    for x in 0..<canvas.width { canvas[x, y] = Cell(canvas.glyphs.horizontal, Style(.faint)) }
    guard items.indices.contains(selected) else { return }
    let lines = canvas.glyphs.wrapped(items[selected].detail, to: canvas.width - 2)
    for (row, line) in lines.enumerated() { canvas.write(line, x: 2, y: y + 1 + row) }
  }

  /// Where the marks and the details begin, after the pointer; without any mark they have no column.
  private func columns(_ glyphs: Glyphs) -> (mark: Int, detail: Int) {
    let titles = (items.map { glyphs.width($0.title) }.max() ?? 0) + 2
    let marks = items.map { glyphs.width($0.mark) }.max() ?? 0
    return (titles, titles + (marks > 0 ? marks + 2 : 0))
  }

  private func visible(height: Int) -> Range<Int> {
    visibleRows(selected - height / 2, selected: selected, count: items.count, height: height)
  }
}
