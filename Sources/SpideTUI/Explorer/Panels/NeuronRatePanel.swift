import SpideConfiguration

/// `a(t)` of the selected neuron against `a*`.
struct NeuronRatePanel: Panel {
  let id: PanelID = "neuron-rate"
  let heading = "Rate"
  let summary = "Firing rate so far, step by step, towards its equilibrium."

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { .solutions }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let plot = CurvePlot.approach(
      "a(t)", model.session.history.rate.prefix(model.stepsShown.forward),
      to: ("a* exact", model.equilibriumRate), steps: model.session.dynamics.forwardSteps)
    canvas.draw(plot, in: rect)
  }
}
