import SpideEngine

extension Score {
  /// The rows of one layer over both stages.
  func drawStaff(_ staff: ScoreLayout.Staff, _ layout: ScoreLayout, on canvas: inout Canvas) {
    let layer = layers[staff.layer]
    let shown = stepsShown
    let left = layout.gutter
    if let map, staff.layer == selected.layer {
      draw(map, layer, staff, layout, on: &canvas)
    } else {
      let lines = (0..<staff.height).map { row in
        Line(
          y: staff.y + row, channels: staff.rows.channels(atRow: row),
          isWhole: staff.rows.hasWhole && row == 0, capacity: layer.shape.positions,
          perRow: staff.rows.perRow)
      }
      draw(
        lines, layer.forward, .forward, layout.axis.forward, x: left, shown: shown.forward,
        on: &canvas)
      draw(
        lines, layer.backward, .backward, layout.axis.backward,
        x: left + layout.axis.backwardStart, shown: shown.backward, on: &canvas)
      if let (forward, backward) = layer.differences {
        mark(lines, forward, layout.axis.forward, x: left, shown: shown.forward, on: &canvas)
        mark(
          lines, backward, layout.axis.backward, x: left + layout.axis.backwardStart,
          shown: shown.backward, on: &canvas)
      }
    }
    drawGateFlips(staff, layer, x: left + layout.axis.readout, on: &canvas)
    drawSilence(staff, layer, layout, on: &canvas)
    drawFront(staff, layer, layout, on: &canvas)
  }

  /// One row of a staff.
  struct Line {
    let y: Int
    /// The channels in it; nil for the whole layer.
    let channels: ArraySlice<Int>?
    let isWhole: Bool
    /// Neurons of a channel.
    let capacity: Int
    /// Channels of a full row.
    let perRow: Int
  }

  /// The rows of a staff in one stage. Marks are as large as they are beside the busiest cell of the staff.
  private func draw(
    _ lines: [Line], _ layer: ScoreMonitor.Layer, _ stage: Stage, _ scale: ScoreAxis.Scale, x: Int,
    shown: Int, on canvas: inout Canvas
  ) {
    let steps = min(shown, layer.steps)
    guard steps > 0 else { return }
    let glyphs = canvas.glyphs
    let now = cursorColumn(stage, scale)
    var cells: [(column: Int, y: Int, spikes: StaffSpikes)] = []
    for line in lines {
      if line.isWhole {
        drawWhole(line, layer, stage, scale, x: x, steps: steps, on: &canvas)
      } else if let channels = line.channels {
        let isDotted =
          stage == .forward && glyphs == .braille && line.capacity == 1 && line.perRow <= 4
        if isDotted, line.perRow > 1 || scale.stepsPerColumn > 1 {
          drawDots(
            channels, of: line.perRow, layer, scale, x: x, y: line.y, steps: steps, on: &canvas)
        } else {
          for (column, spikes) in sums(channels, layer, stage, scale, steps: steps) {
            cells.append((column, line.y, spikes))
          }
        }
      }
    }
    let most = cells.map { $0.spikes.positive + $0.spikes.negative }.max() ?? 0
    for (column, y, spikes) in cells {
      let isAlone =
        lines.allSatisfy { $0.capacity == 1 && $0.perRow == 1 }
        && scale.stepsPerColumn == 1
      let cell = spikes.cell(stage, of: most, isAlone: isAlone, isBold: column == now, glyphs)
      // A shade fills its step; a mark stands at its beginning.
      let width = stage == .forward && !isAlone ? scale.columnsPerStep : 1
      for part in 0..<width { canvas[x + column + part, y] = cell }
    }
  }

