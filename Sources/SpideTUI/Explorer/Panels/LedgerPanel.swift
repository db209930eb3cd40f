import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The ledger: operations of each link in each stage beside the dense figures and an ordinary network's.
struct LedgerPanel: Panel {
  let id: PanelID = "ledger"
  let heading = "Ledger"
  let summary = "Synaptic operations of each link and stage, beside dense and an ordinary network."

  func titles(_ model: Model) -> [String] {
    [
      "Ledger  \(model.costSubject)   + accumulates  × multiply-accumulates, a sample",
      "Ledger  \(model.costSubject)   + accumulate  × multiply-acc.",
      "Ledger  \(model.costSubject)",
    ]
  }

  func rightTitle(_ model: Model) -> String { "m changes" }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { model.costComparison }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] { [.nextLedgerSubject(1)] }
  func arrow(_ model: Model, down rows: Int) -> Action { .nextLedgerSubject(rows) }
  func switchView(_ model: Model) -> Action? { .nextLedgerSubject(1) }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let ledger = model.cost?.ledger else { return canvas.hint(model.costHint, in: rect) }
    let lines = LedgerLines(ledger, model.energyConstants)
    let hasRoom = rect.height >= 2 + lines.detailed.count
    let (columns, rows) =
      hasRoom ? (lines.detailedColumns, lines.detailed) : (lines.columns, lines.compact)
    let table = Table(columns: columns, rows: rows.map(\.cells))
    let width = table.width(canvas.glyphs)
    canvas.draw(table, in: rect)
    drawBars(rows.map(\.energy), right: width + 2, in: rect, on: &canvas)
  }

  /// What each line takes of all energy, as a bar where the table leaves room.
  private func drawBars(
    _ energies: [Double], right offset: Int, in rect: Rect, on canvas: inout Canvas
  ) {
    let room = rect.width - offset
    guard rect.height >= 4, room >= 12, let whole = energies.first, whole > 0 else { return }
    let x = rect.x + offset
    canvas.write(
      canvas.glyphs.clipped("share of its energy", to: room), x: x, y: rect.y,
      style: Style(.normal, bold: true))
    for column in 0..<room {
      canvas[x + column, rect.y + 1] = Cell(canvas.glyphs.horizontal, Style(.faint))
    }
    for (row, energy) in energies.enumerated() where 2 + row < rect.height {
      canvas.drawBar(
        energy / whole, x: x, y: rect.y + 2 + row, width: room, style: Style(.series(0)))
    }
  }
}

/// The lines of a ledger of one sample: the first is that of all links.
struct LedgerLines {
  struct Line {
    let cells: [String]
    /// What was done, in µJ.
    let energy: Double
  }

  private let ledger: Ledger
  private let constants: EnergyConstants

  init(_ ledger: Ledger, _ constants: EnergyConstants) {
    (self.ledger, self.constants) = (ledger, constants)
  }

  /// A line a link; `done of dense` in each stage.
  var columns: [Table.Column] {
    [.init("link")]
      + LedgerStage.allCases.map { .init("\($0.rawValue) of dense", alignsRight: true) }
      + [.init("ordinary", alignsRight: true), .init("µJ", alignsRight: true)]
  }

  var compact: [Line] {
    entries.map { name, costs in
      let energy = costs.reduce(0) { $0 + constants.microjoules($1.done) }
      let ordinary = costs.reduce(0) { $0 + $1.ordinary }
      return Line(
        cells: [name]
          + costs.map { cost in
            cost.dense.total > 0
              ? "\(amounts(cost.done, like: cost.dense)) of \(NumberText.amount(cost.dense.total))"
              : "–"
          } + [ordinary > 0 ? NumberText.amount(ordinary) + "×" : "–", NumberText.short(energy)],
        energy: energy)
    }
  }

  /// A line a link and stage.
  var detailedColumns: [Table.Column] {
    [
      .init("link"), .init("stage"), .init("accumulates +", alignsRight: true),
      .init("multiply-accumulates ×", alignsRight: true), .init("dense", alignsRight: true),
      .init("of dense", alignsRight: true), .init("ordinary network", alignsRight: true),
      .init("energy µJ", alignsRight: true),
    ]
  }

  var detailed: [Line] {
    let all = Line(
      cells: row("all", "", ledger.total), energy: constants.microjoules(ledger.total.done))
    return [all]
      + entries.flatMap { name, costs in
        zip(LedgerStage.allCases, costs).map { stage, cost in
          Line(
            cells: row(stage == .forward ? name : "", stage.rawValue, cost),
            energy: constants.microjoules(cost.done))
        }
      }
  }

  private func row(_ name: String, _ stage: String, _ cost: Ledger.Cost) -> [String] {
    func amount(_ value: Double, _ sign: String) -> String {
      value > 0 ? NumberText.amount(value) + sign : "–"
    }
    let dense = cost.dense.total
    return [
      name, stage, amount(cost.done.accumulates, "+"), amount(cost.done.multiplyAccumulates, "×"),
      dense > 0 ? amounts(cost.dense, like: cost.dense) : "–",
      dense > 0 ? NumberText.percent(cost.done.total / dense) : "–", amount(cost.ordinary, "×"),
      NumberText.short(constants.microjoules(cost.done)),
    ]
  }

  /// The name and the three stages of all links together, of each of them, and of the classifier.
  private var entries: [(String, [Ledger.Cost])] {
    [("all", LedgerStage.allCases.map { ledger.total($0) })]
      + ledger.links.map { link in (link.name, LedgerStage.allCases.map { link[$0] }) }
  }

  /// `12.3k+`, `456×`, `12.3k+ 456×`: of either sort what there is, and 0 of the sort that there could be.
  private func amounts(_ operations: SynapticOperations, like dense: SynapticOperations) -> String {
    var parts: [String] = []
    if dense.accumulates > 0 { parts.append(NumberText.amount(operations.accumulates) + "+") }
    if dense.multiplyAccumulates > 0 {
      parts.append(NumberText.amount(operations.multiplyAccumulates) + "×")
    }
    return parts.joined(separator: " ")
  }
}

extension Table {
  /// Columns that the whole table takes.
  fileprivate func width(_ glyphs: Glyphs) -> Int {
    let widths = columns.enumerated().map { index, column in
      rows.reduce(glyphs.width(column.title)) { max($0, glyphs.width($1[index])) }
    }
    return widths.reduce(0, +) + 2 * (widths.count - 1)
  }
}
