import SpideConfiguration
import SpideEngine

/// Each parameter's gradient against the exact one, and what its error is made of.
struct GradientErrorsPanel: InspectionPanel {
  let id: PanelID = "gradient-errors"
  let heading = "Gradient"
  let summary =
    "Cosine and error of each parameter's gradient against the exact one, split by its causes."

  func titles(_ model: Model) -> [String] {
    if let found = model.inspection, let missing = model.missingExact(found) {
      return ["Gradient: \(missing)", "Gradient: no equilibrium"]
    }
    return [
      "Gradient against the exact one, \u{2016}G \u{2212} G*\u{2016} / \u{2016}G*\u{2016}",
      "Gradient against the exact one", heading,
    ]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let list = list(model) else { return canvas.hint(model.inspectionHint, in: rect) }
    canvas.draw(list, in: rect)
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    let item = list(model)?.item(
      atRow: y, width: rect.width, height: rect.height, glyphs: model.glyphs)
    return item.map { [.selectParameter($0 - model.selectedParameter)] } ?? []
  }

  private func list(_ model: Model) -> ErrorSplitList? {
    model.inspection.map { found in
      ErrorSplitList(
        items: found.parameters.map {
          ErrorSplitList.Item(
            $0.name, norm: $0.gradientNorm, exactNorm: $0.exactNorm, cosine: $0.cosine,
            error: $0.relativeError, forward: $0.forward, gates: $0.gates, backward: $0.backward)
        }, selected: model.selectedParameter)
    }
  }
}
