import SpideConfiguration

/// Training loss over batches, test loss over epochs.
struct LossPanel: Panel {
  let id: PanelID = "loss"
  let heading = "Loss"
  let summary = "Training loss over batches and test loss over epochs."

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let plot = model.trainingPlot(
      [model.overBatches("train", \.loss), model.overEpochs("test", \.testLoss)], format: .number)
    canvas.draw(plot, in: rect)
  }
}
