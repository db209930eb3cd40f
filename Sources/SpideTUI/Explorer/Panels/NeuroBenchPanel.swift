import SpideConfiguration
import SpideEngine
import SpideExperiment

/// NeuroBench's figures under NeuroBench's names.
struct NeuroBenchPanel: Panel {
  let id: PanelID = "neurobench"
  let heading = "NeuroBench"
  let summary = "NeuroBench's figures of the forward stage, pools left out."

  func titles(_ model: Model) -> [String] {
    ["NeuroBench  forward stage, without pools", "NeuroBench  forward", heading]
  }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { model.costComparison }

  func arrow(_ model: Model, down rows: Int) -> Action { .nextLedgerSubject(rows) }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let figures = model.cost?.figures else { return canvas.hint(model.costHint, in: rect) }
    func sparsity(_ value: Double) -> String { NumberText.fixed(value, decimals: 3) }
    let layers = figures.layerActivationSparsity.enumerated().map {
      ("sparsity of L\($0)", sparsity($1))
    }
    let facts =
      [
        ("effective ACs", NumberText.amount(figures.effectiveACs)),
        ("effective MACs", NumberText.amount(figures.effectiveMACs)),
        ("dense", NumberText.amount(figures.dense)),
        ("activation sparsity", sparsity(figures.activationSparsity)),
        ("connection sparsity", sparsity(figures.connectionSparsity)),
        ("parameter count", NumberText.amount(Double(figures.parameterCount))),
        ("footprint, bytes", NumberText.amount(Double(figures.footprintBytes))),
      ] + layers
    for (row, fact) in facts.enumerated() where row < rect.height {
      let y = rect.y + row
      let room = rect.width - canvas.glyphs.width(fact.1) - 1
      canvas.write(
        canvas.glyphs.clipped(fact.0, to: room), x: rect.x, y: y, style: Style(.faint),
        maxWidth: max(0, room))
      canvas.write(fact.1, endingAt: rect.x + min(rect.width, 34), y: y)
    }
  }
}
