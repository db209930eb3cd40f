import SpideExperiment

extension Score {
  /// The membrane potential of the selected neuron over the columns of the staffs, each stage with its own scale.
  func draw(_ potential: Potential, _ layout: ScoreLayout, on canvas: inout Canvas) {
    let area = layout.potential
    let glyphs = canvas.glyphs
    let axis = layout.axis
    let left = layout.gutter
    for x in 0..<left + axis.width { canvas[x, area.y] = Cell(glyphs.horizontal, Style(.faint)) }
    if left > 0 {
      canvas.write(
        glyphs.clipped("u \(potential.name)", to: left - 1), x: 0, y: area.y,
        style: Style(.accent, bold: true))
    }
    let plot = Rect(x: 0, y: area.y + 1, width: area.width, height: area.height - 1)
    let shown = stepsShown
    var potential = potential
    if glyphs.width(potential.forward.label) + 2 > axis.forward.width {
      // The longer stage has room for the words of both.
      potential.backward.label =
        [potential.backward.label, potential.forward.label].filter { !$0.isEmpty }
        .joined(separator: "  ")
      potential.forward.label = ""
    }
    draw(
      potential.forward, axis.forward, x: left, width: axis.forward.width, plot,
      shown: shown.forward, title: area.y, on: &canvas)
    draw(
      potential.backward, axis.backward, x: left + axis.backwardStart,
      width: area.width - left - axis.backwardStart, plot, shown: shown.backward, title: area.y,
      on: &canvas)
    guard left > 0, plot.height >= 3 else { return }
    // Beside the plot the levels of the forward stage have names.
    for level in potential.forward.levels {
      guard let y = Rows(potential.forward, plot, glyphs).row(level.value) else { continue }
      let name = "\(level.label) \(NumberText.constant(Float(level.value)))"
      canvas.write(
        glyphs.clipped(name, to: left - 1), x: max(0, left - 1 - glyphs.width(name)), y: y,
        style: Style(.threshold, dim: level.kind == .reset))
    }
  }

  /// Which row of the plot a potential falls into.
  private struct Rows {
    /// Rows of the plot itself, without those of the spikes.
    let top, count: Int
    let hasSpikes, hasNegative: Bool
    let scale: Scale?
    let dotsDown: Int

    init(_ segment: PotentialTrace.Segment, _ plot: Rect, _ glyphs: Glyphs) {
      let isTernary = segment.levels.count { $0.kind == .threshold } > 1
      hasSpikes = plot.height >= 3
      hasNegative = isTernary && plot.height >= 5
      top = plot.y + (hasSpikes ? 1 : 0)
      count = max(0, plot.height - (hasSpikes ? 1 : 0) - (hasNegative ? 1 : 0))
      scale = Scale(segment.values + segment.levels.map(\.value), padding: 0.04)
      dotsDown = DotGrid(columns: 1, rows: 1, glyphs: glyphs).dotsDown
    }

    /// The dot of a potential, from the top.
    func dot(_ value: Double) -> Int? {
      scale?.place(value, of: count * dotsDown).map { count * dotsDown - 1 - $0 }
    }

    func row(_ value: Double) -> Int? { dot(value).map { top + $0 / dotsDown } }
  }

  private func draw(
    _ segment: PotentialTrace.Segment, _ axis: ScoreAxis.Scale, x: Int, width: Int, _ plot: Rect,
    shown: Int, title: Int, on canvas: inout Canvas
  ) {
    let glyphs = canvas.glyphs
    if !segment.label.isEmpty {
      // Whole words as far as there is room.
      var words = segment.label.split(separator: "  ").map(String.init)
      while words.count > 1, glyphs.width(words.joined(separator: "  ")) > width - 2 {
        words.removeLast()
      }
      let text = glyphs.clipped(words.joined(separator: "  "), to: width - 2)
      canvas.write(" \(text) ", x: x, y: title, style: Style(.threshold), maxWidth: width)
    }
    let rows = Rows(segment, plot, glyphs)
    guard rows.count > 0 else { return }
    for level in segment.levels {
      guard let y = rows.row(level.value) else { continue }
      let isThreshold = level.kind == .threshold
      let line = isThreshold ? glyphs.thresholdLine : glyphs.resetLine
      let cell = Cell(line, Style(.threshold, dim: !isThreshold))
      for column in 0..<axis.width { canvas[x + column, y] = cell }
    }
    var grid = DotGrid(columns: axis.width, rows: rows.count, glyphs: glyphs)
    var pen = Pen(.plain)
    let half = axis.columnsPerStep * grid.dotsAcross / 2
    // The line begins at rest, before the first step.
    var last = rows.dot(0).map { (x: 0, y: $0) }
    let steps = min(shown, segment.values.count)
    for step in 1..<steps + 1 {
      guard let y = rows.dot(segment.values[step - 1]) else {
        last = nil
        continue
      }
      let inside = axis.columnsPerStep > 1 ? half : 0
      let next = (x: axis.dot(step, across: grid.dotsAcross) + inside, y: y)
      grid.line(from: last ?? next, to: next, pen: &pen)
      last = next
    }
    grid.draw(on: &canvas, x: x, y: rows.top)
    guard rows.hasSpikes else { return }
    let isTernary = segment.levels.count { $0.kind == .threshold } > 1
    for step in 1..<steps + 1 where step <= segment.spikes.count && segment.spikes[step - 1] != 0 {
      let column = x + axis.column(step)
      if segment.spikes[step - 1] < 0 {
        let y = rows.hasNegative ? plot.bottom - 1 : plot.y
        canvas[column, y] = Cell(glyphs.negative, Style(.negative))
      } else {
        canvas[column, plot.y] =
          isTernary
          ? Cell(glyphs.positive, Style(.positive)) : Cell(glyphs.spike, Style(.spike))
      }
    }
  }
}
