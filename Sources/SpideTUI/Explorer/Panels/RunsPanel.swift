import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The runs that are open. Enter goes to one, Del closes it, o lays its curves over the others', O pins them on top.
struct RunsPanel: Panel {
  let id: PanelID = "runs"
  let heading = "Runs"
  let summary = "The runs that are open: how far they are, what they come from and differ in."

  func titles(_ model: Model) -> [String] {
    let count = Words.counted(model.runs.list.count, "run")
    guard let memory = memory(model) else { return [count] }
    return ["\(count), recordings \(memory)", count]
  }

  /// What all recordings take, of how much: `24 of 256 MB`.
  private func memory(_ model: Model) -> String? {
    guard let budget = model.runs.budget else { return nil }
    return RecordedPart.memory(model.recordedBytes.reduce(0, +), of: budget)
  }

  func rightTitles(_ model: Model) -> [String] {
    [
      "Enter goes there, o over the others, O on top, Del closes",
      "Enter goes there, o over, O top",
    ]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let table = table(model)
    canvas.draw(table, in: rect)
    // The marks of the curves, in their colours; those whose curves are not drawn are faint.
    for y in 0..<rect.height {
      guard let row = table.row(atRow: y, height: rect.height), rect.width > 2 else { continue }
      let run = model.runs.list[row]
      let isDrawn = run.isOverlaid || run.id == model.runs.current || run.id == model.runs.pinned
      canvas[rect.x + 2, rect.y + y] = Cell(
        isDrawn ? canvas.glyphs.seriesMark(run.series) : canvas.glyphs.dot,
        Style(isDrawn ? .series(run.series) : .faint, bold: isDrawn))
    }
  }

  /// Columns that a name may have: a longer one would push the others off the screen.
  private static let longestName = 24

  private func table(_ model: Model) -> Table {
    Table(
      columns: [
        Table.Column("  run"), Table.Column("state"), Table.Column("update", alignsRight: true),
        Table.Column("best test", alignsRight: true), Table.Column("from"),
        Table.Column("differs in"), Table.Column("epochs", alignsRight: true),
        Table.Column("not saved", alignsRight: true), Table.Column("last test", alignsRight: true),
        Table.Column("preset"),
      ], rows: model.runs.list.map { row(model, $0) }, selectedRow: model.runs.selected)
  }

  private func row(_ model: Model, _ run: Run) -> [String] {
    guard let state = model.state(of: run) else { return ["  \(run.name)"] }
    let training = state.training
    func percent(_ value: Double?) -> String { value.map { NumberText.percent($0) } ?? "–" }
    let all = training.isBehind ? " of \(Words.count(training.recorded?.last ?? 0))" : ""
    let marks =
      (run.id == model.runs.current ? ["here"] : []) + (run.id == model.runs.pinned ? ["top"] : [])
    let unsaved = training.batchesUnsaved
    // Of all that is recorded, past the update that is shown too.
    let best = [training.bestAccuracy, training.curves.bestAccuracy].compactMap { $0 }
    return [
      "  \(run.number) \(model.glyphs.clipped(run.name, to: Self.longestName))"
        + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))"),
      word(training, isWritten: run.isWritten), Words.count(training.batchesDone) + all,
      percent(best.max()),
      run.origin?.text ?? "–", difference(run, state),
      Words.count(training.epochsDone), unsaved.map { Words.counted($0, "batch") } ?? "–",
      percent(training.testAccuracy), state.preset.name,
    ]
  }

  /// What differs from the run that it comes from, or else the constants that are not its preset's.
  private func difference(_ run: Run, _ state: RunState) -> String {
    let words = [run.difference, Words.difference(state.preset.dynamics, state.dynamics)]
    return words.first { !$0.isEmpty } ?? "–"
  }

  private func word(_ training: TrainingProgress, isWritten: Bool) -> String {
    switch training.state {
    case .running, .updating: "trains"
    case .pausing: "stops"
    case .diverged: "diverged"
    case .paused: "stands"
    case .idle where isWritten: "trains elsewhere"
    case .idle: training.batchesDone > 0 ? "from file" : "new"
    }
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    let table = table(model)
    guard let row = table.row(atRow: y, height: rect.height) else { return [] }
    return [select(row)]
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? { [arrow(model, down: up ? -1 : 1)] }

  func arrow(_ model: Model, down rows: Int) -> Action { select(model.runs.selected + rows) }

  private func select(_ row: Int) -> Action {
    Action { model in
      model.runs.selected = min(max(0, row), max(0, model.runs.list.count - 1))
      return []
    }
  }

  func choose(_ model: Model) -> Action? {
    model.runs.selectedRun.map { run in Action { $0.change(.enter(run.id)) } }
  }

  func remove(_ model: Model) -> Action? {
    model.runs.selectedRun.map { .command(.run, "close \($0.name)") }
  }
}

extension Model {
  /// Bytes that the recording of each run takes, of those that have one.
  package var recordedBytes: [Int] {
    runs.list.compactMap { state(of: $0)?.training.recorded?.bytes }
  }
}
