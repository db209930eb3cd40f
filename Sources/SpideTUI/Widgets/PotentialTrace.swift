import SpideExperiment

/// The membrane potential of one neuron over time, with its threshold, its reset and its spikes.
///
/// Stages stand side by side, each with its own scale. Spikes are marked along the top, negative ones along the bottom.
public struct PotentialTrace: Widget {
  /// A horizontal line.
  public struct Level: Hashable, Sendable {
    /// Which potential the line stands for.
    public enum Kind: Hashable, Sendable {
      case threshold
      case reset
    }
    /// The potential.
    public var value: Double
    /// Its name, such as `Vth`.
    public var label: String
    /// How it is drawn.
    public var kind: Kind

    /// A line at `value`.
    public init(_ kind: Kind, _ value: Double, label: String) {
      self.kind = kind
      self.value = value
      self.label = label
    }
  }

  /// One stage.
  public struct Segment: Hashable, Sendable {
    /// Its name, such as `forward`.
    public var label: String
    /// Potential after each step done so far, step 1 first.
    public var values: [Double]
    /// Spike of each of these steps: -1, 0 or +1.
    public var spikes: [Int]
    /// Steps of the whole stage.
    public var stepCount: Int
    /// Thresholds and reset.
    public var levels: [Level]
    /// The step at the cursor, if it is in this stage.
    public var cursor: Int?

    /// A stage.
    public init(
      label: String, values: [Double], spikes: [Int], stepCount: Int, levels: [Level],
      cursor: Int? = nil
    ) {
      self.label = label
      self.values = values
      self.spikes = spikes
      self.stepCount = stepCount
      self.levels = levels
      self.cursor = cursor
    }
  }

  /// The stages from left to right.
  public var segments: [Segment]

  /// A trace of these stages.
  public init(segments: [Segment]) { self.segments = segments }

  package func draw(on canvas: inout Canvas) {
    // A stage of a hundred steps is not worth three times the room of one of thirty.
    let weights = segments.map { 20 + min($0.stepCount, 60) }
    var x = 0
    for (segment, width) in zip(segments, SplitLayout.apportion(canvas.width, by: weights)) {
      let isFirst = x == 0
      let gap = isFirst ? 0 : 2
      var own = Canvas(width: width - gap, height: canvas.height, glyphs: canvas.glyphs)
      segment.draw(on: &own)
      canvas.paste(own, x: x + gap, y: 0)
      if !isFirst {
        for y in 0..<canvas.height {
          canvas[x, y] = Cell(canvas.glyphs.vertical, Style(.faint))
        }
      }
      x += width
    }
  }
}

extension PotentialTrace.Segment {
  fileprivate func draw(on canvas: inout Canvas) {
    let glyphs = canvas.glyphs
    guard stepCount > 0, canvas.width > 0, canvas.height > 0 else { return }
    let hasTitle = canvas.height >= 7
    let hasAxis = canvas.height >= 4
    let isTernary = spikes.contains { $0 < 0 } || levels.filter { $0.kind == .threshold }.count > 1
    let top = hasTitle ? 1 : 0
    let hasSpikes = canvas.height >= 3
    let hasNegative = hasSpikes && isTernary && canvas.height >= 5
    let plotTop = top + (hasSpikes ? 1 : 0)
    let plotRows = canvas.height - plotTop - (hasNegative ? 1 : 0) - (hasAxis ? 1 : 0)
    guard plotRows > 0, let scale = Scale(values + levels.map(\.value), padding: 0.04) else {
      return
    }

    let names = levels.map { "\($0.label) \(NumberText.constant(Float($0.value)))" }
    let wanted = (names.map(glyphs.width).max() ?? 0) + 1
    let margin = canvas.width >= wanted + 12 ? wanted : 0
    let columns = canvas.width - margin

    var pen = Pen(Style(.series(0)))
    var grid = DotGrid(columns: columns, rows: plotRows, glyphs: glyphs)
    func dot(_ step: Int) -> Int {
      Int((Double(step) - 0.5) / Double(stepCount) * Double(grid.width))
    }
    func column(_ step: Int) -> Int { dot(step) / grid.dotsAcross }
    let shown = min(values.count, stepCount, cursor.map { max(0, $0) } ?? stepCount)

    if let cursor, cursor >= 1, cursor <= stepCount {
      for y in plotTop..<plotTop + plotRows {
        canvas[margin + column(cursor), y] = Cell(glyphs.vertical, Style(.accent, dim: true))
      }
    }
    for (level, name) in zip(levels, names) {
      guard let place = scale.place(level.value, of: grid.height) else { continue }
      let y = plotTop + (grid.height - 1 - place) / grid.dotsDown
      let isThreshold = level.kind == .threshold
      let style = Style(.threshold, dim: !isThreshold)
      let line = isThreshold ? glyphs.thresholdLine : glyphs.resetLine
      for x in margin..<canvas.width { canvas[x, y] = Cell(line, style) }
      if margin > 0 { canvas.write(name, endingAt: margin - 1, y: y, style: style) }
    }
    // The line begins at rest, before the first step.
    var last: (x: Int, y: Int)?
    if let rest = scale.place(0, of: grid.height) { last = (0, grid.height - 1 - rest) }
    for step in 1..<shown + 1 {
      guard let place = scale.place(values[step - 1], of: grid.height) else {
        last = nil
        continue
      }
      let next = (x: dot(step), y: grid.height - 1 - place)
      grid.line(from: last ?? next, to: next, pen: &pen)
      last = next
    }
    grid.draw(on: &canvas, x: margin, y: plotTop)

    for step in 1..<shown + 1 where hasSpikes && step <= spikes.count && spikes[step - 1] != 0 {
      let isBold = step == cursor
      let x = margin + column(step)
      if spikes[step - 1] < 0 {
        canvas[x, hasNegative ? plotTop + plotRows : top] = Cell(
          glyphs.negative, Style(.negative, bold: isBold))
      } else {
        canvas[x, top] =
          isTernary
          ? Cell(glyphs.positive, Style(.positive, bold: isBold))
          : Cell(glyphs.spike, Style(.spike, bold: isBold))
      }
    }
    if hasTitle {
      canvas.write(
        glyphs.clipped(label, to: columns), x: margin, y: 0, style: Style(.normal, bold: true))
    }
    if hasAxis {
      canvas.drawSteps(
        stepCount, x: margin, y: canvas.height - 1, columns: columns, cursor: cursor,
        column: column)
    }
  }
}
