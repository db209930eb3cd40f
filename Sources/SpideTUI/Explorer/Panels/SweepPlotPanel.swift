import SpideConfiguration
import SpideExperiment

/// A column of a sweep along one of its keys: means with their spread, a curve for each combination of the others or all
/// together.
struct SweepPlotPanel: Panel {
  let id: PanelID = "sweep-plot"
  let heading = "Sweep"
  let summary = "What a sweep has found along one of its keys: mean and spread over seeds."

  func titles(_ model: Model) -> [String] {
    guard let sweep = model.sweep else { return [heading] }
    let file = sweep.path.split(separator: "/").last.map(String.init) ?? sweep.path
    let pooled = Self.pooled(sweep)
    return [
      "\(file): mean ± standard deviation over \(pooled)",
      "mean ± standard deviation over \(pooled)", "mean ± deviation over \(pooled)",
      "mean ± deviation", heading,
    ]
  }

  func rightTitles(_ model: Model) -> [String] {
    model.sweep == nil ? [] : ["X key  y column  O others", "X y O"]
  }

  /// What a mean is taken over.
  static func pooled(_ sweep: SweepView) -> String {
    let seeds = Words.counted(sweep.summary.seeds, "seed")
    let others = sweep.otherKeys
    guard sweep.isAveraged, !others.isEmpty else { return seeds }
    return "\(seeds) and \(others.joined(separator: ", "))"
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let sweep = model.sweep else {
      return canvas.hint(":sweep FILE.csv shows what spide-tui sweep has found", in: rect)
    }
    canvas.draw(Self.plot(sweep), in: rect)
  }

  static func plot(_ sweep: SweepView) -> CurvePlot {
    let axis = sweep.shownAxis
    let drawn = sweep.drawn
    /// Where a value lies; nil where there are no values.
    func x(_ place: Int) -> Double? {
      guard axis.values.indices.contains(place) else { return nil }
      return axis.isNumeric ? axis.values[place].number : Double(place)
    }
    let series = drawn.map { index in
      let curve = sweep.curves[index]
      // Words have no order that a line could follow, and their points stand beside each other.
      let shift =
        axis.isNumeric ? 0 : (Double(index - drawn.lowerBound) - Double(drawn.count - 1) / 2) * 0.12
      let points = curve.points.compactMap { point in
        x(point.place).map { x in
          let spread = point.deviation ?? 0
          return CurvePlot.Point(
            x + shift, point.mean, range: point.mean - spread, point.mean + spread)
        }
      }
      let value = curve.points.first { $0.place == sweep.place }?.mean
      var series = CurvePlot.Series(Self.name(curve), points, tone: .series(index))
      series.newest = value
      series.number = index
      return series
    }
    var plot = CurvePlot(
      series: series, yLabel: "\(sweep.shownColumn.title) over \(axis.key)",
      format: sweep.shownColumn.format, cursor: x(sweep.place),
      emptyText: sweep.summary.rows == 0 ? "no rows yet" : "no numbers in this column")
    plot.marksPoints = true
    plot.xTicks = Ticks(
      values: axis.values.indices.compactMap(x), labels: axis.values.map(\.text))
    plot.connects = axis.isNumeric
    plot.isXLogarithmic = axis.spansDecades
    // Values of which nothing is known have their places too.
    if !axis.isNumeric {
      plot.xRange = -0.5...Double(axis.values.count) - 0.5
    } else if let least = x(0), let most = x(axis.values.count - 1), least < most {
      plot.xRange = least...most
    }
    return plot
  }

  /// What a curve is called: the values of the other keys.
  static func name(_ curve: SweepSummary.Curve) -> String {
    curve.values.isEmpty ? "all" : curve.values.map(\.text).joined(separator: ", ")
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    guard let sweep = model.sweep else { return [] }
    let canvas = Canvas(width: rect.width, height: rect.height, glyphs: model.glyphs)
    let plot = Self.plot(sweep)
    let place = plot.nearest(of: plot.xTicks?.values ?? [], toColumn: x, on: canvas)
    guard let place else { return [] }
    return [.sweep { $0.move(places: place - $0.place) }]
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? { [.sweep { $0.move(places: up ? -1 : 1) }] }
  func arrow(_ model: Model, down rows: Int) -> Action { .sweep { $0.move(curves: rows) } }
  func page(_ model: Model, down pages: Int) -> Action? { .sweep { $0.move(places: pages) } }
  func choose(_ model: Model) -> Action? { model.sweep == nil ? nil : .command(.sweep) }
}
