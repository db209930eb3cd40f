import SpideExperiment

/// Parameters below each other, each with the angle between its gradient and the exact one, the size of the error, and what the
/// error is made of. In one row each or, where there is room, in several.
public struct ErrorSplitList: Widget {
  /// One parameter. What does not exist is nil.
  public struct Item: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// The size of its gradient.
    public var norm: Double
    /// The size of the exact one.
    public var exactNorm: Double?
    /// Of the angle between the two.
    public var cosine: Double?
    /// The whole error, as a share of the exact gradient.
    public var error: Double?
    /// What rates, gates and `β` are to blame for, in the same unit.
    public var forward, gates, backward: Double?

    /// A parameter.
    public init(
      _ name: String, norm: Double, exactNorm: Double? = nil, cosine: Double? = nil,
      error: Double? = nil, forward: Double? = nil, gates: Double? = nil, backward: Double? = nil
    ) {
      self.name = name
      self.norm = norm
      self.exactNorm = exactNorm
      self.cosine = cosine
      self.error = error
      self.forward = forward
      self.gates = gates
      self.backward = backward
    }

    var parts: [Double?] { [forward, gates, backward] }
  }

  /// The parameters from the top.
  public var items: [Item]
  /// The one that is marked.
  public var selected: Int

  /// A list.
  public init(items: [Item], selected: Int) {
    self.items = items
    self.selected = selected
  }

  /// What the parts of an error are called, in order.
  static let parts = ["forward", "gates", "backward"]

  package func draw(on canvas: inout Canvas) {
    guard !items.isEmpty, canvas.width > 0, canvas.height > 0 else { return }
    let plan = RowPlan(self, canvas)
    if plan.top > 0 { drawLegend(plan, on: &canvas) }
    for (place, index) in plan.visible.enumerated() {
      draw(index, at: plan.top + place * plan.rows, plan, on: &canvas)
    }
  }

  /// The item at a row of a canvas of this size; nil where there is none.
  func item(atRow row: Int, width: Int, height: Int, glyphs: Glyphs) -> Int? {
    let plan = RowPlan(self, Canvas(width: width, height: height, glyphs: glyphs))
    let place = (row - plan.top) / plan.rows
    guard row >= plan.top, plan.visible.indices.contains(plan.visible.lowerBound + place) else {
      return nil
    }
    return plan.visible.lowerBound + place
  }

  // MARK: Rows

  /// Where everything stands.
  private struct RowPlan {
    /// Rows of the legend, and of each item.
    let top, rows: Int
    let visible: Range<Int>
    /// Columns of the names.
    let name: Int
    /// What a whole bar of an error stands for, and of a norm.
    let whole, norm: Double

    init(_ list: ErrorSplitList, _ canvas: Canvas) {
      let items = list.items
      top = canvas.height >= 3 ? 1 : 0
      let room = canvas.height - top
      rows = max(1, min(6, room / items.count))
      visible = visibleRows(
        0, selected: list.selected, count: items.count, height: max(1, room / rows))
      let longest = items.map { canvas.glyphs.width($0.name) }.max() ?? 0
      name = min(longest, max(4, canvas.width * 2 / 5))
      let sizes = items.map { item in
        max(item.error ?? 0, item.parts.reduce(0) { $0 + ($1 ?? 0) })
      }
      let largest = sizes.filter(\.isFinite).max() ?? 0
      whole = largest > 0 ? largest : 1
      let longestNorm = items.map(\.norm).filter(\.isFinite).max() ?? 0
      norm = longestNorm > 0 ? longestNorm : 1
    }

    /// Columns of a row after the name: a number and a bar, one after the other.
    func columns(_ width: Int) -> (cosine: Rect, error: Rect) {
      let left = 2 + name + 1
      let rest = max(0, width - left)
      let cosine = rest * 2 / 5
      return (
        Rect(x: left, y: 0, width: cosine - 1, height: 1),
        Rect(x: left + cosine, y: 0, width: rest - cosine, height: 1)
      )
    }
  }

  private func drawLegend(_ plan: RowPlan, on canvas: inout Canvas) {
    let faint = Style(.faint)
    // In one row each the numbers come first: that of the angle, then that of the error.
    var x = canvas.write(plan.rows == 1 ? "cosine, error:" : "error", x: 2, y: 0, style: faint) + 1
    for (index, name) in Self.parts.enumerated() {
      guard x + 2 + name.count <= canvas.width else { return }
      canvas[x, 0] = Cell(canvas.glyphs.splitParts[index], Self.style(index))
      x = canvas.write(name, x: x + 2, y: 0, style: faint) + 1
    }
  }

  private func draw(_ index: Int, at y: Int, _ plan: RowPlan, on canvas: inout Canvas) {
    let item = items[index]
    let isSelected = index == selected
    let style = isSelected ? Style(.accent, bold: true) : .plain
    if isSelected { canvas[0, y] = Cell(canvas.glyphs.pointer, style) }
    canvas.write(
      canvas.glyphs.clipped(item.name, to: plan.name), x: 2, y: y, style: style,
      maxWidth: plan.name)
    if plan.rows == 1 {
      drawShort(item, at: y, plan, on: &canvas)
    } else {
      drawLong(item, at: y, plan, on: &canvas)
    }
  }

  /// All in one row.
  private func drawShort(_ item: Item, at y: Int, _ plan: RowPlan, on canvas: inout Canvas) {
    let (left, right) = plan.columns(canvas.width)
    guard item.error != nil || item.cosine != nil else {
      canvas.write(
        "\u{2016}spikes\u{2016} \(NumberText.short(item.norm))  exact \(Self.text(item.exactNorm))",
        x: left.x, y: y, style: Style(.faint), maxWidth: canvas.width - left.x)
      return
    }
    drawCosine(item, x: left.x, y: y, width: left.width, on: &canvas)
    let number = 8
    canvas.write(Self.text(item.error), x: right.x, y: y, maxWidth: min(number, right.width))
    drawParts(
      item, plan, Rect(x: right.x + number, y: y, width: right.width - number, height: 1),
      on: &canvas)
  }

  /// In several rows: the angle, the error with its parts in one bar or in one each, and sizes.
  private func drawLong(_ item: Item, at y: Int, _ plan: RowPlan, on canvas: inout Canvas) {
    let norms =
      "\u{2016}spikes\u{2016} \(NumberText.short(item.norm))  exact \(Self.text(item.exactNorm))"
    let start = 2 + plan.name + 2
    let hasRoom = start + norms.count + 16 <= canvas.width
    if item.cosine == nil, item.error == nil {
      canvas.write(norms, x: start, y: y, style: Style(.faint), maxWidth: canvas.width - start)
      canvas.drawBar(
        item.norm / plan.norm, x: 2, y: y + 1, width: canvas.width - 2, style: Style(.faint))
      return
    }
    canvas.write("cosine", x: start, y: y, style: Style(.faint))
    drawCosine(
      item, x: start + 7, y: y,
      width: canvas.width - start - 7 - (hasRoom ? norms.count + 1 : 0), on: &canvas)
    if hasRoom { canvas.write(norms, endingAt: canvas.width, y: y, style: Style(.faint)) }
    let number = 17
    func row(_ label: String, _ value: Double?, _ row: Int) -> Rect {
      canvas.write(label, x: 2, y: row, style: Style(.faint))
      canvas.write(Self.text(value), endingAt: 2 + number - 1, y: row)
      return Rect(x: 2 + number, y: row, width: canvas.width - 2 - number, height: 1)
    }
    let error = row("error", item.error, y + 1)
    if plan.rows < 5 {
      drawParts(item, plan, error, on: &canvas)
      guard plan.rows >= 3 else { return }
      var x = 4
      for (index, value) in item.parts.enumerated() {
        canvas[x, y + 2] = Cell(canvas.glyphs.splitParts[index], Self.style(index))
        x =
          canvas.write(
            "\(Self.parts[index]) \(Self.text(value))", x: x + 2, y: y + 2,
            maxWidth: canvas.width - x - 2) + 2
      }
      return
    }
    bar(item.error, plan, error, .plain, canvas.glyphs.full, on: &canvas)
    for (index, value) in item.parts.enumerated() {
      bar(
        value, plan, row(Self.parts[index], value, y + 2 + index), Self.style(index),
        canvas.glyphs.splitParts[index], on: &canvas)
    }
  }

  // MARK: Bars

  private func drawCosine(_ item: Item, x: Int, y: Int, width: Int, on canvas: inout Canvas) {
    let number = 7
    let text = item.cosine.map { NumberText.fixed($0, decimals: 3) } ?? "–"
    canvas.write(text, x: x, y: y, maxWidth: max(0, min(number, width)))
    guard let cosine = item.cosine else { return }
    canvas.drawBar(
      max(0, cosine), x: x + number, y: y, width: width - number, style: Style(.series(0)),
      track: Style(.faint))
  }

  /// The parts one after the other in one bar.
  private func drawParts(
    _ item: Item, _ plan: RowPlan, _ rect: Rect, on canvas: inout Canvas
  ) {
    var sum = 0.0
    var x = 0
    for (index, value) in item.parts.enumerated() {
      guard let value, value.isFinite else { continue }
      sum += value
      let end = Self.columns(sum, of: plan.whole, in: rect.width)
      while x < end {
        canvas[rect.x + x, rect.y] = Cell(canvas.glyphs.splitParts[index], Self.style(index))
        x += 1
      }
    }
  }

  /// The columns of a value; clamped as a number first, as it may be too large for a whole one.
  private static func columns(_ value: Double, of whole: Double, in width: Int) -> Int {
    let share = value / whole
    return share > 0 ? Int((min(share, 1) * Double(width)).rounded()) : 0
  }

  private func bar(
    _ value: Double?, _ plan: RowPlan, _ rect: Rect, _ style: Style, _ part: Character,
    on canvas: inout Canvas
  ) {
    guard let value, value.isFinite else { return }
    let columns = Self.columns(value, of: plan.whole, in: rect.width)
    for x in 0..<max(value > 0 ? min(1, rect.width) : 0, columns) {
      canvas[rect.x + x, rect.y] = Cell(part, style)
    }
  }

  private static func style(_ part: Int) -> Style {
    [Style(.series(0)), Style(.series(4)), Style(.series(1))][part]
  }

  private static func text(_ value: Double?) -> String { value.map(NumberText.short) ?? "–" }
}

extension Glyphs {
  /// What tells the parts of a bar apart without colour.
  var splitParts: [Character] { isASCII ? ["#", "=", "-"] : ["█", "▓", "▒"] }
}
