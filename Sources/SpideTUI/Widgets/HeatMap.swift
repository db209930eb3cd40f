import SpideExperiment

/// Signed values as a map: weights, gradients, potentials.
///
/// Positive values are shades, negative values strokes, both growing with size, so that the sign needs no colour.
public struct HeatMap: Widget {
  /// Values across and down.
  public var columns, rows: Int
  /// The values, row by row.
  public var values: [Float]
  /// The value that is marked.
  public var selected: (column: Int, row: Int)?

  /// Spikes on top of the values, -1, 0 or +1 each; empty for none.
  public var marks: [Int8] = []
  /// The colour of values that have no sign; nil where they have.
  public var unsignedTone: Tone?
  /// Whether the scale stands below, where there is room.
  public var hasLegend = true

  /// A map of `columns × rows` values.
  public init(
    columns: Int, rows: Int, values: [Float],
    selected: (column: Int, row: Int)? = nil
  ) {
    self.columns = columns
    self.rows = rows
    self.values = values
    self.selected = selected
  }

  package func draw(on canvas: inout Canvas) {
    guard columns > 0, rows > 0, values.count >= columns * rows, canvas.width > 0 else { return }
    let legend = hasLegend && canvas.height >= 4 ? 1 : 0
    let height = canvas.height - legend
    guard height > 0 else { return }
    let across = canvas.width >= 2 * columns && height >= rows ? 2 : 1
    let width = min(columns, canvas.width / across)
    let shown = min(rows, height)
    let largest = values.lazy.filter(\.isFinite).map(abs).max() ?? 0
    let left = (canvas.width - width * across) / 2
    for y in 0..<shown {
      for x in 0..<width {
        let value = strongest(x, y, of: width, shown)
        var cell = canvas.glyphs.heat(value / (largest > 0 ? largest : 1))
        if let unsignedTone, cell.character != " " { cell.style = Style(unsignedTone) }
        if let mark = mark(x, y, of: width, shown, canvas.glyphs) { cell = mark }
        for part in 0..<across { canvas[left + x * across + part, y] = cell }
      }
    }
    if let selected, (0..<columns).contains(selected.column), (0..<rows).contains(selected.row) {
      let x = left + selected.column * width / columns * across
      let y = selected.row * shown / rows
      let style = Style(.accent, bold: true, reversed: true)
      if across == 2 {
        canvas[x, y] = Cell("[", style)
        canvas[x + 1, y] = Cell("]", style)
      } else {
        canvas[x, y] = Cell("◆", style)
      }
    }
    if legend > 0 { drawLegend(largest, on: &canvas) }
  }

  private func drawLegend(_ largest: Float, on canvas: inout Canvas) {
    let glyphs = canvas.glyphs
    let text = glyphs.plain(NumberText.constant(largest))
    let width = 2 * text.count + 15
    let y = canvas.height - 1
    guard canvas.width >= width else { return }
    let faint = Style(.faint)
    var x = canvas.write("−\(text) ", x: (canvas.width - width) / 2, y: y, style: faint)
    for level in [-4, -3, -2, -1] {
      canvas[x, y] = glyphs.heat(Float(level) / 4)
      x += 1
    }
    x = canvas.write(" 0 ", x: x, y: y, style: faint)
    for level in 1...4 {
      canvas[x, y] = glyphs.heat(Float(level) / 4)
      x += 1
    }
    canvas.write(" +\(text)", x: x, y: y, style: faint)
  }

  /// The strongest value of those that share a cell: a mean would let neighbours of opposite sign vanish.
  private func strongest(_ x: Int, _ y: Int, of width: Int, _ height: Int) -> Float {
    places(x, y, of: width, height).reduce(0) { abs(values[$1]) > abs($0) ? values[$1] : $0 }
  }

  /// The net spikes of those that share a cell, as a mark.
  private func mark(_ x: Int, _ y: Int, of width: Int, _ height: Int, _ glyphs: Glyphs) -> Cell? {
    guard marks.count == values.count else { return nil }
    let net = places(x, y, of: width, height).reduce(0) { $0 + Int(marks[$1]) }
    if net == 0 { return nil }
    if let unsignedTone { return Cell(glyphs.spike, Style(unsignedTone, bold: true)) }
    return net > 0
      ? Cell(glyphs.positive, Style(.positive, bold: true))
      : Cell(glyphs.negative, Style(.negative, bold: true))
  }

  /// The values that share a cell.
  private func places(_ x: Int, _ y: Int, of width: Int, _ height: Int) -> [Int] {
    let down = y * rows / height..<max(y * rows / height + 1, (y + 1) * rows / height)
    let across = x * columns / width..<max(x * columns / width + 1, (x + 1) * columns / width)
    return down.flatMap { row in across.map { row * columns + $0 } }
  }
}

extension Glyphs {
  /// The cell of a signed strength in -1 … 1; below a sixteenth it is a blank.
  fileprivate func heat(_ strength: Float) -> Cell {
    guard strength.isFinite else { return Cell("?", Style(.warning)) }
    let size = min(abs(strength), 1)
    guard size >= 1.0 / 16 else { return .blank }
    let level = min(3, Int(size * 4 - 0.001))
    let heat = Int8((size * 127).rounded())
    return strength > 0
      ? Cell(positiveHeat[level], Style(.heat(heat)))
      : Cell(negativeHeat[level], Style(.heat(-heat)))
  }
}
