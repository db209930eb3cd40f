import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The selected parameter's weights as a map: before an update, after it, or what it added.
struct UpdateMapPanel: UpdatePanel {
  let id: PanelID = "update-map"
  let heading = "Weights"
  let summary = "The selected parameter before an update, after it, or what it added."

  func titles(_ model: Model) -> [String] {
    let specification = model.plan.parameters[model.selectedParameter]
    let sign =
      switch model.updates.view {
      case .before: "w before"
      case .after: "w after"
      case .change: "Δw"
      }
    let shape = specification.shape.map(String.init).joined(separator: "×")
    return [
      "\(sign)  \(specification.name) \(shape)", "\(sign)  \(specification.name)", sign,
    ]
  }

  func rightTitles(_ model: Model) -> [String] {
    ["d: before, after, Δ", "d changes"]
  }

  func updateQuestions(_ model: Model) -> [UpdateQuestion] {
    let parameter = model.selectedParameter
    guard model.plan.parameters[parameter].count > WeightMap.smallest else { return [.whole] }
    return [.whole, .map(parameter: parameter, model.updates.view)]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let map = model.weightMap else { return canvas.hint(model.updateHint, in: rect) }
    var picture = HeatMap(columns: map.columns, rows: map.rows, values: map.values)
    if let synapse = model.synapse, synapse.parameter == model.selectedParameter {
      picture.selected = map.place(of: synapse.index)
    }
    canvas.draw(picture, in: rect)
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? { [.selectParameter(up ? -1 : 1)] }
  func arrow(_ model: Model, down rows: Int) -> Action { .selectParameter(rows) }
  func switchView(_ model: Model) -> Action? { .nextMapView }
}
