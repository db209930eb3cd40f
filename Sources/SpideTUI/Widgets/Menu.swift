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

  /// The choice in `row` of a menu of `height` rows.
  public func item(atRow row: Int, height: Int) -> Int? {
    let visible = visible(height: height)
    return row >= 0 && row < visible.count ? visible.lowerBound + row : nil
  }

  package func draw(on canvas: inout Canvas) {
    let glyphs = canvas.glyphs
    let visible = visible(height: canvas.height)
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
        canvas[canvas.width - 1, canvas.height - 1] = Cell(glyphs.downArrow, faint)
      }
    }
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
