import SpideConfiguration

/// Training loss over batches, test loss over epochs. Where runs are compared, one of the two, of each of them.
struct LossPanel: Panel {
  let id: PanelID = "loss"
  let heading = "Loss"
  let summary = "Training loss over batches and test loss over epochs."

  func titles(_ model: Model) -> [String] { model.plotTitles(heading) }

  func switchView(_ model: Model) -> Action? { model.comparesRuns ? .toggleTest : nil }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    canvas.draw(plot(model), in: rect)
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    readPlot(model, plot(model), x: x, in: rect)
  }

  private func plot(_ model: Model) -> CurvePlot {
    let curves = [
      TrainedCurve("train", .overBatches, \.loss), TrainedCurve("test", .overEpochs, \.testLoss),
    ]
    return model.trainingPlot(
      curves, compared: curves[model.runs.plot.showsTest ? 1 : 0], format: .number,
      isLogarithmic: model.runs.plot.isLogarithmic)
  }
}
