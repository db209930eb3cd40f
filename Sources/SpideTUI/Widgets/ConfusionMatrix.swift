/// How often each class was taken for each other: true classes downward, predicted classes to the right.
///
/// Shades are shares of the true class. Numbers stand beside them where there is room; where even the
/// shades have none, neighbouring classes are put together.
public struct ConfusionMatrix: Widget {
  /// Samples by true class, then by predicted class.
  public var counts: [[Int]]
  /// Names of the classes.
  public var names: [String]

  /// A matrix.
  public init(counts: [[Int]], names: [String]) {
    self.counts = counts
    self.names = names
  }

  package func draw(on canvas: inout Canvas) {
    guard !counts.isEmpty, canvas.width > 0, canvas.height > 0 else { return }
    let glyphs = canvas.glyphs
    let header = canvas.height >= 6 ? 2 : 0
    let longest = counts.indices.map { glyphs.width(name($0)) }.max() ?? 0
    let label = min(longest, 10)
    let margin = canvas.width >= label + 8 ? label + 1 : 0
    let rows = canvas.height - header
    let columns = canvas.width - margin

    let digits = String(counts.joined().max() ?? 0).count
    let hasNumbers = counts.count <= rows && columns >= counts.count * (digits + 2)
    let group =
      hasNumbers ? 1 : max(1, divideUp(counts.count, rows), divideUp(counts.count, columns))
    let size = divideUp(counts.count, group)
    let cell =
      hasNumbers
      ? digits + 2 + min(1, columns / counts.count - digits - 2)
      : columns >= 2 * size ? 2 : 1

    for row in 0..<size {
      let total = max(1, (0..<size).map { sum(row, $0, group) }.reduce(0, +))
      for column in 0..<size {
        let count = sum(row, column, group)
        let share = Double(count) / Double(total)
        let style = Style(row == column ? .good : .bad, bold: hasNumbers && share >= 0.5)
        let x = margin + column * cell
        let y = header + row
        if hasNumbers {
          let text = count == 0 ? String(glyphs.dot) : String(count)
          canvas.write(
            text, endingAt: x + cell, y: y, style: count == 0 ? Style(.faint) : style)
          if share >= 0.05 {
            canvas[x + cell - digits - 1, y] = Cell(shade(share, glyphs), style)
          }
        } else {
          for part in 0..<cell { canvas[x + part, y] = Cell(shade(share, glyphs), style) }
        }
      }
      if margin > 0 {
        let text = glyphs.clipped(name(row * group), to: label)
        canvas.write(text, endingAt: margin - 1, y: header + row)
      }
    }
    guard header > 0 else { return }
    var title = "true \(glyphs.downArrow)  predicted \(glyphs.plain("→"))"
    if group > 1 { title += "  \(group) classes a cell" }
    canvas.write(glyphs.clipped(title, to: canvas.width), x: 0, y: 0, style: Style(.faint))
    drawHeader(size, group: group, cell: cell, margin: margin, on: &canvas)
  }

  private func drawHeader(_ size: Int, group: Int, cell: Int, margin: Int, on canvas: inout Canvas)
  {
    // Whole names where they fit; else, of names that are numbers, those that do not touch.
    var free = 0
    let areShort = counts.indices.allSatisfy { canvas.glyphs.width(name($0)) <= 3 }
    for column in 0..<size {
      let glyphs = canvas.glyphs
      let whole = glyphs.plain(name(column * group))
      let text = areShort ? whole : glyphs.prefix(whole, columns: max(1, cell - 1))
      let x = margin + (column + 1) * cell - glyphs.width(text)
      guard x >= free, x >= 0 else { continue }
      free = canvas.write(text, x: x, y: 1) + (cell < 3 ? 1 : 0)
    }
  }

  private func name(_ index: Int) -> String { index < names.count ? names[index] : String(index) }

  private func sum(_ row: Int, _ column: Int, _ group: Int) -> Int {
    var result = 0
    for line in counts[row * group..<min(counts.count, (row + 1) * group)] {
      let end = min(line.count, (column + 1) * group)
      if column * group < end { result += line[column * group..<end].reduce(0, +) }
    }
    return result
  }

  private func shade(_ share: Double, _ glyphs: Glyphs) -> Character {
    switch share {
    case ...0: " "
    case ..<0.05: glyphs.dot
    case ..<0.2: glyphs.positiveHeat[0]
    case ..<0.5: glyphs.positiveHeat[1]
    case ..<0.8: glyphs.positiveHeat[2]
    default: glyphs.positiveHeat[3]
    }
  }

  private func divideUp(_ count: Int, _ parts: Int) -> Int {
    parts > 0 ? (count + parts - 1) / parts : count
  }
}
