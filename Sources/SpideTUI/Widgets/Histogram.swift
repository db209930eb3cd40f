/// Counts over bins as upright bars; several distributions as small pictures with common axes.
public struct Histogram: Widget {
  /// One distribution.
  public struct Series: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// A count for each bin.
    public var counts: [Int]
    /// Its colour; nil takes the next series colour.
    public var tone: Tone?

    /// A distribution.
    public init(_ name: String, counts: [Int], tone: Tone? = nil) {
      self.name = name
      self.counts = counts
      self.tone = tone
    }
  }

  /// An upright line, such as a threshold.
  public struct Mark: Hashable, Sendable {
    /// Where, on the axis of the edges.
    public var value: Double
    /// Its name, shown above.
    public var label: String
    /// Whether it is drawn as a reset potential rather than a threshold.
    public var isReset: Bool

    /// A line at `value`.
    public init(_ value: Double, label: String, isReset: Bool = false) {
      self.value = value
      self.label = label
      self.isReset = isReset
    }
  }

  /// The distributions, all over the same bins.
  public var series: [Series]
  /// Edges of the bins, ascending and evenly spaced: one more than there are bins.
  public var edges: [Double]
  /// Upright lines in every picture.
  public var marks: [Mark]

  /// A histogram.
  public init(series: [Series], edges: [Double], marks: [Mark] = []) {
    self.series = series
    self.edges = edges
    self.marks = marks
  }

  package func draw(on canvas: inout Canvas) {
    guard let low = edges.first, let high = edges.last, low < high, !series.isEmpty else { return }
    let isWide = canvas.width >= series.count * 24
    let parts = series.map { _ in SplitSize.share }
    let rects =
      isWide
      ? SplitLayout.columns(canvas.bounds, parts) : SplitLayout.rows(canvas.bounds, parts)
    let largest = series.flatMap(\.counts).max() ?? 0
    for (index, rect) in rects.enumerated() {
      let gap = isWide && index > 0 ? 2 : 0
      var own = Canvas(width: rect.width - gap, height: rect.height, glyphs: canvas.glyphs)
      draw(index, range: low...high, largest: max(1, largest), on: &own)
      canvas.paste(own, x: rect.x + gap, y: rect.y)
    }
  }

  private func draw(
    _ index: Int, range: ClosedRange<Double>, largest: Int, on canvas: inout Canvas
  ) {
    let glyphs = canvas.glyphs
    let tone = series[index].tone ?? .series(index)
    let top = canvas.height >= 4 ? 1 : 0
    let bottom = canvas.height >= 5 ? 2 : 0
    let label = String(largest)
    let rows = canvas.height - top - bottom
    let margin = rows >= 2 && canvas.width >= label.count + 13 ? label.count + 1 : 0
    let columns = canvas.width - margin
    guard rows > 0, columns > 0 else { return }

    let heights = bars(index, columns: columns)
    for (column, count) in heights.enumerated() {
      var eighths = Int((Double(count) / Double(largest) * Double(rows * 8)).rounded())
      if count > 0 { eighths = max(1, eighths) }
      for row in 0..<rows {
        let filled = min(8, max(0, eighths - row * 8))
        guard filled > 0 else { break }
        canvas[margin + column, top + rows - 1 - row] = Cell(
          glyphs.verticalEighths[filled], Style(tone))
      }
    }
    let scale = Scale(range)
    let places = marks.compactMap { mark in
      range.contains(mark.value) ? scale.place(mark.value, of: columns).map { (mark, $0) } : nil
    }
    for (mark, place) in places {
      let line = mark.isReset ? glyphs.uprightReset : glyphs.uprightThreshold
      for y in top..<top + rows where canvas[margin + place, y].character == " " {
        canvas[margin + place, y] = Cell(line, Style(.threshold))
      }
    }
    if top > 0 {
      var free =
        canvas.write(
          glyphs.clipped(series[index].name, to: columns), x: margin, y: 0,
          style: Style(tone, bold: true)) + 1
      for (mark, place) in places.sorted(by: { $0.1 < $1.1 }) {
        let width = glyphs.width(mark.label)
        let x = min(margin + max(0, place - width / 2), canvas.width - width)
        guard x > free else { continue }
        free = canvas.write(mark.label, x: x, y: 0, style: Style(.threshold)) + 1
      }
    }
    if margin > 0 {
      canvas.write(label, endingAt: margin - 1, y: top, style: Style(.faint))
      if rows >= 3 {
        canvas.write("0", endingAt: margin - 1, y: top + rows - 1, style: Style(.faint))
      }
      for y in top..<top + rows { canvas[margin - 1, y] = Cell(glyphs.vertical, Style(.faint)) }
    }
    guard bottom > 0 else { return }
    let axis = top + rows
    if margin > 0 { canvas[margin - 1, axis] = Cell(glyphs.corner, Style(.faint)) }
    for x in margin..<canvas.width { canvas[x, axis] = Cell(glyphs.horizontal, Style(.faint)) }
    var free = 0
    let ticks = Ticks.linear(range, atMost: max(2, columns / 9))
    for (value, text) in zip(ticks.values, ticks.labels) {
      guard let place = scale.place(value, of: columns) else { continue }
      canvas[margin + place, axis] = Cell(glyphs.horizontalTick, Style(.faint))
      let width = glyphs.width(text)
      let x = min(max(0, margin + place - width / 2), canvas.width - width)
      guard x >= free else { continue }
      free = canvas.write(text, x: x, y: axis + 1, style: Style(.faint)) + 1
    }
  }

  /// A count for each column: a bin's own where it is at least a column wide, else the largest of its bins.
  private func bars(_ index: Int, columns: Int) -> [Int] {
    let counts = series[index].counts
    guard !counts.isEmpty else { return [] }
    return (0..<columns).map { column in
      let first = column * counts.count / columns
      let last = max(first + 1, (column + 1) * counts.count / columns)
      return counts[first..<min(last, counts.count)].max() ?? 0
    }
  }
}
