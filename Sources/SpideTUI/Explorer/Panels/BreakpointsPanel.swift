import SpideConfiguration
import SpideExperiment

/// The breakpoints, with how often each has stopped something. Enter goes to what one is about, Del takes it away.
struct BreakpointsPanel: Panel {
  let id: PanelID = "breakpoints"
  let heading = "Breakpoints"
  let summary = "Conditions that stop playing and training, and how often they have."

  func titles(_ model: Model) -> [String] {
    let count = model.breakpoints.list.count
    return count == 0 ? [heading] : ["\(heading) \(count)", heading]
  }

  func rightTitles(_ model: Model) -> [String] {
    model.breakpoints.list.isEmpty ? [] : ["Enter goes there, Del removes"]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let list = model.breakpoints.list
    guard !list.isEmpty else {
      canvas.hint("B stops at the neuron's spikes; :break sets others", in: rect)
      return
    }
    canvas.draw(table(model), in: rect)
  }

  private func table(_ model: Model) -> Table {
    Table(
      columns: [
        Table.Column("stops at"), Table.Column("hits", alignsRight: true),
        Table.Column("no.", alignsRight: true),
      ],
      rows: model.breakpoints.list.map {
        [$0.condition.text, $0.isOnce ? "once" : Words.count($0.hits), String($0.number)]
      }, selectedRow: model.breakpoints.selected)
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    let table = table(model)
    guard let row = table.row(atRow: y, height: rect.height) else { return [] }
    return [select(row)]
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? { [arrow(model, down: up ? -1 : 1)] }

  func arrow(_ model: Model, down rows: Int) -> Action {
    select(model.breakpoints.selected + rows)
  }

  private func select(_ row: Int) -> Action {
    Action { model in
      let last = max(0, model.breakpoints.list.count - 1)
      model.breakpoints.selected = min(max(0, row), last)
      return []
    }
  }

  func choose(_ model: Model) -> Action? {
    selected(model).map { breakpoint in Action { $0.go(to: breakpoint) } }
  }

  func remove(_ model: Model) -> Action? {
    selected(model).map { breakpoint in Action { $0.removeBreakpoint(breakpoint) } }
  }

  private func selected(_ model: Model) -> Breakpoint? {
    let (list, place) = (model.breakpoints.list, model.breakpoints.selected)
    return list.indices.contains(place) ? list[place] : nil
  }
}
