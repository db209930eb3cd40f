import SpideEngine
import SpideExperiment

/// A curve of a training that a panel draws.
struct TrainedCurve {
  let name: String
  let kind: DrawnRun.Kind
  let curve: (TrainingCurves) -> ThinnedCurve?

  init(
    _ name: String, _ kind: DrawnRun.Kind, _ curve: @escaping (TrainingCurves) -> ThinnedCurve?
  ) {
    (self.name, self.kind, self.curve) = (name, kind, curve)
  }
}

extension Model {
  /// A plot over training: all curves of the current run or, where runs are compared, one curve of each. Wherever constants
  /// were changed there is a mark, and a line at the update that is shown, where more are recorded after it.
  ///
  /// - Parameters:
  ///   - curves: those of the current run.
  ///   - compared: the one that runs are compared by.
  func trainingPlot(
    _ curves: [TrainedCurve], compared: TrainedCurve?, format: CurvePlot.Format,
    range: ClosedRange<Double>? = nil, isError: Bool = false, isLogarithmic: Bool = false
  ) -> CurvePlot {
    let (drawn, setting) = (drawnRuns, runs.plot)
    let current = drawn.first { $0.run.id == runs.current }
    var plot = CurvePlot(
      series: [], xLabel: setting.axis.label, isLogarithmic: isLogarithmic, format: format,
      yRange: range, emptyText: "t starts training")
    plot.reader = setting.reader
    plot.yLabel = setting.reader.map { "at \(setting.axis.text($0))" } ?? ""
    var changes: [String] = []
    func told(_ drawn: DrawnRun) -> [Double] {
      let marks = drawn.training.curves.changes
      let name = comparesRuns ? "\(drawn.run.name): " : ""
      changes += marks.map { name + Words.difference($0.from, $0.to) }
      return marks.map { drawn.place(update: $0.batch) }
    }
    if comparesRuns, let compared {
      plot.isStacked = true
      for drawn in drawn {
        var series = series(drawn.run.name, compared, drawn, isError: isError)
        series.points = series.points.map { CurvePlot.Point($0.x, $0.y) }
        series.number = drawn.run.series
        series.marks = told(drawn)
        plot.series.append(series)
      }
    } else if let current {
      plot.series = curves.map { series($0.name, $0, current, isError: isError) }
      plot.marks = told(current)
    }
    if let current, training.isBehind { plot.cursor = current.place(update: training.batchesDone) }
    plot.markName = changes.count > 1 ? "\(changes.count) changes" : changes.first ?? ""
    return plot
  }

  /// A curve of a run, with the value that the legend tells: where curves are read, at the update that is shown, or the last.
  private func series(
    _ name: String, _ curve: TrainedCurve, _ drawn: DrawnRun, isError: Bool
  ) -> CurvePlot.Series {
    func shown(_ value: Double?) -> Double? { isError ? value.map { 1 - $0 } : value }
    var points = drawn.points(curve.curve, curve.kind)
    if isError {
      points = points.map { CurvePlot.Point($0.x, 1 - $0.y, range: 1 - $0.high, 1 - $0.low) }
    }
    var series = CurvePlot.Series(name, points)
    if let place = runs.plot.reader {
      series.newest = value(of: points, at: place, curve.kind, end: drawn.end)
      return series
    }
    let training = drawn.training
    let (before, now) = (curve.curve(training.earlier), curve.curve(training.curves))
    let update = curve.kind == .overBatches ? training.batchesDone : training.epochsDone
    // Another run's curve is told at its end, where its mark is. Nothing may have been measured yet where this one stands.
    let isCut = training.isBehind && drawn.run.id == runs.current
    let newest = isCut ? now?.value(at: Double(update)) : now?.newest
    series.newest = shown(newest ?? before?.newest)
    return series
  }

  /// The value of a curve at a place: of the batches that are drawn there, or of the last test before it. Nil past the end.
  private func value(
    of points: [CurvePlot.Point], at place: Double, _ kind: DrawnRun.Kind, end: Double
  ) -> Double? {
    switch kind {
    case .overBatches: points.first { $0.x >= place }?.y
    case .overEpochs: place <= end ? points.last { $0.x <= place }?.y : nil
    }
  }

  var batchesInEpoch: Double {
    Double(max(1, preset.training.batches(of: max(1, data.train.count))))
  }
}

extension Panel {
  /// A click on a plot over training reads its curves there.
  func readPlot(_ model: Model, _ plot: CurvePlot, x: Int, in rect: Rect) -> [Action] {
    guard let place = plot.place(atColumn: x, width: rect.width, height: rect.height, model.glyphs)
    else { return [] }
    return [.read(at: place)]
  }
}
