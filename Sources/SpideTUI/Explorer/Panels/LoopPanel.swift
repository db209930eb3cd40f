import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The feedback loop, and how the samples do.
struct LoopPanel: InspectionPanel {
  let id: PanelID = "loop"
  let heading = "Loop"
  let summary = "Spectral radius of the gated feedback, its norm, and how long it takes to settle."

  func titles(_ model: Model) -> [String] { ["Feedback loop", heading] }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let found = model.inspection else { return canvas.hint(model.inspectionHint, in: rect) }
    let facts = facts(found, model)
    let label = (facts.map { canvas.glyphs.width($0.0) }.max() ?? 0) + 1
    for (row, fact) in facts.enumerated() where row < rect.height {
      let y = rect.y + row
      canvas.write(fact.0, x: rect.x, y: y, style: Style(.faint), maxWidth: rect.width)
      canvas.write(
        canvas.glyphs.clipped(fact.1, to: rect.width - label), x: rect.x + label, y: y,
        style: fact.isBad ? Style(.warning, bold: true) : .plain, maxWidth: rect.width - label)
    }
  }

  private func facts(
    _ found: GradientInspection, _ model: Model
  ) -> [(String, String, isBad: Bool)] {
    var facts: [(String, String, isBad: Bool)] = []
    if let loop = found.loop {
      let radius = loop.spectralRadius
      facts += [
        ("radius", Self.short(radius), (radius ?? 0) >= 1),
        ("gates", loop.isAtEquilibrium ? "equilibrium" : "measured", !loop.isAtEquilibrium),
        ("norm", Self.norm(loop), loop.isBound),
        (
          "settles in", loop.iterations.map { "\(Self.count($0)) iterations" } ?? "never",
          loop.iterations == nil
        ),
      ]
    } else {
      facts.append(("feedback", "none: no loop", false))
    }
    facts.append(("loss", NumberText.short(found.loss), false))
    facts.append(("accuracy", NumberText.percent(found.accuracy), false))
    facts.append(("loss scale", Words.constant(model.dynamics.lossScale), false))
    return facts
  }

  /// The norm of the feedback weight, and whether its limit makes it smaller in use.
  private static func norm(_ loop: LoopMeasure) -> String {
    let norm = NumberText.short(loop.feedbackNorm)
    guard let limit = loop.feedbackLimit else { return "\(norm) (no limit)" }
    return "\(norm) of \(NumberText.short(limit)) (\(loop.isBound ? "binds" : "free"))"
  }

  /// A mean of counts: whole for one sample.
  private static func count(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? NumberText.short(value)
  }

  private static func short(_ value: Double?) -> String { value.map(NumberText.short) ?? "–" }
}
