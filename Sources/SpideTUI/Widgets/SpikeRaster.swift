import SpideEngine

/// Spikes of one layer: neurons downward, time steps to the right.
///
/// Forward spikes are dots; of backward spikes the positive point up and the negative point down. Where a
/// cell stands for several neurons or steps it shows how many spiked: shades, or marks that grow. Steps
/// after the cursor are blank.
public struct SpikeRaster: Widget {
  /// Whether spikes have a sign.
  public enum Kind: Hashable, Sendable {
    /// Forward: a spike or none.
    case binary
    /// Backward: positive, negative or none.
    case ternary
  }

  /// Forward or backward spikes.
  public var kind: Kind
  /// Spikes of each step done so far, step 1 first, in the order in which neurons are shown.
  public var steps: [SpikeEvents]
  /// Steps of the whole stage: the width of the time axis.
  public var stepCount: Int
  /// The step at the cursor; nil where the cursor is not in this stage: then every step in `steps` is shown.
  public var cursor: Int?
  /// Neurons of the layer.
  public var unitCount: Int
  /// The neuron in the top row (scrolling).
  public var firstUnit: Int
  /// Neurons in one row of cells, at least 1 (zooming).
  public var unitsPerRow: Int
  /// The neuron marked in the margin.
  public var selectedUnit: Int?

  /// A raster; by default from the first neuron, one a row.
  public init(
    kind: Kind, steps: [SpikeEvents], stepCount: Int, cursor: Int?, unitCount: Int,
    firstUnit: Int = 0, unitsPerRow: Int = 1, selectedUnit: Int? = nil
  ) {
    self.kind = kind
    self.steps = steps
    self.stepCount = stepCount
    self.cursor = cursor
    self.unitCount = unitCount
    self.firstUnit = firstUnit
    self.unitsPerRow = unitsPerRow
    self.selectedUnit = selectedUnit
  }

  /// The smallest zoom at which every neuron has a place in a raster of `height` rows.
  public static func fittingZoom(unitCount: Int, height: Int) -> Int {
    let rows = max(1, height - (height >= 3 ? 1 : 0) - (height >= 8 ? 1 : 0))
    return max(1, (unitCount + rows - 1) / rows)
  }

  /// The neuron shown at a row of a raster of `height` rows; nil below the last.
  public func unit(atRow row: Int, height: Int) -> Int? {
    let frame = Frame(self, width: 80, height: height)
    let unit = frame.firstUnit + row * frame.zoom
    return row >= 0 && row < frame.rows && unit < unitCount ? unit : nil
  }

  /// The step at a column of a raster of the given size; nil in the margin or past the last step.
  public func step(atColumn column: Int, width: Int, height: Int) -> Int? {
    let frame = Frame(self, width: width, height: height)
    let inside = column - frame.margin
    guard inside >= 0, inside < frame.axis.width else { return nil }
    return min(stepCount, inside / frame.axis.columnsPerStep * frame.axis.stepsPerColumn + 1)
  }

  package func draw(on canvas: inout Canvas) {
    let frame = Frame(self, width: canvas.width, height: canvas.height)
    guard frame.columns > 0, frame.rows > 0, unitCount > 0, stepCount > 0 else { return }
    if let cursor, cursor >= 1, cursor <= stepCount {
      let x = frame.margin + frame.axis.column(cursor)
      for y in 0..<frame.usedRows {
        canvas[x, y] = Cell(canvas.glyphs.vertical, Style(.accent, dim: true))
      }
    }
    if frame.showsDots(kind, canvas.glyphs) {
      drawDots(frame, on: &canvas)
    } else {
      drawMarks(frame, on: &canvas)
    }
    drawMargin(frame, on: &canvas)
    if frame.hasAxis {
      canvas.drawSteps(
        stepCount, x: frame.margin, y: frame.rows, columns: frame.columns, cursor: cursor,
        column: frame.axis.column)
    }
    if frame.hasCaption {
      canvas.write(
        canvas.glyphs.clipped(caption(frame), to: frame.columns), x: frame.margin,
        y: frame.rows + 1, style: Style(.faint))
    }
  }

  private var shownSteps: Int { min(steps.count, stepCount, max(0, cursor ?? stepCount)) }

  /// One braille dot a neuron and step.
  private func drawDots(_ frame: Frame, on canvas: inout Canvas) {
    var grid = DotGrid(columns: frame.columns, rows: frame.usedRows, glyphs: canvas.glyphs)
    let units = frame.firstUnit..<frame.endUnit
    let dotsPerUnit = 4 / frame.zoom
    for step in 1..<shownSteps + 1 {
      let isCursor = step == cursor
      let x = frame.axis.column(step) * 2 + (step - 1) % frame.axis.stepsPerColumn
      steps[step - 1].forEach { unit, _ in
        guard units.contains(unit) else { return }
        let style = Style(.spike, bold: isCursor || unit == selectedUnit)
        grid.set(x: x, y: (unit - frame.firstUnit) * dotsPerUnit, style: style)
      }
    }
    grid.draw(on: &canvas, x: frame.margin, y: 0)
  }

  private func drawMarks(_ frame: Frame, on canvas: inout Canvas) {
    let units = frame.firstUnit..<frame.endUnit
    let width = frame.axis.width
    var tallies = [Tally](repeating: Tally(), count: width * frame.usedRows)
    for step in 1..<shownSteps + 1 {
      let column = frame.axis.column(step)
      steps[step - 1].forEach { unit, sign in
        guard units.contains(unit) else { return }
        tallies[(unit - frame.firstUnit) / frame.zoom * width + column].add(sign)
      }
    }
    let cursorColumn = cursor.map(frame.axis.column)
    let selectedRow = selectedUnit.map { ($0 - frame.firstUnit) / frame.zoom }
    let capacity = frame.zoom * frame.axis.stepsPerColumn
    for row in 0..<frame.usedRows {
      for column in 0..<width where !tallies[row * width + column].isEmpty {
        let isBold = column == cursorColumn || row == selectedRow
        canvas[frame.margin + column, row] = tallies[row * width + column]
          .cell(kind, of: capacity, isBold: isBold, canvas.glyphs)
      }
    }
  }

  private func drawMargin(_ frame: Frame, on canvas: inout Canvas) {
    guard frame.margin > 0 else { return }
    // A number for every fifth row, at round neurons.
    let stride = frame.zoom * 5
    for row in 0..<frame.usedRows {
      let first = frame.firstUnit + row * frame.zoom
      let round = (first + stride - 1) / stride * stride
      if let selectedUnit, selectedUnit >= first, selectedUnit < first + frame.zoom {
        let style = Style(.accent, bold: true)
        canvas.write(String(selectedUnit), endingAt: frame.margin - 1, y: row, style: style)
        canvas[frame.margin - 1, row] = Cell(canvas.glyphs.pointer, style)
      } else if round < first + frame.zoom, round < unitCount {
        canvas.write(String(round), endingAt: frame.margin - 1, y: row, style: Style(.faint))
      }
    }
  }

  private func caption(_ frame: Frame) -> String {
    var parts: [String] = []
    if frame.axis.stepsPerColumn > 1 { parts.append("\(frame.axis.stepsPerColumn) steps a column") }
    if frame.zoom > 1 { parts.append("\(frame.zoom) neurons a row") }
    if frame.firstUnit > 0 || frame.endUnit < unitCount {
      parts.append("neurons \(frame.firstUnit)–\(frame.endUnit - 1) of \(unitCount)")
    }
    return parts.isEmpty ? "time step" : parts.joined(separator: " · ")
  }
}
