import SpideConfiguration
import SpideExperiment

/// What the last test confused.
struct ConfusionPanel: Panel {
  let id: PanelID = "confusion"
  let heading = "Confusion"
  let summary = "Test samples by true and by predicted class."

  func titles(_ model: Model) -> [String] {
    guard model.training.loadedTest == .done, let accuracy = model.training.loadedAccuracy else {
      return [heading]
    }
    return ["\(heading) \(NumberText.percent(accuracy))  \(model.loadedFile)"]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let confusion = model.training.confusion else {
      canvas.hint(
        model.training.loadedTest == .none
          ? "comes with the next test" : "testing \(model.weightsOrigin) \(canvas.glyphs.ellipsis)",
        in: rect)
      return
    }
    canvas.draw(ConfusionMatrix(counts: confusion, names: model.source.classNames), in: rect)
  }
}
