import SpideConfiguration

/// Training accuracy over batches, test accuracy over epochs, or the errors that are missing from 1. Where runs are compared,
/// one of the two, of each of them.
struct AccuracyPanel: Panel {
  let id: PanelID = "accuracy"
  let heading = "Accuracy"
  let summary = "Training accuracy over batches and test accuracy over epochs."

  func titles(_ model: Model) -> [String] {
    model.plotTitles(model.runs.plot.showsError ? "Error, 1 − accuracy" : heading)
  }

  func switchView(_ model: Model) -> Action? { model.comparesRuns ? .toggleTest : nil }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    canvas.draw(plot(model), in: rect)
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    readPlot(model, plot(model), x: x, in: rect)
  }

  private func plot(_ model: Model) -> CurvePlot {
    let setting = model.runs.plot
    let curves = [
      TrainedCurve("train", .overBatches, \.accuracy),
      TrainedCurve("test", .overEpochs, \.testAccuracy),
    ]
    return model.trainingPlot(
      curves, compared: curves[setting.showsTest ? 1 : 0], format: .percent,
      range: setting.showsError || setting.isLogarithmic ? nil : 0...1,
      isError: setting.showsError, isLogarithmic: setting.isLogarithmic)
  }
}

extension Model {
  /// The titles of a plot of losses or accuracies: what is not as it is at first is said.
  func plotTitles(_ heading: String) -> [String] {
    let words =
      (comparesRuns ? [runs.plot.showsTest ? "of tests" : "of training"] : [])
      + (runs.plot.isLogarithmic ? ["log"] : [])
    let title = ([heading] + words).joined(separator: ", ")
    return title == heading ? [heading] : [title, heading]
  }
}