  /// The spikes of some channels, column by column, where there are any.
  private func sums(
    _ channels: ArraySlice<Int>, _ layer: ScoreMonitor.Layer, _ stage: Stage,
    _ scale: ScoreAxis.Scale, steps: Int
  ) -> [(column: Int, spikes: StaffSpikes)] {
    var result: [(column: Int, spikes: StaffSpikes)] = []
    for first in stride(from: 1, through: steps, by: scale.stepsPerColumn) {
      var spikes = StaffSpikes()
      for step in first...min(steps, first + scale.stepsPerColumn - 1) {
        let row = (step - 1) * layer.channels
        for channel in channels {
          spikes.positive += Int(layer.positive[row + channel])
          if stage == .backward { spikes.negative += Int(layer.negative[row + channel]) }
        }
      }
      if !spikes.isEmpty { result.append((scale.column(first), spikes)) }
    }
    return result
  }

  /// A dot for each neuron and step, as many beside each other as a column has.
  private func drawDots(
    _ channels: ArraySlice<Int>, of perRow: Int, _ layer: ScoreMonitor.Layer,
    _ scale: ScoreAxis.Scale, x: Int, y: Int, steps: Int, on canvas: inout Canvas
  ) {
    var grid = DotGrid(columns: scale.width, rows: 1, glyphs: canvas.glyphs)
    let now = cursorColumn(.forward, scale)
    let down = max(1, grid.dotsDown / perRow)
    for step in 1...steps {
      let row = (step - 1) * layer.channels
      let dot = scale.dot(step, across: grid.dotsAcross)
      let style = Style(.spike, bold: scale.column(step) == now)
      for (place, channel) in channels.enumerated() where layer.positive[row + channel] > 0 {
        grid.set(x: dot, y: place * down, style: style)
      }
    }
    grid.draw(on: &canvas, x: x, y: y)
  }

  /// The whole layer in one row: bars forward, the net sign backward, in shares of its busiest column.
  private func drawWhole(
    _ line: Line, _ layer: ScoreMonitor.Layer, _ stage: Stage, _ scale: ScoreAxis.Scale, x: Int,
    steps: Int, on canvas: inout Canvas
  ) {
    var sums: [(column: Int, positive: Int, negative: Int)] = []
    for step in 1...steps {
      let total = layer.totals[step - 1]
      let column = scale.column(step)
      if sums.last?.column != column { sums.append((column, 0, 0)) }
      sums[sums.count - 1].positive += total.positive
      sums[sums.count - 1].negative += total.negative
    }
    let most = sums.map { $0.positive + $0.negative }.max() ?? 0
    let now = cursorColumn(stage, scale)
    for sum in sums where sum.positive + sum.negative > 0 {
      let isBold = sum.column == now
      if stage == .forward {
        let eighths = max(1, sum.positive * 8 / most)
        let cell = Cell(canvas.glyphs.verticalEighths[eighths], Style(.spike, bold: isBold))
        for part in 0..<scale.columnsPerStep { canvas[x + sum.column + part, line.y] = cell }
      } else {
        let spikes = StaffSpikes(positive: sum.positive, negative: sum.negative)
        canvas[x + sum.column, line.y] = spikes.cell(
          stage, of: most, isAlone: false, isBold: isBold, canvas.glyphs)
      }
    }
  }

  /// The column of the cursor in a stage; nil where it is not there.
  private func cursorColumn(_ stage: Stage, _ scale: ScoreAxis.Scale) -> Int? {
    switch (moment, stage) {
    case (.forward(let step), .forward), (.backward(let step), .backward): scale.column(step)
    default: nil
    }
  }

  /// In the readout's column: rows with a neuron whose gate differs from the gate at equilibrium.
  private func drawGateFlips(
    _ staff: ScoreLayout.Staff, _ layer: Layer, x: Int, on canvas: inout Canvas
  ) {
    guard !layer.gateFlips.isEmpty, map == nil || staff.layer != selected.layer else { return }
    for row in 0..<staff.height {
      let channels = staff.rows.channels(atRow: row)
      let isWhole = staff.rows.hasWhole && row == 0
      let flips =
        channels.map { $0.reduce(0) { $0 + layer.gateFlips[$1] } }
        ?? (isWhole ? layer.gateFlips.reduce(0, +) : 0)
      if flips > 0 {
        canvas[x, staff.y + row] = Cell(canvas.glyphs.differs, Style(.exact, bold: true))
      }
    }
  }

