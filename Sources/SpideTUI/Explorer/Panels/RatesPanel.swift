import SpideConfiguration

/// The firing rate of each layer in one stage, over training. Where runs are compared, that of the selected layer in each.
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

  func titles(_ model: Model) -> [String] {
    model.comparesRuns ? ["\(heading), L\(model.unit.layer)", heading] : [heading]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    canvas.draw(plot(model), in: rect)
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    readPlot(model, plot(model), x: x, in: rect)
  }

  private func plot(_ model: Model) -> CurvePlot {
    func curve(_ layer: Int) -> TrainedCurve {
      TrainedCurve("L\(layer)", .overBatches) { curves in
        let curves = curves[keyPath: rates]
        return curves.indices.contains(layer) ? curves[layer] : nil
      }
    }
    return model.trainingPlot(
      model.plan.layers.indices.map(curve), compared: curve(model.unit.layer), format: .rate)
  }
}
