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
    canvas.draw(
      table(sweep, glyphs: canvas.glyphs),
      in: Rect(x: rect.x, y: rect.y, width: rect.width, height: max(0, rect.height - 2)))
    let words = facts(sweep)
    for (row, line) in words.suffix(rect.height).enumerated() where rect.height >= 5 {
      canvas.write(
        canvas.glyphs.clipped(line, to: rect.width), x: rect.x,
        y: rect.bottom - words.count + row, style: Style(.faint))
    }
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

  private func table(_ sweep: SweepView, glyphs: Glyphs) -> Table {
    let format = sweep.shownColumn.format
    func text(_ value: Double?) -> String {
      guard let value else { return "–" }
      return switch format {
      case .percent: NumberText.percent(value, decimals: 2)
      case .rate, .number: NumberText.short(value)
      }
    }
    let name = sweep.isAveraged || sweep.otherKeys.isEmpty ? "" : "curve"
    return Table(
      columns: [
        .init(name), .init("mean", alignsRight: true), .init("deviation", alignsRight: true),
        .init("n", alignsRight: true), .init("least", alignsRight: true),
        .init("most", alignsRight: true),
      ],
      rows: sweep.curves.enumerated().map { index, curve in
        let mark = sweep.drawn.contains(index) ? "\(glyphs.seriesMark(index)) " : "  "
        let label = mark + SweepPlotPanel.name(curve)
        guard let point = curve.points.first(where: { $0.place == sweep.place }) else {
          return [label, "–", "–", "0"]
        }
        let count =
          point.missing == 0 ? "\(point.count)" : "\(point.count) of \(point.count + point.missing)"
        return [
          label, text(point.mean), text(point.deviation), count, text(point.low), text(point.high),
        ]
      }, selectedRow: sweep.curves.isEmpty ? nil : sweep.curve)
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? { [.sweep { $0.move(curves: up ? -1 : 1) }] }
  func arrow(_ model: Model, down rows: Int) -> Action { .sweep { $0.move(curves: rows) } }
  func page(_ model: Model, down pages: Int) -> Action? { .sweep { $0.move(places: pages) } }
  func choose(_ model: Model) -> Action? { model.sweep == nil ? nil : .command(.sweep) }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    guard let sweep = model.sweep,
      let row = table(sweep, glyphs: model.glyphs).row(atRow: y, height: max(0, rect.height - 2))
    else { return [] }
    return [.sweep { $0.move(curves: row - $0.curve) }]
  }
}
