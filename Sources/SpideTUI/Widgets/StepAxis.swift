/// Time steps `1 … count` over a number of columns: whole columns for a step, or whole steps for a column.
struct StepAxis {
  let count: Int
  let columnsPerStep: Int
  let stepsPerColumn: Int

  init(count: Int, columns: Int, widest: Int = 3) {
    self.count = max(0, count)
    let columns = max(1, columns)
    columnsPerStep = min(max(1, widest), max(1, columns / max(1, self.count)))
    stepsPerColumn = max(1, (self.count + columns - 1) / columns)
  }

  /// Columns that the steps take.
  var width: Int {
    stepsPerColumn > 1 ? (count + stepsPerColumn - 1) / stepsPerColumn : count * columnsPerStep
  }

  /// First column of a step.
  func column(_ step: Int) -> Int { (step - 1) / stepsPerColumn * columnsPerStep }
}

extension Canvas {
  /// Step numbers below a plot, each beginning at its column; the cursor's own number goes before all others.
  mutating func drawSteps(
    _ count: Int, x: Int, y: Int, columns: Int, cursor: Int?, column: (Int) -> Int
  ) {
    var free = [Bool](repeating: true, count: max(0, columns))
    func place(_ step: Int, _ style: Style, on canvas: inout Canvas) {
      let text = String(step)
      let start = min(max(0, column(step)), columns - text.count)
      guard start >= 0 else { return }
      // A blank on either side keeps two numbers from reading as one.
      let needed = max(0, start - 1)..<min(columns, start + text.count + 1)
      guard needed.allSatisfy({ free[$0] }) else { return }
      for index in start..<start + text.count { free[index] = false }
      canvas.write(text, x: x + start, y: y, style: style)
    }
    if let cursor, cursor >= 1, cursor <= count {
      place(cursor, Style(.accent, bold: true), on: &self)
    }
    for step in Ticks.steps(count, columns: columns, spacing: String(count).count + 3) {
      place(step, Style(.faint), on: &self)
    }
  }
}
