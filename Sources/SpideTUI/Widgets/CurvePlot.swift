/// Curves over a common axis with round ticks and a legend that gives their last values, also where that is no number.
///
/// Each curve has its dashes and its mark, so that they stay apart without colour.
public struct CurvePlot: Widget {
  /// A point of a curve; what is not finite is left out and breaks the line.
  public struct Point: Hashable, Sendable {
    /// Along the common axis, ascending within a curve.
    public var x: Double
    /// Upward.
    public var y: Double

    /// A point.
    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// One curve.
  public struct Series: Hashable, Sendable {
    /// Its name in the legend.
    public var name: String
    /// Its points, ascending in x.
    public var points: [Point]
    /// Its colour; nil takes the next series colour.
    public var tone: Tone?

    /// A curve.
    public init(_ name: String, _ points: [Point], tone: Tone? = nil) {
      self.name = name
      self.points = points
      self.tone = tone
    }
  }

  /// How values are written.
  public enum Format: Hashable, Sendable {
    case number
    /// Fractions as percentages.
    case percent
  }

  /// The curves; the first are drawn on top.
  public var series: [Series]
  /// What the horizontal axis counts.
  public var xLabel: String
  /// What the vertical axis measures.
  public var yLabel: String
  /// Whether the vertical axis is logarithmic; values of 0 and below are then left out.
  public var isLogarithmic: Bool
  /// How values are written.
  public var format: Format
  /// The vertical range; nil fits the curves.
  public var yRange: ClosedRange<Double>?
  /// Where an upright line stands, on the horizontal axis.
  public var cursor: Double?
  /// What stands there while no curve has a point.
  public var emptyText: String

  /// A plot.
  public init(
    series: [Series], xLabel: String = "", yLabel: String = "", isLogarithmic: Bool = false,
    format: Format = .number, yRange: ClosedRange<Double>? = nil, cursor: Double? = nil,
    emptyText: String = "nothing yet"
  ) {
    self.series = series
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.isLogarithmic = isLogarithmic
    self.format = format
    self.yRange = yRange
    self.cursor = cursor
    self.emptyText = emptyText
  }

  package func draw(on canvas: inout Canvas) {
    guard let frame = Frame(self, on: canvas) else {
      let isEmpty = series.allSatisfy(\.points.isEmpty)
      canvas.writeCentred(isEmpty ? emptyText : CurvePlot.noNumber, style: Style(.faint))
      return
    }
    drawAxes(frame, on: &canvas)
    if let cursor, let x = frame.x.place(cursor, of: frame.plot.width) {
      for y in frame.plot.y..<frame.plot.bottom {
        canvas[frame.plot.x + x, y] = Cell(canvas.glyphs.vertical, Style(.accent, dim: true))
      }
    }
    drawCurves(frame, on: &canvas)
    if frame.plot.y > 0 { drawLegend(on: &canvas) }
  }

  private func tone(_ index: Int) -> Tone { series[index].tone ?? .series(index) }

  private static let dashes = [(on: 1, off: 0), (on: 5, off: 3), (on: 1, off: 2), (on: 8, off: 2)]

  private func drawCurves(_ frame: Frame, on canvas: inout Canvas) {
    var grid = DotGrid(columns: frame.plot.width, rows: frame.plot.height, glyphs: canvas.glyphs)
    var ends: [(x: Int, y: Int, cell: Cell)] = []
    for index in series.indices {
      let mark = canvas.glyphs.seriesMark(index)
      var pen = Pen(
        Style(tone(index)), mark: mark, dash: CurvePlot.dashes[index % CurvePlot.dashes.count])
      var last: (x: Int, y: Int)?
      func reach(_ next: (x: Int, y: Int)) {
        grid.line(from: last ?? next, to: next, pen: &pen)
        last = next
      }
      for column in frame.columns(of: series[index].points, dotsAcross: grid.width) {
        guard let column, let low = frame.y.place(column.low, of: grid.height),
          let high = frame.y.place(column.high, of: grid.height),
          let end = frame.y.place(column.last, of: grid.height)
        else {
          last = nil
          continue
        }
        // Within a column of dots the curve touches both its extremes, then goes on from its last value.
        if high != low {
          reach((column.x, grid.height - 1 - low))
          reach((column.x, grid.height - 1 - high))
        }
        reach((column.x, grid.height - 1 - end))
      }
      if let last, !canvas.glyphs.isASCII {
        let style = Style(tone(index), bold: true)
        ends.append((last.x / grid.dotsAcross, last.y / grid.dotsDown, Cell(mark, style)))
      }
    }
    grid.draw(on: &canvas, x: frame.plot.x, y: frame.plot.y)
    for end in ends.reversed() { canvas[frame.plot.x + end.x, frame.plot.y + end.y] = end.cell }
  }

