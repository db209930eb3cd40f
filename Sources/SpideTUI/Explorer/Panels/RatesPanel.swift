import SpideConfiguration

/// The firing rate of each layer in one stage, over training.
struct RatesPanel: Panel {
  static let forward = RatesPanel(
    id: "forward-rates", heading: "Forward rates",
    summary: "Mean firing rate of each layer in the forward stage, over training.",
    rates: \.forwardRates)
  static let backward = RatesPanel(
    id: "backward-rates", heading: "Backward rates",
    summary: "Share of backward steps with a spike, for each layer, over training.",
    rates: \.backwardRates)

  let id: PanelID
  let heading: String
  let summary: String
  private let rates: KeyPath<TrainingCurves, [ThinnedCurve]> & Sendable

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let series = model.plan.layers.indices.map { layer in
      model.overBatches("L\(layer)") { curves in
        let curves = curves[keyPath: rates]
        return curves.indices.contains(layer) ? curves[layer] : nil
      }
    }
    canvas.draw(model.trainingPlot(series, format: .rate), in: rect)
  }
}
