import SpideExperiment

/// Curves over a common axis with round ticks and a legend that gives their newest values, also where that is no number.
///
/// Each curve has its dashes and its mark, so that they stay apart without colour. Where one place stands for many values
/// the curve is their mean, in a band from the least to the largest.
public struct CurvePlot: Widget {
  /// A point of a curve, or the mean of many with their range; what is not finite is left out and breaks the line.
  public struct Point: Hashable, Sendable {
    /// Along the common axis, ascending within a curve.
    public var x: Double
    /// Upward.
    public var y: Double
    /// The least and the largest of the values that the point stands for.
    public var low, high: Double

    /// A point.
    public init(_ x: Double, _ y: Double) {
      self.init(x, y, range: y, y)
    }

    /// The mean `y` of values from `low` to `high`.
    public init(_ x: Double, _ y: Double, range low: Double, _ high: Double) {
      self.x = x
      self.y = y
      self.low = low
      self.high = high
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
    /// The value in the legend; nil where there is none yet.
    public var newest: Double?
    /// The series whose colour, dashes and mark it has; nil takes those of its place.
    public var number: Int?
    /// Where something happened on this curve, on the horizontal axis.
    public var marks: [Double] = []

    /// A curve; its newest value is its last point's unless another is given.
    public init(_ name: String, _ points: [Point], tone: Tone? = nil, newest: Double? = nil) {
      self.name = name
      self.points = points
      self.tone = tone
      self.newest = newest ?? points.last?.y
    }
  }

  /// How values are written.
  public enum Format: Hashable, Sendable {
    case number
    /// Fractions as percentages.
    case percent
    /// Firing rates.
    case rate
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
  /// Where the values of the legend are read, on the horizontal axis; nil for where the curves end.
  public var reader: Double?
  /// Whether a curve covers those under it; else a place of several has the colour of none.
  public var isStacked = false
  /// Where something happened, on the horizontal axis.
  public var marks: [Double]
  /// What happened there, for the legend.
  public var markName: String
  /// What stands there while no curve has a point.
  public var emptyText: String
  /// Whether the horizontal axis is logarithmic; values of 0 and below are then left out.
  public var isXLogarithmic = false
  /// What the horizontal axis names, in place of round numbers.
  package var xTicks: Ticks?
  /// Whether a line leads from point to point.
  public var connects = true
  /// Whether each point has its mark, where few stand for much; else the last one has.
  public var marksPoints = false
  /// The horizontal range; nil fits the curves.
  public var xRange: ClosedRange<Double>?
  /// Thresholds and resets across the plot.
  public var levels: [PotentialTrace.Level] = []
  /// What they are, for the legend.
  public var levelNames: [String] = []

  /// A plot.
  public init(
    series: [Series], xLabel: String = "", yLabel: String = "", isLogarithmic: Bool = false,
    format: Format = .number, yRange: ClosedRange<Double>? = nil, cursor: Double? = nil,
    marks: [Double] = [], markName: String = "", emptyText: String = "nothing yet"
  ) {
    self.series = series
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.isLogarithmic = isLogarithmic
    self.format = format
    self.yRange = yRange
    self.cursor = cursor
    self.marks = marks
    self.markName = markName
    self.emptyText = emptyText
  }

  package func draw(on canvas: inout Canvas) {
    guard series.contains(where: { !$0.points.isEmpty }) else {
      canvas.writeCentred(emptyText, style: Style(.faint))
      return
    }
    let legend = Legend(self, width: canvas.width, height: canvas.height, glyphs: canvas.glyphs)
    guard let frame = Frame(self, legendRows: legend.rows.count, on: canvas) else {
      canvas.writeCentred("no numbers to draw", style: Style(.faint))
      legend.draw(on: &canvas)
      return
    }
    drawAxes(frame, on: &canvas)
    drawLevels(frame, on: &canvas)
    for mark in marks { drawUpright(mark, canvas.glyphs.uprightReset, Style(.threshold)) }
    if let cursor { drawUpright(cursor, canvas.glyphs.vertical, Style(.accent, dim: true)) }
    if let reader { drawUpright(reader, canvas.glyphs.vertical, Style(.accent, bold: true)) }
    func drawUpright(_ place: Double, _ line: Character, _ style: Style) {
      guard let x = frame.column(place) else { return }
      for y in frame.plot.y..<frame.plot.bottom { canvas[x, y] = Cell(line, style) }
    }
    drawCurves(frame, on: &canvas)
    legend.draw(on: &canvas)
  }