  /// In the empty backward staff: why it is.
  private func drawSilence(
    _ staff: ScoreLayout.Staff, _ layer: Layer, _ layout: ScoreLayout, on canvas: inout Canvas
  ) {
    guard !layer.silence.isEmpty else { return }
    let glyphs = canvas.glyphs
    let x = layout.gutter + layout.axis.backwardStart + 1
    let width = canvas.width - x
    var lines = glyphs.wrapped(layer.silence, to: width)
    if lines.count > staff.height {
      let rest = lines[(staff.height - 1)...].joined(separator: " ")
      lines = lines.prefix(staff.height - 1) + [glyphs.clipped(rest, to: width)]
    }
    for (row, line) in lines.enumerated() {
      canvas.write(line, x: x, y: staff.y + row, style: Style(.warning))
    }
  }

  /// A light at the cursor in the layer that is being stepped.
  private func drawFront(
    _ staff: ScoreLayout.Staff, _ layer: Layer, _ layout: ScoreLayout, on canvas: inout Canvas
  ) {
    guard isFront(staff.layer), let column = layout.axis.column(moment) else { return }
    for y in staff.y..<staff.y + staff.height {
      var cell = canvas[layout.gutter + column, y]
      if cell.character == " " { cell.character = canvas.glyphs.vertical }
      cell.style = Style(.accent, bold: true, reversed: true)
      canvas[layout.gutter + column, y] = cell
    }
  }

  /// Whether the event front is in a layer.
  func isFront(_ index: Int) -> Bool {
    switch front {
    case .layer(index): return true
    case .everywhere:
      switch moment {
      case .forward(let step):
        let totals = layers[index].forward.totals
        return totals.indices.contains(step - 1) && totals[step - 1].positive > 0
      case .backward(let step):
        let totals = layers[index].backward.totals
        guard totals.indices.contains(step - 1) else { return false }
        return totals[step - 1].positive + totals[step - 1].negative > 0
      case .start, .readout, .update: return false
      }
    case .layer, .feedback, nil: return false
    }
  }
}

/// The spikes that fall into one cell of a staff.
struct StaffSpikes: Hashable {
  var positive = 0
  var negative = 0

  var isEmpty: Bool { positive + negative == 0 }

  /// Their picture: the net sign as shape and colour, larger and brighter the more there are. What cancels out is never
  /// bright.
  ///
  /// - Parameters:
  ///   - stage: whether spikes have a sign.
  ///   - most: spikes of the busiest cell beside it.
  ///   - isAlone: whether the cell is one neuron's at one step.
  ///   - isBold: whether it stands out anyway.
  ///   - glyphs: what it is made of.
  func cell(_ stage: Stage, of most: Int, isAlone: Bool, isBold: Bool, _ glyphs: Glyphs) -> Cell {
    /// 0 … 3; in the middle where no cell has more than one.
    func level(_ count: Int) -> Int { most <= 1 ? 1 : min(3, (4 * count - 1) / most) }
    if stage == .forward {
      let mark = isAlone ? glyphs.spike : glyphs.densityLevels[level(positive)]
      return Cell(mark, Style(.spike, bold: isBold))
    }
    let net = positive - negative
    guard net != 0 else { return Cell(glyphs.mixedLevels[0], Style(.faint, bold: isBold)) }
    let size = isAlone ? 1 : min(2, level(abs(net)))
    let isMixed = min(positive, negative) > 0
    let style = Style(
      net > 0 ? .positive : .negative, bold: isBold || (size == 2 && !isMixed),
      dim: !isBold && !isAlone && (size == 0 || isMixed))
    return Cell((net > 0 ? glyphs.positiveLevels : glyphs.negativeLevels)[size], style)
  }
}
