import SpideConfiguration
import SpideEngine

/// Residual potentials at the cursor, of the forward stage in units of `V` and of the backward stage in units of `V_b`.
struct ResidualPanel: Panel {
  let id: PanelID = "leftover"
  let heading = "Residual potential"
  let summary =
    "Distribution of the potential that is left in the neurons, in both stages, for each reset."

  func titles(_ model: Model) -> [String] {
    ["Residual potential, by reset, \(model.resetSamples)", "Residual potential, by reset"]
  }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { model.resetKind }

  func switchView(_ model: Model) -> Action? { .toggleResetMean }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let shown = model.stepsShown
    func group(
      _ name: String, _ steps: (ResetVariant) -> [[Int]], _ step: Int, _ hint: String
    ) -> Histogram.Group {
      Histogram.Group(
        name,
        series: model.resetVariants.map { variant in
          let steps = steps(variant)
          return Histogram.Series(
            variant.name, counts: steps.indices.contains(step - 1) ? steps[step - 1] : [])
        }, emptyText: step > 0 ? "no neuron counts here" : hint)
    }
    let histogram = Histogram(
      groups: [
        group("forward u/V", \.residual, shown.forward, "step forward: s"),
        group("backward u/V_b", \.backwardResidual, shown.backward, "the backward stage: n"),
      ],
      edges: ResetVariant.binEdges.map(Double.init), marks: [Histogram.Mark(0)], unit: "neurons")
    canvas.draw(histogram, in: rect)
  }
}
