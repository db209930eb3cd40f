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
      for row in 0..<staff.height {
        let line = Line(
          y: staff.y + row, channels: staff.rows.channels(atRow: row),
          isWhole: staff.rows.hasWhole && row == 0, capacity: layer.shape.positions,
          isSelected: staff.layer == selected.layer)
        guard line.isWhole || line.channels != nil else { continue }
        draw(
          line, layer.forward, .forward, layout.axis.forward, x: left, shown: shown.forward,
          on: &canvas)
        draw(
          line, layer.backward, .backward, layout.axis.backward,
          x: left + layout.axis.backwardStart, shown: shown.backward, on: &canvas)
      }
    }
    drawGateFlips(staff, layer, x: left + layout.axis.readout, on: &canvas)
    drawSilence(staff, layer, layout, on: &canvas)
    drawFront(staff, layer, layout, on: &canvas)
  }

  /// One row of a staff.
  private struct Line {
    let y: Int
    /// The channels in it; nil for the whole layer.
    let channels: ArraySlice<Int>?
    let isWhole: Bool
    /// Neurons of a channel.
    let capacity: Int
    let isSelected: Bool
  }

  private func draw(
    _ line: Line, _ layer: ScoreMonitor.Layer, _ stage: Stage, _ scale: ScoreAxis.Scale, x: Int,
    shown: Int, on canvas: inout Canvas
  ) {
    let steps = min(shown, layer.steps)
    guard steps > 0 else { return }
    let glyphs = canvas.glyphs
    if line.isWhole {
      drawWhole(line, layer, stage, scale, x: x, steps: steps, on: &canvas)
      return
    }
    guard let channels = line.channels else { return }
    let isDotted =
      stage == .forward && glyphs == .braille && line.capacity == 1 && channels.count <= 4
    if isDotted, channels.count > 1 || scale.stepsPerColumn > 1 {
      drawDots(channels, layer, scale, x: x, y: line.y, steps: steps, on: &canvas)
      return
    }
    let now = cursorColumn(stage, scale)
    for column in 0..<scale.width where column % scale.columnsPerStep == 0 {
      let first = scale.step(at: column)
      let end = min(steps, first + scale.stepsPerColumn - 1)
      guard first <= end else { break }
      var spikes = StaffSpikes(capacity: line.capacity * channels.count * (end - first + 1))
      for step in first...end {
        let row = (step - 1) * layer.channels
        for channel in channels {
          spikes.positive += Int(layer.positive[row + channel])
          if stage == .backward { spikes.negative += Int(layer.negative[row + channel]) }
        }
      }
      guard !spikes.isEmpty else { continue }
      let cell = spikes.cell(stage, isBold: column == now, glyphs)
      // A shade fills its step; a mark stands at its beginning.
      let width = stage == .forward && spikes.capacity > 1 ? scale.columnsPerStep : 1
      for part in 0..<width { canvas[x + column + part, line.y] = cell }
    }
  }

  /// A dot for each neuron and step, as many beside each other as a column has.
  private func drawDots(
    _ channels: ArraySlice<Int>, _ layer: ScoreMonitor.Layer, _ scale: ScoreAxis.Scale, x: Int,
    y: Int, steps: Int, on canvas: inout Canvas
  ) {
    var grid = DotGrid(columns: scale.width, rows: 1, glyphs: canvas.glyphs)
    let now = cursorColumn(.forward, scale)
    let down = channels.count > 2 ? 1 : channels.count == 2 ? 2 : 1
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
        let spikes = StaffSpikes(
          capacity: max(2, most), positive: sum.positive, negative: sum.negative)
        canvas[x + sum.column, line.y] = spikes.cell(stage, isBold: isBold, canvas.glyphs)
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
  /// Spikes of one sign that there could be.
  var capacity: Int
  var positive = 0
  var negative = 0

  var isEmpty: Bool { positive + negative == 0 }

  /// Their picture: the net sign as shape and colour, brighter the more there are. What cancels out is never bright.
  func cell(_ stage: Stage, isBold: Bool, _ glyphs: Glyphs) -> Cell {
    // Spikes are rare, so the steps between levels are halvings.
    func level(_ count: Int) -> Int {
      let share = Double(count) / Double(max(1, capacity))
      return share <= 0.125 ? 0 : share <= 0.25 ? 1 : share <= 0.5 ? 2 : 3
    }
    if stage == .forward {
      let mark = capacity == 1 ? glyphs.spike : glyphs.densityLevels[level(positive)]
      return Cell(mark, Style(.spike, bold: isBold))
    }
    let net = positive - negative
    guard net != 0 else {
      return Cell(glyphs.mixedLevels[0], Style(.faint, bold: isBold))
    }
    let size = capacity == 1 ? 1 : min(2, level(abs(net)))
    let isMixed = min(positive, negative) > 0
    let style = Style(
      net > 0 ? .positive : .negative, bold: isBold || (size == 2 && !isMixed),
      dim: !isBold && capacity > 1 && (size == 0 || isMixed))
    let levels = net > 0 ? glyphs.positiveLevels : glyphs.negativeLevels
    return Cell(levels[size], style)
  }
}
