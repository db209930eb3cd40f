import SpideEngine

extension Model {
  private func epochs(_ batch: BatchRecord) -> Double {
    let size = max(1, (data.train.count + preset.training.batch - 1) / preset.training.batch)
    return Double(batch.batch) / Double(size)
  }

  /// What batches came to, and before them what epochs of a checkpoint came to on average, each at its middle.
  private func points(
    _ batch: (BatchRecord) -> Double, _ epoch: (EpochRecord) -> Double
  ) -> [CurvePlot.Point] {
    training.epochs.prefix(training.epochsLoaded).map {
      .init(Double($0.epoch) - 0.5, epoch($0))
    } + training.batches.map { .init(epochs($0), batch($0)) }
  }

  private var startTraining: String { "t starts training" }

  /// Training loss over batches, test loss over epochs.
  var lossPlot: CurvePlot {
    CurvePlot(
      series: [
        .init(
          "test",
          training.epochs.compactMap { record in
            record.testLoss.map { .init(Double(record.epoch), $0) }
          }, tone: .series(1)),
        .init("train", points(\.loss, \.trainLoss), tone: .series(0)),
      ], xLabel: "epoch", yLabel: "", emptyText: startTraining)
  }

  /// The same for accuracy.
  var accuracyPlot: CurvePlot {
    CurvePlot(
      series: [
        .init(
          "test",
          training.epochs.compactMap { record in
            record.testAccuracy.map { .init(Double(record.epoch), $0) }
          }, tone: .series(1)),
        .init("train", points(\.accuracy, \.trainAccuracy), tone: .series(0)),
      ], xLabel: "epoch", format: .percent, yRange: 0...1, emptyText: startTraining)
  }

  /// Firing rates of the layers over training.
  func ratePlot(
    _ batch: (BatchRecord) -> [Double], _ epoch: (EpochRecord) -> [Double]
  ) -> CurvePlot {
    CurvePlot(
      series: plan.layers.indices.map { layer in
        .init("L\(layer)", points({ batch($0)[layer] }, { epoch($0)[layer] }))
      }, xLabel: "epoch", emptyText: startTraining)
  }

  /// Epoch and run as gauges, then numbers.
  func drawProgress(in rect: Rect, on canvas: inout Canvas) {
    let total = max(
      preset.training.epochs, training.epochsDone + (training.samplesDone > 0 ? 1 : 0))
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
    let operations = training.batches.last.map {
      Double($0.synapticOperations) / Double($0.samples)
    }
    let best = training.bestAccuracy.map { NumberText.percent($0) } ?? "–"
    let rate =
      training.learningRate
      ?? preset.training.learningRate.rate(
        epoch: training.epochsDone, batch: training.batchesDone)
    let facts = [
      ["learning rate", NumberText.short(Double(rate))],
      ["samples/s", Words.count(Int(min(training.samplesPerSecond, 1e9)))],
      ["batches", Words.count(training.batchesDone)],
      ["time", Words.time(training.seconds)],
      ["best test", best],
      [
        "last test",
        training.testAccuracy.map { NumberText.percent($0) } ?? "–",
      ],
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
