import SpideEngine
import SpideExperiment

extension Model {
  /// A plot over training, x in epochs, with a mark wherever constants were changed and a line at the update that is shown,
  /// where more are recorded after it.
  func trainingPlot(
    _ series: [CurvePlot.Series], format: CurvePlot.Format, range: ClosedRange<Double>? = nil
  ) -> CurvePlot {
    let changes = training.curves.changes
    return CurvePlot(
      series: series, xLabel: "epoch", format: format, yRange: range,
      cursor: training.isBehind ? Double(training.batchesDone) / batchesInEpoch : nil,
      marks: changes.map { Double($0.batch) / batchesInEpoch },
      markName: changes.count > 1
        ? "\(changes.count) changes"
        : changes.first.map { Words.difference($0.from, $0.to) } ?? "",
      emptyText: "t starts training")
  }

  /// A curve with a value for each batch, and before it what a checkpoint tells.
  func overBatches(
    _ name: String, _ curve: (TrainingCurves) -> ThinnedCurve?
  ) -> CurvePlot.Series {
    trainingSeries(name, curve, unit: batchesInEpoch, shown: training.batchesDone)
  }

  /// A curve with a value for each epoch.
  func overEpochs(
    _ name: String, _ curve: (TrainingCurves) -> ThinnedCurve?
  ) -> CurvePlot.Series {
    trainingSeries(name, curve, unit: 1, shown: training.epochsDone)
  }

  var batchesInEpoch: Double {
    let batch = preset.training.batch
    return Double(max(1, (data.train.count + batch - 1) / batch))
  }

  /// `unit`: how many values of the curve make an epoch, `shown`: the number of that whose value is told. What a checkpoint
  /// tells is by epoch.
  private func trainingSeries(
    _ name: String, _ curve: (TrainingCurves) -> ThinnedCurve?, unit: Double, shown: Int
  ) -> CurvePlot.Series {
    func points(_ curve: ThinnedCurve?, unit: Double) -> [CurvePlot.Point] {
      (curve?.bins ?? []).map {
        CurvePlot.Point($0.last / unit, $0.mean, range: $0.low, $0.high)
      }
    }
    let (before, now) = (curve(training.earlier), curve(training.curves))
    let newest = training.isBehind ? now?.value(at: Double(shown)) : now?.newest
    var series = CurvePlot.Series(
      name, points(before, unit: 1) + points(now, unit: unit), newest: newest ?? before?.newest)
    // Nothing may have been measured yet where it stands.
    if training.isBehind { series.newest = newest ?? before?.newest }
    return series
  }
}
