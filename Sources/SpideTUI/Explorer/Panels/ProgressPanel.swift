import SpideConfiguration
import SpideExperiment

/// How far the training is: epoch and run as gauges, then numbers.
struct ProgressPanel: Panel {
  let id: PanelID = "progress"
  let heading = "Progress"
  let summary = "Epoch, batch, speed, learning rate, what is recorded and synaptic operations."

  func updateQuestions(_ model: Model) -> [UpdateQuestion] { [.whole] }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let gauges = gauges(model)
    for (row, gauge) in gauges.prefix(rect.height).enumerated() {
      canvas.draw(gauge, in: Rect(x: rect.x, y: rect.y + row, width: rect.width, height: 1))
    }
    let facts = facts(model)
    let top = gauges.count + (rect.height > facts.count + gauges.count ? 1 : 0)
    for (row, fact) in facts.enumerated() where top + row < rect.height {
      let y = rect.y + top + row
      canvas.write(fact.name, x: rect.x, y: y, style: Style(.faint), maxWidth: rect.width)
      canvas.write(
        canvas.glyphs.clipped(fact.value, to: rect.width - 15), x: rect.x + 15, y: y,
        maxWidth: rect.width - 15)
    }
  }

  /// The gauge of the run is the training bar.
  func update(_ model: Model, x: Int, y: Int, in rect: Rect) -> Int? {
    let gauges = gauges(model)
    guard y == gauges.count - 1, rect.height >= gauges.count,
      let share = gauges[y].fraction(atColumn: x, width: rect.width, glyphs: model.glyphs)
    else { return nil }
    return Int((share * Double(epochs(model)) * model.batchesInEpoch).rounded())
  }

  /// Epochs of the run. Beyond the preset's a training goes on for as many again.
  private func epochs(_ model: Model) -> Int {
    let training = model.training
    let recorded = Double(training.recorded?.last ?? 0) / model.batchesInEpoch
    return max(
      model.preset.training.epochs, training.epochsDone + training.epochsLeft,
      training.epochsDone + (training.samplesDone > 0 ? 1 : 0), Int(recorded.rounded(.up)))
  }

  private func gauges(_ model: Model) -> [ProgressGauge] {
    let training = model.training
    let samples = model.data.train.count
    let total = epochs(model)
    let recorded = Double(training.recorded?.last ?? 0) / model.batchesInEpoch
    let share = Double(training.samplesDone) / Double(max(1, samples))
    // Between two epochs the finished one stays in sight.
    let isBetween = training.samplesDone == 0 && training.epochsDone > 0
    let left = training.secondsLeft(
      epochs: total, samplesInEpoch: samples, atMost: model.mostSamplesPerSecond)
    return [
      ProgressGauge(
        "epoch", fraction: isBetween ? 1 : share,
        detail: "\(training.epochsDone + (isBetween ? 0 : 1)) of \(total)"),
      ProgressGauge(
        "run  ", fraction: (Double(training.epochsDone) + share) / Double(max(1, total)),
        ahead: training.isBehind ? recorded / Double(max(1, total)) : nil,
        detail: left.map { "\(Words.time($0)) left" } ?? ""),
    ]
  }

  private func facts(_ model: Model) -> [(name: String, value: String)] {
    let training = model.training
    func percent(_ value: Double?) -> String { value.map { NumberText.percent($0) } ?? "–" }
    let newest = training.curves.batch.map {
      Double($0.synapticOperations) / Double($0.samples)
    }
    let shown = training.curves.accumulates(after: training.batchesDone)
    let operations = training.isBehind ? shown : newest ?? shown
    let rate =
      training.learningRate
      ?? model.preset.training.learningRate.rate(
        epoch: training.epochsDone, batch: training.batchesDone)
    let speed = min(training.samplesPerSecond, model.mostSamplesPerSecond, 1e9)
    let pace = model.pace == .full ? "" : ", \(model.pace.text)"
    let recorded = training.recorded
    // While training goes on nobody asks for it here.
    let update = model.trainingStands ? model.updateAccount : nil
    let all = training.isBehind ? " of \(Words.count(recorded?.last ?? 0))" : ""
    return [
      ("learning rate", NumberText.constant(rate)),
      ("samples/s", Words.count(Int(speed)) + pace),
      ("batches", Words.count(training.batchesDone) + all),
      ("update ‖Δw‖", update.map { NumberText.short($0.whole.change) } ?? "–"),
      ("its loss", update.map { Words.loss($0) } ?? "–"),
      ("time", Words.time(training.seconds)),
      ("back to", recorded.map { "update \(Words.count($0.first))" } ?? "–"),
      ("a state", recorded.map(\.spacing) ?? "–"),
      ("recording", recorded.map(\.memory) ?? "–"),
      ("best test", percent(training.bestAccuracy)),
      ("last test", percent(training.testAccuracy)),
      ("operations", operations.map { "\(Words.count(Int($0))) a sample" } ?? "–"),
      ("weights", model.weightsOrigin),
    ]
  }
}
