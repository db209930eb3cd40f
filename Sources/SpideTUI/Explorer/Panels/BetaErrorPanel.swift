import SpideConfiguration

/// The relative error of `β(t)` for the reset modes up to the cursor.
struct BetaErrorPanel: Panel {
  let id: PanelID = "beta-error"
  let heading = "Beta error"
  let summary =
    "How far β is from exact implicit differentiation, step by step, for each reset mode."

  func titles(_ model: Model) -> [String] {
    ["Error of β  ‖β(t) − β‖ / ‖β‖, \(model.resetSamples)", "Error of β  ‖β(t) − β‖ / ‖β‖"]
  }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { model.resetKind }

  func switchView(_ model: Model) -> Action? { .toggleResetMean }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let plot = model.resetPlot(
      \.betaError, done: model.stepsShown.backward,
      unsettled: "no exact β: the iteration does not converge",
      hint: "the backward stage shows it: n")
    canvas.draw(plot, in: rect)
  }
}
