/// What colours and marks mean, in a frame in the middle of the screen. Each has one meaning on every screen.
package struct LegendView: Widget {
  /// Which page of the help this is.
  package var page: String

  /// A legend.
  package init(page: String) { self.page = page }

  /// Marks in the style that they explain, and their meaning.
  private struct Entry {
    let marks: [Cell]
    let text: String

    init(_ marks: String, _ style: Style, _ text: String) {
      self.marks = marks.map { Cell($0, style) }
      self.text = text
    }

    init(_ marks: [Cell], _ text: String) {
      self.marks = marks
      self.text = text
    }
  }

  private static let markColumns = 8

  private func entries(_ glyphs: Glyphs) -> [Entry] {
    let dot = glyphs == .braille ? "⠕" : "\(glyphs.spike)"
    let positive = String(glyphs.positiveLevels)
    let negative = String(glyphs.negativeLevels)
    let heat = { (marks: [Character], tone: Tone) in marks.map { Cell($0, Style(tone)) } }
    return [
      Entry(
        "\(dot) \(glyphs.spike) " + String(glyphs.densityLevels), Style(.spike),
        "forward spikes; shades: few to many, beside the busiest cell"),
      Entry(
        positive, Style(.positive), "backward spikes, +; larger and brighter where there are more"),
      Entry(negative, Style(.negative), "backward spikes, −; a cell shows the net sign"),
      Entry("\(glyphs.mixedLevels[0])", Style(.faint), "as many + as −"),
      Entry(
        [
          Cell(glyphs.spike, Style(.spike, underlined: true)),
          Cell(glyphs.positive, Style(.positive, underlined: true)), .blank,
          Cell(glyphs.missing, Style(.faint)),
        ], "underlined: its twin spikes differently; \(glyphs.missing) the twin alone spikes"),
      Entry(
        "\(glyphs.thresholdLine)\(glyphs.thresholdLine) \(glyphs.resetLine)\(glyphs.resetLine)",
        Style(.threshold), "thresholds; dotted: reset potentials"),
      Entry(
        "\(glyphs.differs)", Style(.exact, bold: true),
        "exact values a*, β*; a gate that differs from the one at equilibrium"),
      Entry(
        "\(glyphs.pointer) \(glyphs.vertical)", Style(.accent, bold: true),
        "what is selected; the cursor in time; the layer being stepped"),
      Entry(
        (0..<4).map { Cell(glyphs.seriesMark($0), Style(.series($0))) },
        "layers, resets, runs: each curve its own, no other meaning"),
      Entry(
        heat(glyphs.positiveHeat, .heat(127)) + heat(glyphs.negativeHeat, .heat(-127)),
        "maps: positive and negative values, weak to strong"),
      Entry("\(glyphs.check)", Style(.good, bold: true), "the right class; what goes on"),
      Entry("abc", Style(.warning), "look here: paused, silent, not a number"),
      Entry("abc", Style(.bad, bold: true), "errors"),
    ]
  }

  /// The part of a screen that it covers.
  package func overlay(on canvas: Canvas) -> Rect {
    let entries = entries(canvas.glyphs)
    let words = entries.map { canvas.glyphs.width($0.text) }.max() ?? 0
    let width = min(canvas.width, words + Self.markColumns + 5)
    let height = min(canvas.height, rows(width: width, canvas.glyphs).count + 2)
    return Rect(
      x: (canvas.width - width) / 2, y: (canvas.height - height) / 2, width: width, height: height)
  }

  /// Lines of all entries, the marks beside the first of each.
  private func rows(width: Int, _ glyphs: Glyphs) -> [(marks: [Cell], text: String)] {
    entries(glyphs).flatMap { entry in
      glyphs.wrapped(entry.text, to: max(1, width - Self.markColumns - 5)).enumerated().map {
        ($0.offset == 0 ? entry.marks : [], $0.element)
      }
    }
  }

  package func draw(on canvas: inout Canvas) {
    let rect = overlay(on: canvas)
    canvas.fill(rect, .blank)
    let inside = canvas.frame(rect, title: "Colours and marks", rightTitle: page, isSelected: true)
    let left = inside.x + (inside == rect ? 0 : 1)
    for (row, (marks, text)) in rows(width: rect.width, canvas.glyphs).prefix(inside.height)
      .enumerated()
    {
      for (place, mark) in marks.prefix(inside.width).enumerated() {
        canvas[left + place, inside.y + row] = mark
      }
      let x = left + Self.markColumns + 1
      canvas.write(
        canvas.glyphs.clipped(text, to: inside.right - x), x: x, y: inside.y + row)
    }
  }
}
