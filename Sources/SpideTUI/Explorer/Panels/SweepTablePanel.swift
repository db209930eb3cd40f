import SpideConfiguration
import SpideExperiment

/// The numbers of each curve of a sweep at the value under the cursor.
struct SweepTablePanel: Panel {
  let id: PanelID = "sweep-table"
  let heading = "Numbers"
  let summary = "Mean, standard deviation, range and count of each curve of a sweep at the cursor."

  func titles(_ model: Model) -> [String] {
    guard let sweep = model.sweep else { return [heading] }
    let place = "\(sweep.shownAxis.key) \(value(sweep))"
    return ["\(sweep.shownColumn.title) at \(place)", place, value(sweep)]
  }

  func rightTitles(_ model: Model) -> [String] {
    model.sweep == nil ? [] : ["PgUp PgDn value", "PgUp PgDn"]
  }

  private func value(_ sweep: SweepView) -> String {
    let values = sweep.shownAxis.values
    return values.indices.contains(sweep.place) ? values[sweep.place].text : "–"
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let sweep = model.sweep else { return canvas.hint("no sweep", in: rect) }
    let words = words(sweep, rect, canvas.glyphs)
    canvas.draw(table(sweep, width: rect.width, glyphs: canvas.glyphs), in: tableRect(rect, words))
    for (row, line) in words.enumerated() {
      canvas.write(
        line, x: rect.x, y: rect.bottom - words.count + row, style: Style(.faint))
    }
  }

  /// The lines beneath the table; none where the table has need of the room.
  private func words(_ sweep: SweepView, _ rect: Rect, _ glyphs: Glyphs) -> [String] {
    let lines = facts(sweep).flatMap { glyphs.wrapped($0, to: rect.width) }
    return rect.height >= lines.count + 4 ? lines : []
  }

  private func tableRect(_ rect: Rect, _ words: [String]) -> Rect {
    Rect(x: rect.x, y: rect.y, width: rect.width, height: rect.height - words.count)
  }

  /// Beneath the table: what rows there are, and what makes a curve.
  private func facts(_ sweep: SweepView) -> [String] {
    let others = sweep.otherKeys.joined(separator: ", ")
    let count = sweep.curves.count
    let drawn = count > sweep.drawn.count ? ": \(sweep.drawn.count) of \(count) curves" : ""
    let curves =
      others.isEmpty
      ? "one curve"
      : sweep.isAveraged ? "all of \(others) together" : "a curve for each \(others)\(drawn)"
    return [
      curves,
      "\(Words.counted(sweep.summary.rows, "row")), "
        + "\(Words.counted(sweep.summary.seeds, "seed")); Enter reads again",
    ]
  }

  /// The curves with their numbers; names are cut so that mean, deviation and count have room.
  private func table(_ sweep: SweepView, width: Int, glyphs: Glyphs) -> Table {
    let format = sweep.shownColumn.format
    func text(_ value: Double?) -> String {
      guard let value else { return "–" }
      return switch format {
      case .percent: NumberText.percent(value, decimals: 2)
      case .rate, .number: NumberText.short(value)
      }
    }
    let rows = sweep.curves.map { curve -> [String] in
      guard let point = curve.points.first(where: { $0.place == sweep.place }) else {
        return ["–", "–", "0"]
      }
      let count =
        point.missing == 0 ? "\(point.count)" : "\(point.count) of \(point.count + point.missing)"
      return [
        text(point.mean), text(point.deviation), count, text(point.low), text(point.high),
      ]
    }
    let titles = ["mean", "deviation", "n", "least", "most"]
    let needed = (0..<3).reduce(2) { sum, column in
      sum + 2 + (rows.map { glyphs.width($0[column]) } + [titles[column].count]).reduce(0, max)
    }
    let room = max(7, width - needed)
    let name = sweep.isAveraged || sweep.otherKeys.isEmpty ? "" : "curve"
    return Table(
      columns: [
        .init(name)
      ] + titles.map { .init($0, alignsRight: true) },
      rows: sweep.curves.enumerated().map { index, curve in
        let mark = sweep.drawn.contains(index) ? "\(glyphs.seriesMark(index)) " : "  "
        return [glyphs.clipped(mark + SweepPlotPanel.name(curve), to: room)] + rows[index]
      }, selectedRow: sweep.curves.isEmpty ? nil : sweep.curve)
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? { [.sweep { $0.move(curves: up ? -1 : 1) }] }
  func arrow(_ model: Model, down rows: Int) -> Action { .sweep { $0.move(curves: rows) } }
  func page(_ model: Model, down pages: Int) -> Action? { .sweep { $0.move(places: pages) } }
  func choose(_ model: Model) -> Action? { model.sweep == nil ? nil : .command(.sweep) }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    guard let sweep = model.sweep else { return [] }
    let height = tableRect(rect, words(sweep, rect, model.glyphs)).height
    let table = table(sweep, width: rect.width, glyphs: model.glyphs)
    guard let row = table.row(atRow: y, height: height) else { return [] }
    return [.sweep { $0.move(curves: row - $0.curve) }]
  }
}
