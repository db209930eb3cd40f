extension CurvePlot {
  /// A curve as dots: its line, and the band that its values lie in.
  private struct Trace {
    var line, band: DotGrid
    /// The cell in which the line ends, and those of all its points.
    var end: Int?
    var points: [Int] = []

    init(_ plot: Rect, _ glyphs: Glyphs) {
      line = DotGrid(columns: plot.width, rows: plot.height, glyphs: glyphs)
      band = line
    }
  }

  /// Whose the dots of one cell are.
  private struct Owners {
    var dots: UInt8 = 0
    var count = 0
    var last = 0

    /// Where curves are `stacked`, those after the first are covered.
    mutating func add(_ dots: UInt8, of index: Int, stacked: Bool) {
      guard dots != 0, !stacked || count == 0 else { return }
      self.dots |= dots
      count += 1
      last = index
    }
  }

  /// Dots drawn and left out in turn, for each curve; the first is solid.
  private static let dashes = [
    [], [6, 4], [2, 3], [9, 3, 2, 3], [3, 6], [9, 3, 2, 3, 2, 3],
  ]

  func drawCurves(_ frame: Frame, on canvas: inout Canvas) {
    let (plot, glyphs) = (frame.plot, canvas.glyphs)
    let traces = series.indices.map { trace($0, frame, glyphs) }
    for cell in 0..<max(0, plot.width * plot.height) {
      var (lines, bands) = (Owners(), Owners())
      for (index, trace) in traces.enumerated() {
        lines.add(trace.line.dots(cell), of: index, stacked: isStacked)
        bands.add(trace.band.dots(cell), of: index, stacked: isStacked)
      }
      // A cell of several curves has the colour of none. Bands give way to lines.
      let shown: (dots: UInt8, style: Style, mark: Character)
      switch (lines.count, bands.count) {
      case (0, 0): continue
      case (0, 1): shown = (bands.dots, Style(tone(bands.last), dim: true), glyphs.bandMark)
      case (0, _): shown = (bands.dots, Style(.faint), glyphs.bandMark)
      case (1, _):
        let own = traces[lines.last].band.dots(cell)
        shown = (lines.dots | own, Style(tone(lines.last)), mark(lines.last, glyphs))
      default: shown = (lines.dots, .plain, glyphs.sharedMark)
      }
      canvas[plot.x + cell % plot.width, plot.y + cell / plot.width] = Cell(
        traces[0].line.character(shown.dots, mark: shown.mark), shown.style)
    }
    drawChanges(frame, on: &canvas)
    if marksPoints {
      markPoints(traces, plot, on: &canvas)
    } else if !canvas.glyphs.isASCII {
      drawMarks(traces, plot, on: &canvas)
    }
  }

  private func trace(_ index: Int, _ frame: Frame, _ glyphs: Glyphs) -> Trace {
    var trace = Trace(frame.plot, glyphs)
    // What lies on top has no gaps for the others to show through.
    let isWhole = isStacked && index == 0
    let dashes = isWhole ? [] : CurvePlot.dashes[number(index) % CurvePlot.dashes.count]
    var pen = Pen(.plain, dashes: dashes)
    let (across, down) = (trace.line.dotsAcross, trace.line.dotsDown)
    var last: (x: Int, y: Int)?
    // One stroke of the band for two columns of cells; in ASCII, where it does not blur the line, for each.
    let spacing = glyphs.isASCII ? 1 : 2 * across
    var stroke: (x: Int, top: Int, bottom: Int)?
    func drawStroke() {
      guard let stroke else { return }
      for y in stride(from: stroke.top, to: stroke.bottom, by: min(2, down)) {
        trace.band.set(x: stroke.x, y: y, style: .plain)
      }
      trace.band.set(x: stroke.x, y: stroke.bottom, style: .plain)
    }
    for column in frame.columns(of: series[index].points) {
      guard let column, let y = frame.dot(y: column.mean) else {
        last = nil
        continue
      }
      // The dot where two lines meet counts once.
      if last != nil { pen.travelled -= 1 }
      if !connects { (last, pen) = (nil, Pen(.plain)) }
      trace.line.line(from: last ?? (column.x, y), to: (column.x, y), pen: &pen)
      last = (column.x, y)
      let cell = y / down * frame.plot.width + column.x / across
      trace.end = cell
      if marksPoints { trace.points.append(cell) }
      let x = column.x / spacing * spacing
      let top = frame.dot(y: column.high) ?? y
      // What a logarithmic axis cannot show lies below it.
      let bottom = frame.dot(y: column.low) ?? trace.line.height - 1
      // What the line itself covers has no band.
      guard bottom - top >= min(2, down) else { continue }
      if let known = stroke, known.x == x {
        stroke = (x, min(known.top, top), max(known.bottom, bottom))
      } else {
        drawStroke()
        stroke = (x, top, bottom)
      }
    }
    drawStroke()
    return trace
  }

  /// Where something happened on a curve: an upright stroke across it, in its colour.
  private func drawChanges(_ frame: Frame, on canvas: inout Canvas) {
    for index in series.indices.reversed() {
      for place in series[index].marks {
        guard let column = frame.column(place),
          let point = series[index].points.last(where: { $0.x <= place })
            ?? series[index].points.first, let row = frame.row(point.y)
        else { continue }
        for y in max(frame.plot.y, row - 1)...min(frame.plot.bottom - 1, row + 1) {
          canvas[column, y] = Cell(canvas.glyphs.uprightReset, Style(tone(index), bold: true))
        }
      }
    }
  }

  /// A mark at each point, those of the first curves on top.
  private func markPoints(_ traces: [Trace], _ plot: Rect, on canvas: inout Canvas) {
    for (index, trace) in traces.enumerated().reversed() {
      for cell in trace.points {
        canvas[plot.x + cell % plot.width, plot.y + cell / plot.width] = Cell(
          mark(index, canvas.glyphs), Style(tone(index), bold: true))
      }
    }
  }

  /// Each curve's mark at its end or, where another's is there, at the nearest place before it.
  private func drawMarks(_ traces: [Trace], _ plot: Rect, on canvas: inout Canvas) {
    var taken: Set<Int> = []
    for (index, trace) in traces.enumerated() {
      guard let end = trace.end else { continue }
      let before = (0...end % plot.width).reversed().lazy.flatMap { column in
        stride(from: column, to: plot.width * plot.height, by: plot.width)
      }.filter { trace.line.dots($0) != 0 }
      let isTaken = taken.contains(end)
      guard let cell = isTaken ? before.first(where: { !taken.contains($0) }) : end else {
        continue
      }
      taken.insert(cell)
      canvas[plot.x + cell % plot.width, plot.y + cell / plot.width] = Cell(
        mark(index, canvas.glyphs), Style(tone(index), bold: true))
    }
  }
}
