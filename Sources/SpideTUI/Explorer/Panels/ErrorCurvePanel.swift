import SpideConfiguration
import SpideEngine

/// The error of the selected parameter's gradient, had one stage ended at each of its steps.
struct ErrorCurvePanel: InspectionPanel {
  static let forward = ErrorCurvePanel(
    id: "error-forward", heading: "Error over F",
    summary: "Error of the selected parameter's gradient had the forward stage ended at a step.",
    stage: .forward)
  static let backward = ErrorCurvePanel(
    id: "error-backward", heading: "Error over B",
    summary: "Error of the selected parameter's gradient had the backward stage ended at a step.",
    stage: .backward)

  let id: PanelID
  let heading: String
  let summary: String
  private let stage: Stage

  func titles(_ model: Model) -> [String] {
    let name = model.plan.parameters[parameter(model)].name
    let letter = stage == .forward ? "F" : "B"
    // Exact β for the measured gates leave what the forward stage and the gates are to blame for.
    let parts = stage == .forward ? ": forward + gates" : ""
    return [
      "Error of \(name) after \(letter) steps\(parts)", "\(name) after \(letter)\(parts)",
      "\(name) after \(letter) steps", name, heading,
    ]
  }

  func rightTitles(_ model: Model) -> [String] { [] }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let news = model.inspectionNews, let found = news.found else {
      return canvas.hint(model.inspectionHint, in: rect)
    }
    let parameter = parameter(model)
    let curve = stage == .forward ? news.curves?.forward : news.curves?.backward
    let points = curve.map { curve in
      zip(curve.steps, curve.errors[parameter]).compactMap { step, error in
        error.map { CurvePlot.Point(Double(step), $0) }
      }
    }
    let shown = model.stepsShown
    let step = stage == .forward ? shown.forward : shown.backward
    canvas.draw(
      CurvePlot(
        series: [CurvePlot.Series("error", points ?? [], tone: .series(stage == .forward ? 0 : 1))],
        xLabel: stage == .forward ? "F step" : "B step", isLogarithmic: true,
        cursor: step > 0 && !model.inspections.isMean ? Double(step) : nil,
        emptyText: model.missingExact(found)
          ?? (news.isOver
            ? "no exact gradient: its β does not settle" : "computing \(model.glyphs.ellipsis)")),
      in: rect)
  }

  private func parameter(_ model: Model) -> Int {
    min(model.selectedParameter, model.plan.parameters.count - 1)
  }
}
