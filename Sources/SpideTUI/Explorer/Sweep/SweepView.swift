import SpideExperiment

/// A sweep's file that was read, and how it is looked at.
struct SweepView: Sendable {
  /// Where it lies.
  let path: String
  let summary: SweepSummary
  /// The key along the plot, as a place among the summary's axes.
  private(set) var axis = 0
  /// The column upward, as a place among the measure's.
  private(set) var column = 0
  /// Whether rows are taken together whatever they have of the other keys.
  private(set) var isAveraged = false
  /// What is drawn.
  private(set) var curves: [SweepSummary.Curve] = []
  /// The value of the axis, and the curve, that the table is about.
  private(set) var place = 0
  private(set) var curve = 0

  /// More curves would not be told apart: those around the selected one are drawn.
  static let mostCurves = 6

  /// A file as it is looked at first, or as a former one was where it has the same columns.
  init(path: String, summary: SweepSummary, like former: SweepView? = nil) {
    self.path = path
    self.summary = summary
    if let former, former.summary.measure == summary.measure,
      former.summary.axes.map(\.key) == summary.axes.map(\.key)
    {
      (axis, column, isAveraged) = (former.axis, former.column, former.isAveraged)
      (place, curve) = (former.place, former.curve)
    }
    arrange()
  }

  /// The key along the plot.
  var shownAxis: SweepSummary.Axis { summary.axes[axis] }
  /// The other keys.
  var otherKeys: [String] {
    summary.axes.indices.filter { $0 != axis }.map { summary.axes[$0].key }
  }
  /// What is measured upward.
  var shownColumn: SweepColumn { SweepColumn(summary.measure.columns[column]) }
  /// Places of the curves that are drawn.
  var drawn: Range<Int> {
    visibleRows(
      curve - Self.mostCurves / 2, selected: curve, count: curves.count, height: Self.mostCurves)
  }

  // MARK: Looking otherwise

  mutating func nextAxis() {
    axis = (axis + 1) % summary.axes.count
    place = 0
    arrange()
  }

  mutating func nextColumn() {
    column = (column + 1) % summary.measure.columns.count
    arrange()
  }

  mutating func toggleAverage() {
    isAveraged.toggle()
    arrange()
  }

  mutating func move(places: Int) {
    place = min(max(0, place + places), max(0, shownAxis.values.count - 1))
  }

  mutating func move(curves count: Int) {
    curve = min(max(0, curve + count), max(0, curves.count - 1))
  }

  private mutating func arrange() {
    curves = summary.curves(of: column, over: axis, isAveraged: isAveraged)
    move(places: 0)
    move(curves: 0)
  }
}

/// A column of a sweep's figures in words.
struct SweepColumn: Hashable, Sendable {
  /// As screens write it, with its unit.
  let title: String
  let format: CurvePlot.Format

  /// The column of that name in the file.
  init(_ name: String) {
    let known: [String: (String, CurvePlot.Format)] = [
      "best_test_accuracy": ("best test accuracy", .percent),
      "test_accuracy": ("test accuracy", .percent), "test_loss": ("test loss", .number),
      "train_loss": ("training loss", .number), "seconds": ("seconds of training", .number),
      "energy_uJ": ("energy, µJ", .number), "mean_forward_rate": ("mean forward rate", .rate),
      "mean_backward_rate": ("mean backward rate", .rate),
      "cosine": ("cosine to the exact gradient", .number),
      "relative_error": ("relative error of the gradient", .number),
    ]
    (title, format) = known[name] ?? (name, .number)
  }
}

extension Model {
  /// Takes in a sweep's file, and shows it.
  mutating func take(_ sweep: Result<SweepFileRead, Failure>) {
    switch sweep {
    case .failure(let failure): note = Note(text: failure.line, isError: true)
    case .success(let read):
      let isAgain = self.sweep?.path == read.path
      self.sweep = SweepView(path: read.path, summary: read.summary, like: self.sweep)
      let rows = Words.counted(read.summary.rows, "row")
      note = Note(text: "\(read.path): \(rows)\(isAgain ? " by now" : "")")
      if !panels.contains(where: { $0 is SweepPlotPanel }) { bring(SweepPlotPanel()) }
    }
  }
}

/// A sweep's file that has been read, as far as it has been written.
public struct SweepFileRead: Sendable {
  let path: String
  let summary: SweepSummary
}
