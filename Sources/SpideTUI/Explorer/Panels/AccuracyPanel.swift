import SpideConfiguration

/// Training accuracy over batches, test accuracy over epochs.
struct AccuracyPanel: Panel {
  let id: PanelID = "accuracy"
  let heading = "Accuracy"
  let summary = "Training accuracy over batches and test accuracy over epochs."

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let plot = model.trainingPlot(
      [model.overBatches("train", \.accuracy), model.overEpochs("test", \.testAccuracy)],
      format: .percent, range: 0...1)
    canvas.draw(plot, in: rect)
  }
}
