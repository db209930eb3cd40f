import SpideConfiguration

/// `|a(t) - a*|` of the reset modes up to the cursor.
struct RateErrorPanel: Panel {
  let id: PanelID = "rate-error"
  let heading = "Rate error"
  let summary = "How far the firing rates are from equilibrium, step by step, for each reset mode."

  func titles(_ model: Model) -> [String] {
    ["Rate error  mean |a(t) − a*|, \(model.resetSamples)", "Rate error  mean |a(t) − a*|"]
  }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { model.resetKind }

  func switchView(_ model: Model) -> Action? { .toggleResetMean }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let plot = model.resetPlot(
      \.rateError, done: model.stepsShown.forward,
      unsettled: model.variesInTime
        ? "an input that varies in time has no equilibrium"
        : "no equilibrium: the iteration does not converge",
      hint: "step forward to see it: s")
    canvas.draw(plot, in: rect)
  }
}