  func tone(_ index: Int) -> Tone { series[index].tone ?? .series(number(index)) }

  /// The series whose colour, dashes and mark a curve has.
  func number(_ index: Int) -> Int { series[index].number ?? index }

  /// The place on the horizontal axis that a column of a canvas stands for; nil beside the curves.
  func place(atColumn x: Int, width: Int, height: Int, _ glyphs: Glyphs) -> Double? {
    let canvas = Canvas(width: width, height: height, glyphs: glyphs)
    let legend = Legend(self, width: width, height: height, glyphs: glyphs)
    guard let frame = Frame(self, legendRows: legend.rows.count, on: canvas) else { return nil }
    return frame.place(ofColumn: x)
  }

  private func drawLevels(_ frame: Frame, on canvas: inout Canvas) {
    for level in levels {
      guard let y = frame.row(level.value) else { continue }
      let isThreshold = level.kind == .threshold
      let style = Style(.threshold, dim: !isThreshold)
      let line = isThreshold ? canvas.glyphs.thresholdLine : canvas.glyphs.resetLine
      for x in frame.plot.x..<frame.plot.right { canvas[x, y] = Cell(line, style) }
    }
  }

  /// Which of some places on the horizontal axis is nearest to a column of a canvas that it is drawn on; nil without any.
  func nearest(of places: [Double], toColumn column: Int, on canvas: Canvas) -> Int? {
    let legend = Legend(self, width: canvas.width, height: canvas.height, glyphs: canvas.glyphs)
    guard let frame = Frame(self, legendRows: legend.rows.count, on: canvas) else { return nil }
    let columns = places.map { frame.column($0) }
    func distance(_ index: Int) -> Int { columns[index].map { abs($0 - column) } ?? .max }
    return places.indices.min { distance($0) < distance($1) }
  }

  /// The mark of a curve.
  func mark(_ index: Int, _ glyphs: Glyphs) -> Character {
    glyphs.seriesMark(number(index))
  }

  private func drawAxes(_ frame: Frame, on canvas: inout Canvas) {
    let glyphs = canvas.glyphs
    let plot = frame.plot
    let faint = Style(.faint)
    if plot.x > 0 {
      for y in plot.y..<plot.bottom { canvas[plot.x - 1, y] = Cell(glyphs.vertical, faint) }
      for (value, label) in zip(frame.yTicks.values, frame.yTicks.labels) {
        guard let y = frame.row(value) else { continue }
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
      return frame.column(value).map { max(plot.x, $0 - width / 2) }
        .map { xTicks == nil ? $0 : min($0, room - width) }
        .flatMap { $0 + width <= room ? $0 : nil }
    }
    // Few ticks may all lie under the title: then closer ones.
    let most = max(2, plot.width / 12)
    let choices =
      xTicks.map { [$0] }
      ?? (most...most + 2).map {
        isXLogarithmic
          ? Ticks.logarithmic(frame.x.range, atMost: $0) : Ticks.linear(frame.x.range, atMost: $0)
      }
    let ticks =
      choices.first { zip($0.values, $0.labels).contains { start($0, $1) != nil } } ?? choices[0]
    var free = 0
    for (value, label) in zip(ticks.values, ticks.labels) {
      guard let column = frame.column(value) else { continue }
      canvas[column, plot.bottom] = Cell(glyphs.horizontalTick, faint)
      guard let start = start(value, label), start >= free else { continue }
      canvas.write(label, x: start, y: y, style: faint)
      free = start + glyphs.width(label) + 2
    }
  }

  func text(_ value: Double) -> String {
    guard value.isFinite else { return "no number" }
    return switch format {
    case .number: NumberText.short(value)
    case .percent: NumberText.percent(value)
    case .rate: NumberText.rate(value)
    }
  }
}
