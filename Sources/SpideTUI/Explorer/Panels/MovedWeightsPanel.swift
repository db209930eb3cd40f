import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The ten synapses that an update moved most. Enter looks into one.
struct MovedWeightsPanel: UpdatePanel {
  let id: PanelID = "update-synapses"
  let heading = "Moved most"
  let summary = "The ten synapses that an update moved most, of all or of one parameter."

  func titles(_ model: Model) -> [String] {
    guard model.updates.isOfParameter else { return ["Moved most of all", heading] }
    return ["Moved most of \(model.plan.parameters[model.selectedParameter].name)", heading]
  }

  func rightTitles(_ model: Model) -> [String] {
    [
      model.updates.isOfParameter ? "m: of all  Enter opens" : "m: of one  Enter opens",
      "Enter opens",
    ]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard model.updateAccount != nil else { return canvas.hint(model.updateHint, in: rect) }
    guard !model.movers.isEmpty else { return canvas.hint("no weight moved", in: rect) }
    canvas.draw(table(model, isNarrow: rect.width < 32), in: rect)
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    guard !model.movers.isEmpty,
      let row = table(model, isNarrow: false).row(atRow: y, height: rect.height)
    else {
      return []
    }
    return [.selectMover(row)]
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? { [arrow(model, down: up ? -1 : 1)] }
  func arrow(_ model: Model, down rows: Int) -> Action {
    .selectMover(model.updates.selectedMover + rows)
  }
  func choose(_ model: Model) -> Action? { .openMover }
  func switchView(_ model: Model) -> Action? { .toggleMovers }

  private func table(_ model: Model, isNarrow: Bool) -> BarTable {
    let movers = model.movers
    let largest = movers.map { abs($0.change) }.max() ?? 1
    return BarTable(
      columns: [.init("Δw")],
      rows: movers.map { moved in
        BarTable.Row(
          isNarrow
            ? Words.weight(moved.weight, model.plan).replacing(" → ", with: "→")
            : Words.weight(moved.weight, model.plan),
          [.init(NumberText.short(moved.change), abs(moved.change) / largest)])
      }, selected: min(model.updates.selectedMover, movers.count - 1))
  }
}
