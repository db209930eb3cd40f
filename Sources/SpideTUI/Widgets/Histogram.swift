/// Counts over bins as upright bars: distributions below each other, groups of them side by side, all over one axis.
public struct Histogram: Widget {
  /// One distribution.
  public struct Series: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// A count for each bin.
    public var counts: [Int]

    /// A distribution.
    public init(_ name: String, counts: [Int]) {
      self.name = name
      self.counts = counts
    }
  }

  /// An upright line, such as a threshold.
  public struct Mark: Hashable, Sendable {
    /// Where, on the axis of the edges.
    public var value: Double
    /// Whether it is drawn as a reset potential rather than a threshold.
    public var isReset: Bool

    /// A line at `value`.
    public init(_ value: Double, isReset: Bool = false) {
      self.value = value
      self.isReset = isReset
    }
  }

  /// Distributions that belong together, with a scale of their own.
  public struct Group: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// From the top; every group has the same.
    public var series: [Series]
    /// What stands there while it has no counts.
    public var emptyText: String

    /// A group.
    public init(_ name: String, series: [Series], emptyText: String = "") {
      self.name = name
      self.series = series
      self.emptyText = emptyText
    }
  }

  /// From the left, all over the same bins.
  public var groups: [Group]
  /// Edges of the bins, ascending and evenly spaced: one more than there are bins.
  public var edges: [Double]
  /// Upright lines in every picture.
  public var marks: [Mark]
  /// What is counted.
  public var unit: String

  /// A histogram.
  public init(groups: [Group], edges: [Double], marks: [Mark] = [], unit: String = "") {
    self.groups = groups
    self.edges = edges
    self.marks = marks
    self.unit = unit
  }

  package func draw(on canvas: inout Canvas) {
    guard let low = edges.first, let high = edges.last, low < high, (high - low).isFinite,
      let first = groups.first, !first.series.isEmpty
    else { return }
    let glyphs = canvas.glyphs
    let names = (first.series.map { glyphs.width($0.name) }.max() ?? 0) + 1
    let margin = canvas.width >= names + 8 * groups.count ? names : 0
    let titleRows = canvas.height > first.series.count ? 1 : 0
    let axisRows = canvas.height - titleRows >= 2 * first.series.count + 2 ? 2 : 0
    let heights = SplitLayout.apportion(
      canvas.height - titleRows - axisRows, by: first.series.map { _ in 1 })
    var y = titleRows
    for (index, (series, height)) in zip(first.series, heights).enumerated() {
      if margin > 0, height > 0 {
        canvas.write(
          glyphs.clipped(series.name, to: margin - 1), x: 0, y: y,
          style: Style(.series(index), bold: true))
      }
      y += height
    }
    let gap = groups.count == 1 ? 0 : (canvas.width - margin) / groups.count >= 26 ? 2 : 1
    // All groups are drawn alike, as the narrowest has room for.
    let columns = (canvas.width - margin - gap * (groups.count - 1)) / groups.count
    guard columns > 0 else { return }
    let bins = Bins(count: edges.count - 1, columns: columns, range: low...high)
    let scales = groups.map { group in
      let largest = group.series.flatMap { bins.merged($0.counts) }.max() ?? 0
      return (largest: largest, text: largest > 0 ? glyphs.plain("≤ \(largest) \(unit)") : "")
    }
    let hasScales = zip(groups, scales).allSatisfy {
      glyphs.width($0.name) + 2 + $1.text.count <= bins.width
    }
    for (index, group) in groups.enumerated() {
      var own = Canvas(width: columns, height: canvas.height, glyphs: glyphs)
      if titleRows > 0 {
        own.write(
          glyphs.clipped(group.name, to: columns), x: 0, y: 0, style: Style(.normal, bold: true))
        if hasScales {
          own.write(scales[index].text, endingAt: bins.width, y: 0, style: Style(.faint))
        }
      }
      draw(group, bins, largest: scales[index].largest, top: titleRows, heights, on: &own)
      if axisRows > 0 { drawAxis(bins, y: canvas.height - axisRows, on: &own) }
      canvas.paste(own, x: margin + index * (columns + gap), y: 0)
    }
  }

  private func draw(
    _ group: Group, _ bins: Bins, largest: Int, top: Int, _ heights: [Int],
    on canvas: inout Canvas
  ) {
    var y = top
    for (index, (series, height)) in zip(group.series, heights).enumerated() {
      // A blank above keeps the bars from running into those before them.
      let rows = height >= 3 ? height - 1 : height
      let area = Rect(x: 0, y: y + height - rows, width: bins.width, height: rows)
      drawBars(
        bins.merged(series.counts), bins, largest: largest, in: area,
        tone: .series(index), on: &canvas)
      y += height
    }
    guard largest == 0 else { return }
    var own = Canvas(width: canvas.width, height: max(0, y - top), glyphs: canvas.glyphs)
    own.writeCentred(group.emptyText, style: Style(.faint))
    canvas.paste(own, x: 0, y: top)
  }

  private func drawBars(
    _ counts: [Int], _ bins: Bins, largest: Int, in area: Rect, tone: Tone,
    on canvas: inout Canvas
  ) {
    for mark in marks {
      guard let x = bins.column(mark.value) else { continue }
      let line =
        mark.isReset ? canvas.glyphs.uprightReset : canvas.glyphs.uprightThreshold
      for y in area.y..<area.bottom { canvas[x, y] = Cell(line, Style(.threshold)) }
    }
    for (index, count) in counts.enumerated() where count > 0 {
      // A sliver of the top stays free: pictures below each other do not touch.
      let whole = Double(area.height * 8 - 1)
      let eighths = max(1, Int((Double(count) / Double(max(1, largest)) * whole).rounded()))
      for row in 0..<area.height {
        let filled = min(8, eighths - row * 8)
        guard filled > 0 else { break }
        for column in 0..<bins.columnsPerBin {
          canvas[index * bins.columnsPerBin + column, area.bottom - 1 - row] = Cell(
            canvas.glyphs.verticalEighths[filled], Style(tone))
        }
      }
    }
  }

  private func drawAxis(_ bins: Bins, y: Int, on canvas: inout Canvas) {
    for x in 0..<bins.width { canvas[x, y] = Cell(canvas.glyphs.horizontal, Style(.faint)) }
    var free = 0
    let ticks = Ticks.linear(bins.range, atMost: max(3, bins.width / 9))
    for (value, text) in zip(ticks.values, ticks.labels) {
      guard let column = bins.column(value) else { continue }
      canvas[column, y] = Cell(canvas.glyphs.horizontalTick, Style(.faint))
      let width = canvas.glyphs.width(text)
      let x = min(max(0, column - width / 2), canvas.width - width)
      guard x >= free else { continue }
      free = canvas.write(text, x: x, y: y + 1, style: Style(.faint)) + 1
    }
  }

  /// How bins lie on columns: equally many columns for each bin, or equally many bins for each column.
  private struct Bins {
    let range: ClosedRange<Double>
    let columnsPerBin: Int
    let binsPerColumn: Int
    /// Columns in use.
    let width: Int

    init(count: Int, columns: Int, range: ClosedRange<Double>) {
      self.range = range
      columnsPerBin = max(1, columns / count)
      binsPerColumn = (count + columns - 1) / columns
      width = (count + binsPerColumn - 1) / binsPerColumn * columnsPerBin
      binCount = count
    }

    private let binCount: Int

    func merged(_ counts: [Int]) -> [Int] {
      stride(from: 0, to: min(counts.count, binCount), by: binsPerColumn).map { first in
        counts[first..<min(first + binsPerColumn, counts.count)].reduce(0) { $0 + max(0, $1) }
      }
    }

    /// The column that a value falls into; nil outside.
    func column(_ value: Double) -> Int? {
      guard range.contains(value) else { return nil }
      let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      let bin = Int(share * Double(binCount) + 1e-9) / binsPerColumn
      return min(width - 1, bin * columnsPerBin)
    }
  }
}
