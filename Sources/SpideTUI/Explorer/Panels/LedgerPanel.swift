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

  func rightTitles(_ model: Model) -> [String] { ["m changes"] }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { model.costComparison }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] { [.nextLedgerSubject(1)] }
  func arrow(_ model: Model, down rows: Int) -> Action { .nextLedgerSubject(rows) }
  func switchView(_ model: Model) -> Action? { .nextLedgerSubject(1) }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let ledger = model.cost?.ledger else { return canvas.hint(model.costHint, in: rect) }
    let lines = LedgerLines(ledger, model.energyConstants)
    let (columns, groups) =
      rect.height >= 2 + lines.detailed.joined().count
      ? (lines.detailedColumns, lines.detailed) : (lines.columns, lines.compact)
    // Where there is room, links stand apart.
    let isWide = rect.height > 2 + groups.joined().count + groups.count
    let rows = groups.flatMap { isWide ? $0 + [LedgerLines.Line.blank] : $0 }
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

/// The lines of a ledger of one sample, link by link: the first are those of all links.
struct LedgerLines {
  struct Line {
    let cells: [String]
    /// What was done, in µJ.
    let energy: Double

    static let blank = Line(cells: [], energy: 0)
  }

  private let ledger: Ledger
  private let constants: EnergyConstants

  init(_ ledger: Ledger, _ constants: EnergyConstants) {
    (self.ledger, self.constants) = (ledger, constants)
  }

  /// A line a link; `done of dense` in each stage.
  var columns: [Table.Column] {
    [.init("link"), .init("µJ", alignsRight: true)]
      + LedgerStage.allCases.map { .init("\($0.rawValue) of dense", alignsRight: true) }
      + [.init("ordinary", alignsRight: true)]
  }

  var compact: [[Line]] {
    entries.map { name, costs in
      let energy = costs.reduce(0) { $0 + constants.microjoules($1.done) }
      let ordinary = costs.reduce(0) { $0 + $1.ordinary }
      let stages = costs.map { cost in
        cost.dense.total > 0
          ? "\(amounts(cost.done, like: cost.dense)) of \(NumberText.amount(cost.dense.total))"
          : "–"
      }
      let last = ordinary > 0 ? NumberText.amount(ordinary) + "×" : "–"
      return [Line(cells: [name, NumberText.short(energy)] + stages + [last], energy: energy)]
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

  /// By link; stages in which nothing could be done are left out. The first line is that of all links and stages.
  var detailed: [[Line]] {
    entries.enumerated().map { number, entry in
      let (name, costs) = entry
      let stages = zip(LedgerStage.allCases, costs).filter { $1.dense.total > 0 }
      var lines: [Line] = []
      if number == 0 { lines.append(line(name, "together", ledger.total)) }
      for (stage, cost) in stages {
        lines.append(line(lines.isEmpty ? name : "", stage.rawValue, cost))
      }
      return lines
    }
  }

  private func line(_ name: String, _ stage: String, _ cost: Ledger.Cost) -> Line {
    let (done, dense) = (cost.done, cost.dense)
    func amount(_ path: KeyPath<SynapticOperations, Double>, _ sign: String) -> String {
      dense[keyPath: path] > 0 ? NumberText.amount(done[keyPath: path]) + sign : "–"
    }
    let energy = constants.microjoules(done)
    return Line(
      cells: [
        name, stage, amount(\.accumulates, "+"), amount(\.multiplyAccumulates, "×"),
        amounts(dense, like: dense), NumberText.percent(done.total / dense.total),
        cost.ordinary > 0 ? NumberText.amount(cost.ordinary) + "×" : "–",
        NumberText.short(energy),
      ], energy: energy)
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
      rows.reduce(glyphs.width(column.title)) {
        max($0, index < $1.count ? glyphs.width($1[index]) : 0)
      }
    }
    return widths.reduce(0, +) + 2 * (widths.count - 1)
  }
}
