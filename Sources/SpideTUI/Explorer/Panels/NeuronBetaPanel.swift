import SpideConfiguration

/// `β(t)` of the selected neuron against the exact `β`.
struct NeuronBetaPanel: Panel {
  let id: PanelID = "neuron-beta"
  let heading = "Beta"
  let summary = "β so far, step by step, towards implicit differentiation."

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { .solutions }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let done = model.stepsShown.backward
    let plot = CurvePlot.approach(
      "β(t)", model.session.history.beta.prefix(done),
      to: ("β exact", done > 0 ? model.exactBeta : nil),
      steps: model.session.dynamics.backwardSteps,
      emptyText: "the backward stage shows it: n")
    canvas.draw(plot, in: rect)
  }
}
