/// Labelled horizontal bars: class scores, firing rates.
public struct BarList: Widget {
  /// One bar.
  public struct Item: Hashable, Sendable {
    /// Before the bar.
    public var label: String
    /// Length of the bar, as a fraction of a full one.
    public var value: Double
    /// After the bar, such as the value in words.
    public var text: String
    /// Checked: the right class.
    public var isChecked: Bool
    /// Stands out: the predicted class, the selected layer.
    public var isHighlighted: Bool

    /// A bar.
    public init(
      _ label: String, value: Double, text: String, isChecked: Bool = false,
      isHighlighted: Bool = false
    ) {
      self.label = label
      self.value = value
      self.text = text
      self.isChecked = isChecked
      self.isHighlighted = isHighlighted
    }
  }

  /// The bars from the top.
  public var items: [Item]
  /// The colour of the bars.
  public var tone = Tone.series(0)

  /// A list of bars.
  public init(items: [Item]) { self.items = items }

  /// So many bars, in their order: those that stand out, then the longest.
  private func mostTelling(_ count: Int) -> [Item] {
    func rank(_ item: Item) -> Double {
      item.isChecked || item.isHighlighted ? .infinity : item.value.isNaN ? 0 : item.value
    }
    let ranked = items.indices.sorted { a, b in
      let (first, second) = (rank(items[a]), rank(items[b]))
      return first == second ? a < b : first > second
    }
    return ranked.prefix(count).sorted().map { items[$0] }
  }

  /// Rows from one bar to the next where there are so many rows: they stand apart where there is room.
  func spacing(height: Int) -> Int { min(3, max(1, height / max(1, items.count))) }

  package func draw(on canvas: inout Canvas) {
    guard !items.isEmpty, canvas.width > 0, canvas.height > 0 else { return }
    let glyphs = canvas.glyphs
    let overflows = items.count > canvas.height && canvas.height >= 3
    let shown = overflows ? mostTelling(canvas.height - 1) : Array(items.prefix(canvas.height))

    // The label never takes more than a third, so that a bar remains.
    let longest = shown.map { glyphs.width($0.label) }.max() ?? 0
    let label = min(longest, max(1, canvas.width / 3))
    var text = shown.map { glyphs.width($0.text) }.max() ?? 0
    var check = items.contains(where: \.isChecked) ? 2 : 0
    if canvas.width - label - text - check - 2 < 3 { text = 0 }
    if canvas.width - label - check - 1 < 3 { check = 0 }
    let bar = canvas.width - label - 1 - (text > 0 ? text + 1 : 0) - check

    let spacing = spacing(height: canvas.height)
    for (place, item) in shown.enumerated() {
      let y = place * spacing
      let style = item.isHighlighted ? Style(.accent, bold: true) : .plain
      canvas.write(
        glyphs.clipped(item.label, to: label), x: 0, y: y, style: style, maxWidth: label)
      canvas.drawBar(
        item.value, x: label + 1, y: y, width: bar,
        style: Style(tone, bold: item.isHighlighted))
      if text > 0 { canvas.write(item.text, endingAt: label + bar + 2 + text, y: y, style: style) }
      if item.isChecked, check > 0 {
        canvas[canvas.width - 1, y] = Cell(glyphs.check, Style(.good, bold: true))
      }
    }
    if overflows {
      canvas.write(
        glyphs.clipped(
          "\(items.count - shown.count) more", to: canvas.width),
        x: 0, y: canvas.height - 1, style: Style(.faint))
    }
  }
}

extension Canvas {
  /// A bar of `fraction` (0 … 1) of `width` columns, to an eighth of a column; anything above 0 shows.
  mutating func drawBar(
    _ fraction: Double, x: Int, y: Int, width: Int, style: Style, track: Style? = nil
  ) {
    guard width > 0 else { return }
    let part = fraction.isFinite ? min(max(fraction, 0), 1) : 0
    var eighths = Int((part * Double(width * 8)).rounded())
    if part > 0 { eighths = max(eighths, glyphs.isASCII ? 4 : 1) }
    for column in 0..<width {
      let filled = min(8, max(0, eighths - column * 8))
      if filled > 0 {
        self[x + column, y] = Cell(glyphs.horizontalEighths[filled], style)
      } else if let track {
        self[x + column, y] = Cell(glyphs.track, track)
      }
    }
  }
}
