import SpideEngine
import SpideExperiment

extension Model {
  private var batchesInEpoch: Double {
    let batch = preset.training.batch
    return Double(max(1, (data.train.count + batch - 1) / batch))
  }

  /// A curve over batches, x in epochs, and before it what a checkpoint tells.
  private func overBatches(
    _ name: String, _ curve: (TrainingCurves) -> ThinnedCurve?
  ) -> CurvePlot.Series {
    series(name, curve, unit: batchesInEpoch)
  }

  /// A curve over epochs.
  private func overEpochs(
    _ name: String, _ curve: (TrainingCurves) -> ThinnedCurve?
  ) -> CurvePlot.Series {
    series(name, curve, unit: 1)
  }

  private func series(
    _ name: String, _ curve: (TrainingCurves) -> ThinnedCurve?, unit: Double
  ) -> CurvePlot.Series {
    func points(_ curve: ThinnedCurve?, unit: Double) -> [CurvePlot.Point] {
      (curve?.bins ?? []).map {
        CurvePlot.Point($0.last / unit, $0.mean, range: $0.low, $0.high)
      }
    }
    let (before, now) = (curve(training.earlier), curve(training.curves))
    return CurvePlot.Series(
      name, points(before, unit: 1) + points(now, unit: unit),
      newest: now?.newest ?? before?.newest)
  }

  /// What the four plots of training have in common.
  private func trainingPlot(
    _ series: [CurvePlot.Series], format: CurvePlot.Format, range: ClosedRange<Double>? = nil
  ) -> CurvePlot {
    let changes = training.curves.changes
    return CurvePlot(
      series: series, xLabel: "epoch", format: format, yRange: range,
      marks: changes.map { Double($0.batch) / batchesInEpoch },
      markName: changes.count > 1
        ? "\(changes.count) changes"
        : changes.first.map { Words.difference($0.from, $0.to) } ?? "",
      emptyText: "t starts training")
  }

  /// Training loss over batches, test loss over epochs.
  var lossPlot: CurvePlot {
    trainingPlot(
      [
        overBatches("train", \.loss), overEpochs("test", \.testLoss),
      ], format: .number)
  }

  /// The same for accuracy.
  var accuracyPlot: CurvePlot {
    trainingPlot(
      [
        overBatches("train", \.accuracy), overEpochs("test", \.testAccuracy),
      ], format: .percent, range: 0...1)
  }

  /// Firing rates of the layers over training.
  func ratePlot(_ rates: (TrainingCurves) -> [ThinnedCurve]) -> CurvePlot {
    trainingPlot(
      plan.layers.indices.map { layer in
        overBatches("L\(layer)") { curves in
          let curves = rates(curves)
          return curves.indices.contains(layer) ? curves[layer] : nil
        }
      }, format: .rate)
  }

  /// Epoch and run as gauges, then numbers.
  func drawProgress(in rect: Rect, on canvas: inout Canvas) {
    // Beyond the preset's epochs a training goes on for as many again.
    let total = max(
      preset.training.epochs, training.epochsDone + training.epochsLeft,
      training.epochsDone + (training.samplesDone > 0 ? 1 : 0))
    let share = Double(training.samplesDone) / Double(max(1, data.train.count))
    // Between two epochs the finished one stays in sight.
    let isBetween = training.samplesDone == 0 && training.epochsDone > 0
    let left = training.secondsLeft(epochs: total, samplesInEpoch: data.train.count)
    let gauges = [
      ProgressGauge(
        "epoch", fraction: isBetween ? 1 : share,
        detail: "\(training.epochsDone + (isBetween ? 0 : 1)) of \(total)"),
      ProgressGauge(
        "run  ", fraction: (Double(training.epochsDone) + share) / Double(max(1, total)),
        detail: left.map { "\(Words.time($0)) left" } ?? ""),
    ]
    for (row, gauge) in gauges.prefix(rect.height).enumerated() {
      canvas.draw(gauge, in: Rect(x: rect.x, y: rect.y + row, width: rect.width, height: 1))
    }
    let operations = training.curves.batch.map {
      Double($0.synapticOperations) / Double($0.samples)
    }
    let best = training.bestAccuracy.map { NumberText.percent($0) } ?? "–"
    let rate =
      training.learningRate
      ?? preset.training.learningRate.rate(
        epoch: training.epochsDone, batch: training.batchesDone)
    let facts = [
      ["learning rate", NumberText.constant(rate)],
      ["samples/s", Words.count(Int(min(training.samplesPerSecond, 1e9)))],
      ["batches", Words.count(training.batchesDone)],
      ["time", Words.time(training.seconds)],
      ["best test", best],
      ["last test", training.testAccuracy.map { NumberText.percent($0) } ?? "–"],
      ["operations", operations.map { "\(Words.count(Int($0))) a sample" } ?? "–"],
      ["weights", weightsOrigin],
    ]
    let top = gauges.count + (rect.height > facts.count + gauges.count ? 1 : 0)
    for (row, fact) in facts.enumerated() where top + row < rect.height {
      let y = rect.y + top + row
      canvas.write(fact[0], x: rect.x, y: y, style: Style(.faint), maxWidth: rect.width)
      canvas.write(
        canvas.glyphs.clipped(fact[1], to: rect.width - 15), x: rect.x + 15, y: y,
        maxWidth: rect.width - 15)
    }
  }

  /// The last test's confusion, or a hint.
  func drawConfusion(in rect: Rect, on canvas: inout Canvas) {
    guard let confusion = training.confusion else {
      canvas.write(
        canvas.glyphs.clipped(
          training.loadedTest == .none
            ? "after the first epoch" : "testing \(weightsOrigin) \(canvas.glyphs.ellipsis)",
          to: rect.width), x: rect.x,
        y: rect.y + rect.height / 2, style: Style(.faint), maxWidth: rect.width)
      return
    }
    canvas.draw(ConfusionMatrix(counts: confusion, names: source.classNames), in: rect)
  }
}