  private func drawAxes(_ frame: Frame, on canvas: inout Canvas) {
    let glyphs = canvas.glyphs
    let plot = frame.plot
    let faint = Style(.faint)
    if plot.x > 0 {
      for y in plot.y..<plot.bottom { canvas[plot.x - 1, y] = Cell(glyphs.vertical, faint) }
      for (value, label) in zip(frame.yTicks.values, frame.yTicks.labels) {
        guard let place = frame.y.place(value, of: plot.height) else { continue }
        let y = plot.bottom - 1 - place
        canvas[plot.x - 1, y] = Cell(glyphs.verticalTick, faint)
        canvas.write(label, endingAt: plot.x - 1, y: y, style: faint)
      }
    }
    guard plot.bottom < canvas.height else { return }
    if plot.x > 0 { canvas[plot.x - 1, plot.bottom] = Cell(glyphs.corner, faint) }
    for x in plot.x..<plot.right { canvas[x, plot.bottom] = Cell(glyphs.horizontal, faint) }
    let y = plot.bottom + 1
    let title = glyphs.width(xLabel) + 2 <= plot.width / 2 ? glyphs.plain(xLabel) : ""
    let room = plot.right - (title.isEmpty ? 0 : title.count + 2)
    canvas.write(title, endingAt: plot.right, y: y, style: faint)
    func start(_ value: Double, _ label: String) -> Int? {
      let width = glyphs.width(label)
      return frame.x.place(value, of: plot.width).map { max(plot.x, plot.x + $0 - width / 2) }
        .flatMap { $0 + width <= room ? $0 : nil }
    }
    // Few ticks may all lie under the title: then closer ones.
    let most = max(2, plot.width / 12)
    let choices = (most...most + 2).map { Ticks.linear(frame.x.range, atMost: $0) }
    let ticks =
      choices.first { zip($0.values, $0.labels).contains { start($0, $1) != nil } } ?? choices[0]
    var free = 0
    for (value, label) in zip(ticks.values, ticks.labels) {
      guard let place = frame.x.place(value, of: plot.width) else { continue }
      canvas[plot.x + place, plot.bottom] = Cell(glyphs.horizontalTick, faint)
      guard let start = start(value, label), start >= free else { continue }
      canvas.write(label, x: start, y: y, style: faint)
      free = start + glyphs.width(label) + 2
    }
  }

  private func drawLegend(on canvas: inout Canvas) {
    var x = 0
    if !yLabel.isEmpty {
      x =
        canvas.write(
          canvas.glyphs.clipped(yLabel, to: canvas.width), x: 0, y: 0,
          style: Style(.normal, bold: true)) + 3
    }
    for index in series.indices {
      let last = series[index].points.last
      let name = canvas.glyphs.plain(series[index].name)
      let value = last.map { " " + canvas.glyphs.plain(text($0.y)) } ?? ""
      guard x + 2 + name.count + value.count <= canvas.width else { return }
      canvas[x, 0] = Cell(canvas.glyphs.seriesMark(index), Style(tone(index), bold: true))
      x = canvas.write(name, x: x + 2, y: 0, style: Style(tone(index)))
      x = canvas.write(value, x: x, y: 0) + 3
    }
  }

  private static let noNumber = "no number"

  fileprivate func text(_ value: Double) -> String {
    guard value.isFinite else { return CurvePlot.noNumber }
    return format == .percent ? NumberText.percent(value) : NumberText.short(value)
  }
}
