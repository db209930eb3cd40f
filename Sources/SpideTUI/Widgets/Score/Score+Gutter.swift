import SpideEngine
import SpideExperiment

extension Score {
  /// Before a staff: its name, size and rates, and which neurons or channels stand in its rows.
  func drawGutter(_ staff: ScoreLayout.Staff, _ layout: ScoreLayout, on canvas: inout Canvas) {
    guard layout.gutter > 0 else { return }
    let glyphs = canvas.glyphs
    let layer = layers[staff.layer]
    let isSelected = staff.layer == selected.layer
    // The arc of the feedback, or one blank, parts it from the axis.
    let width = layout.gutter - (feedback == nil ? 1 : 3)
    let style =
      isFront(staff.layer)
      ? Style(.accent, bold: true, reversed: true)
      : isSelected ? Style(.accent, bold: true) : Style(.normal, bold: true)
    if isSelected { canvas[0, staff.y] = Cell(glyphs.pointer, style) }
    var lines = facts(layer, width: width - 1, rows: staff.height, layout, glyphs)
    var taken = [Int](repeating: 0, count: staff.height)
    var x = canvas.write(layer.name, x: 1, y: staff.y, style: style, maxWidth: width - 1)
    let size = layer.shape.description
    if x + 1 + glyphs.width(size) <= width {
      x = canvas.write(size, x: x + 1, y: staff.y, style: isSelected ? style : Style(.faint))
    }
    taken[0] = x
    // The first fact stands beside the name where there is no other row for it.
    if let first = lines.first, staff.height == 1 {
      if x + 1 + glyphs.width(first) <= width {
        taken[0] = canvas.write(first, x: x + 1, y: staff.y)
      }
      lines = []
    }
    for (row, line) in lines.enumerated() where row + 1 < staff.height {
      taken[row + 1] = canvas.write(
        glyphs.clipped(line, to: width - 2), x: 2, y: staff.y + row + 1,
        style: line.hasPrefix("in:") ? Style(.faint) : .plain)
    }
    drawVoices(staff, layer, right: width, taken, on: &canvas)
    if staff.layer == layout.staffs.first?.layer, layout.hasMoreAbove {
      canvas[0, staff.y] = Cell(glyphs.upArrow, Style(.faint))
    }
    if staff.layer == layout.staffs.last?.layer, layout.hasMoreBelow {
      canvas[0, staff.y + staff.height - 1] = Cell(glyphs.downArrow, Style(.faint))
    }
  }

  /// Rates so far, the link, how many gates differ; as they fit `rows` after the first.
  private func facts(
    _ layer: Layer, width: Int, rows: Int, _ layout: ScoreLayout, _ glyphs: Glyphs
  ) -> [String] {
    let shown = stepsShown
    func rate(_ counted: ScoreMonitor.Layer, _ steps: Int) -> String? {
      let steps = min(steps, counted.steps)
      guard steps > 0 else { return nil }
      let share = Double(counted.sums[steps - 1]) / Double(steps * layer.shape.count)
      return NumberText.rate(share)
    }
    let forward = rate(layer.forward, shown.forward).map { "a \($0)" }
    let backward = rate(layer.backward, shown.backward).map {
      "\(glyphs.positive)\(glyphs.negative) \($0)"
    }
    let rates = [forward, backward].compactMap { $0 }
    var lines: [String] = []
    if rates.count == 2, rows > 1, glyphs.width(rates.joined(separator: " ")) > width - 1 {
      lines = rates
    } else if !rates.isEmpty {
      lines = [rows > 1 ? rates.joined(separator: " ") : rates[0]]
    }
    if layout.links.isEmpty { lines.append("in: \(layer.link)") }
    let flips = layer.gateFlips.reduce(0, +)
    if flips > 0 { lines.append("\(glyphs.differs) \(Words.counted(flips, "gate"))") }
    return lines
  }

  /// At the right edge: the number of the first in a row, of every fifth row, and of the selected one.
  private func drawVoices(
    _ staff: ScoreLayout.Staff, _ layer: Layer, right: Int, _ taken: [Int],
    on canvas: inout Canvas
  ) {
    guard map == nil || staff.layer != selected.layer, layer.voices > 1 else { return }
    for row in 0..<staff.height {
      let y = staff.y + row
      var text = ""
      var style = Style(.faint)
      if staff.rows.hasWhole, row == 0 {
        text = "all"
      } else if let channels = staff.rows.channels(atRow: row), let first = channels.first {
        if staff.layer == selected.layer, channels.contains(selected.voice) {
          style = Style(.accent, bold: true)
          text = "\(selected.voice)\(canvas.glyphs.pointer)"
        } else if row - (staff.rows.hasWhole ? 1 : 0) == 0 || row % 5 == 0
          || staff.rows.order != nil
        {
          text = "\(first)"
        }
      }
      let start = right - canvas.glyphs.width(text)
      if !text.isEmpty, start > taken[row] { canvas.write(text, x: start, y: y, style: style) }
    }
  }

  /// Links between the staffs, and the feedback with its arc up to the first layer.
  func drawLinks(_ layout: ScoreLayout, on canvas: inout Canvas) {
    guard layout.gutter > 0 else { return }
    let glyphs = canvas.glyphs
    for (layer, y) in layout.links {
      canvas.write(
        glyphs.clipped("\(glyphs.downArrow) \(layers[layer].link)", to: layout.gutter - 5), x: 2,
        y: y, style: Style(.faint))
    }
    guard let feedback else { return }
    let style = front == .feedback ? Style(.accent, bold: true, reversed: true) : .plain
    let parts = glyphs.frame(heavy: false)
    let right = layout.gutter - 1
    if let y = layout.feedbackRow {
      let text = glyphs.clipped("\(glyphs.loop) \(feedback)", to: right - 2)
      let place = layout.gutter + layout.axis.backwardStart + 1
      canvas.write(
        glyphs.clipped(feedbackNorm, to: canvas.width - place), x: place, y: y,
        style: Style(.faint))
      let end = canvas.write(text, x: 1, y: y, style: style) + 1
      for x in end..<max(end, right) { canvas[x, y] = Cell(parts.horizontal, style) }
      canvas[right, y] = Cell(parts.bottomRight, style)
    }
    let first = layout.staffs.first { $0.layer == 0 }?.y
    let last = layout.feedbackRow ?? layout.staffEnd
    let top = first.map { $0 + 1 } ?? (layout.hasAxis ? 1 : 0)
    for y in top..<max(top, last) { canvas[right, y] = Cell(parts.vertical, style) }
    if let first {
      canvas[right - 1, first] = Cell(glyphs.leftArrow, style)
      canvas[right, first] = Cell(parts.topRight, style)
    }
  }
}
