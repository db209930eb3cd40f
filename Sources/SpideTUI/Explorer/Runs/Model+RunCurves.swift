import SpideEngine
import SpideExperiment

/// A run whose curves are drawn.
struct DrawnRun {
  let run: Run
  let training: TrainingProgress
  let batchesInEpoch: Double
  private let axis: RunPlot.Axis

  init(_ run: Run, _ state: RunState, axis: RunPlot.Axis) {
    self.run = run
    training = state.training
    let samples = max(1, state.data.train.count)
    batchesInEpoch = Double(max(1, state.preset.training.batches(of: samples)))
    self.axis = axis
  }

  /// Which values a curve has.
  enum Kind {
    case overBatches, overEpochs
  }

  /// The points of a curve along the axis of the plot. What a checkpoint tells is by epoch.
  func points(
    _ curve: (TrainingCurves) -> ThinnedCurve?, _ kind: Kind
  ) -> [CurvePlot.Point] {
    let unit = kind == .overBatches ? batchesInEpoch : 1
    func points(_ curves: TrainingCurves, unit: Double) -> [CurvePlot.Point] {
      (curve(curves)?.bins ?? []).map {
        CurvePlot.Point(place(epoch: $0.last / unit), $0.mean, range: $0.low, $0.high)
      }
    }
    return points(training.earlier, unit: 1) + points(training.curves, unit: unit)
  }

  /// Where a place of the training stands on the axis; no number where the time of it is not known.
  func place(epoch: Double) -> Double {
    switch axis {
    case .epochs: return epoch
    case .updates: return epoch * batchesInEpoch
    case .seconds: return seconds(epoch: epoch) ?? .nan
    }
  }

  /// How far the run reaches along the axis; no number where that is not known.
  var end: Double {
    let epochs = training.earlier.seconds.bins.last?.last ?? 0
    let updates = training.curves.seconds.bins.last?.last ?? 0
    return place(epoch: max(epochs, updates / batchesInEpoch))
  }

  /// Where so many updates stand.
  func place(update: Int) -> Double { place(epoch: Double(update) / batchesInEpoch) }

  private func seconds(epoch: Double) -> Double? {
    let (before, now) = (training.earlier.seconds, training.curves.seconds)
    if let end = before.bins.last?.last, epoch <= end {
      return before.risingValue(at: epoch, from: (0, 0))
    }
    guard let first = now.bins.first else { return nil }
    let beginning = (x: first.first - 1, value: training.curves.secondsBefore)
    return now.risingValue(at: epoch * batchesInEpoch, from: beginning)
  }
}

extension Model {
  /// The runs whose curves are drawn, the one on top first: the pinned one, the current one, then those that were chosen.
  var drawnRuns: [DrawnRun] {
    let chosen = runs.list.filter { $0.isOverlaid || $0.id == runs.current || $0.id == runs.pinned }
    func rank(_ run: Run) -> Int {
      run.id == runs.pinned ? 0 : run.id == runs.current ? 1 : 2 + run.number
    }
    return chosen.sorted { rank($0) < rank($1) }.compactMap { run in
      state(of: run).map { DrawnRun(run, $0, axis: runs.plot.axis) }
    }
  }

  /// Whether curves of several runs lie over each other.
  var comparesRuns: Bool {
    runs.list.contains { $0.id != runs.current && ($0.isOverlaid || $0.id == runs.pinned) }
  }

  /// How far the curves that are drawn reach along the axis.
  var plotEnd: Double { drawnRuns.map(\.end).filter(\.isFinite).max() ?? 0 }

  /// Reads the curves so many steps further along; past the end, at their ends again.
  mutating func moveReader(by steps: Int) {
    let end = plotEnd
    guard end > 0 else {
      note = Note(text: "no curves to read yet: t starts training")
      return
    }
    let step = end / 50
    let next = (runs.plot.reader ?? end) + Double(steps) * step
    readCurves(at: next > end + step / 2 ? nil : min(max(0, next), end))
  }

  /// Reads all curves at a place of the axis, or at their ends.
  mutating func readCurves(at place: Double?) {
    runs.plot.reader = place
    note = Note(
      text: place.map {
        "curves are read at \(runs.plot.axis.text($0)); ) past the end: at their ends"
      }
        ?? "curves are read at their ends")
  }
}
