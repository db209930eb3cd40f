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
    let label = (facts.map { canvas.glyphs.width($0.name) }.max() ?? 0) + 1
    let words = canvas.glyphs.wrapped(meaning(found), to: rect.width)
    // Where there is room, shares are drawn too, and then what it all means is said.
    let bars = facts.count { $0.share != nil }
    let hasBars = rect.height >= facts.count + bars
    let hasWords = rect.height >= facts.count + bars + words.count + 1
    var y = rect.y
    for fact in facts where y < rect.bottom {
      canvas.write(fact.name, x: rect.x, y: y, style: Style(.faint), maxWidth: rect.width)
      canvas.write(
        canvas.glyphs.clipped(fact.value, to: rect.width - label), x: rect.x + label, y: y,
        style: fact.isBad ? Style(.warning, bold: true) : .plain, maxWidth: rect.width - label)
      y += 1
      guard hasBars, let share = fact.share else { continue }
      canvas.drawBar(
        share, x: rect.x + label, y: y, width: rect.width - label,
        style: Style(fact.isBad ? .warning : .series(0)), track: Style(.faint))
      y += 1
    }
    guard hasWords else { return }
    for (row, line) in words.enumerated() {
      canvas.write(line, x: rect.x, y: y + 1 + row, style: Style(.faint))
    }
  }

  /// What the radius says of the samples.
  private func meaning(_ found: GradientInspection) -> String {
    guard let loop = found.loop else { return "One pass over the layers is exact." }
    guard let radius = loop.spectralRadius else { return "A number of the loop is none." }
    return radius < 1
      ? "Below a radius of 1 an error dies out on its way round the loop."
      : "From a radius of 1 on an error grows on its way round the loop, and nothing may settle."
  }

  private struct Fact {
    let name, value: String
    var isBad = false
    /// What is drawn of it, 0 … 1; nil for nothing.
    var share: Double?
  }

  private func facts(_ found: GradientInspection, _ model: Model) -> [Fact] {
    var facts: [Fact] = []
    if let loop = found.loop {
      let radius = loop.spectralRadius
      facts = [
        Fact(
          name: "radius", value: radius.map(NumberText.short) ?? "–", isBad: (radius ?? 0) >= 1,
          share: radius),
        Fact(
          name: "gates", value: loop.isAtEquilibrium ? "equilibrium" : "measured",
          isBad: !loop.isAtEquilibrium),
        Fact(
          name: "norm", value: Self.norm(loop), isBad: loop.isBound,
          share: loop.feedbackLimit.map { loop.feedbackNorm / $0 }),
        Fact(
          name: "settles in",
          value: loop.iterations.map { "\(Self.count($0)) iterations" } ?? "never",
          isBad: loop.iterations == nil),
      ]
    } else {
      facts = [Fact(name: "feedback", value: "none: no loop")]
    }
    return facts + [
      Fact(name: "loss", value: NumberText.short(found.loss)),
      Fact(
        name: "accuracy", value: NumberText.percent(found.accuracy), share: found.accuracy),
      Fact(name: "loss scale", value: Words.constant(model.dynamics.lossScale)),
    ]
  }

  /// The norm of the feedback weight, and whether its limit makes it smaller in use.
  private static func norm(_ loop: LoopMeasure) -> String {
    let norm = NumberText.short(loop.feedbackNorm)
    guard let limit = loop.feedbackLimit else { return "\(norm) (no limit)" }
    return "\(norm) of \(NumberText.short(limit)) \(loop.isBound ? "binds" : "free")"
  }

  /// A mean of counts: whole for one sample.
  private static func count(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? NumberText.short(value)
  }
}
