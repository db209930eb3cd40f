import SpideEngine
import SpideExperiment

/// The spikes before and after a synapse on the one time axis of a score, and below each other the means that they come to.
package struct SynapseTrains: Widget {
  /// One end of the synapse.
  package struct Train: Sendable {
    /// The neuron.
    package var name: String
    /// By step; nil where there are none, as of an input.
    package var spikes: [Int]?
    /// The mean up to each step.
    package var means: [Double]
    /// What they come to in the end, in words.
    package var value: String

    /// A train.
    package init(name: String, spikes: [Int]?, means: [Double], value: String) {
      (self.name, self.spikes, self.means, self.value) = (name, spikes, means, value)
    }
  }

  /// Forward spikes before the synapse, backward ones after it.
  package var source, target: Train
  /// Steps of the stages.
  package var forwardSteps, backwardSteps: Int

  /// A picture of two trains.
  package init(source: Train, target: Train, forwardSteps: Int, backwardSteps: Int) {
    (self.source, self.target) = (source, target)
    (self.forwardSteps, self.backwardSteps) = (forwardSteps, backwardSteps)
  }

  package func draw(on canvas: inout Canvas) {
    let glyphs = canvas.glyphs
    guard canvas.width >= 12, canvas.height >= 1 else { return }
    let names = ["\(source.name) F", "\(target.name) B"]
    let gutter = min((names.map { glyphs.width($0) }.max() ?? 0) + 1, canvas.width / 3)
    let axis = ScoreAxis(
      forwardSteps: forwardSteps, backwardSteps: backwardSteps, columns: canvas.width - gutter)
    let backward = gutter + axis.backwardStart
    let hasSteps = canvas.height >= 3
    let last = canvas.height - (hasSteps ? 1 : 0)
    // Spikes at the top and, where there is room, at the bottom; the means between them.
    let rows = last >= 2 ? [0, 1] : [0, 0]
    for (row, name) in names.enumerated() where row < last {
      canvas.write(
        glyphs.clipped(name, to: gutter - 1), x: 0, y: rows[row], style: Style(.accent, bold: true),
        maxWidth: gutter - 1)
    }
    for y in 0..<last {
      canvas[gutter + axis.readout, y] = Cell(glyphs.vertical, Style(.faint))
    }
    draw(source, axis.forward, x: gutter, y: rows[0], isTernary: false, on: &canvas)
    draw(target, axis.backward, x: backward, y: rows[1], isTernary: true, on: &canvas)
    // What a train comes to stands where the other stage has nothing of it.
    if last >= 2 {
      write(source, x: backward + 1, width: canvas.width - backward - 1, y: 0, on: &canvas)
      write(target, x: gutter, width: axis.forward.width - 1, y: 1, on: &canvas)
    }
    let plot = Rect(x: gutter, y: 3, width: axis.width, height: last - 3)
    if plot.height >= 2 {
      writeRange("a(t)", source, x: gutter, width: axis.forward.width, y: 2, on: &canvas)
      writeRange("β(t)", target, x: backward, width: axis.backward.width, y: 2, on: &canvas)
      drawMeans(source, axis.forward, x: gutter, plot, style: Style(.spike), on: &canvas)
      drawMeans(target, axis.backward, x: backward, plot, style: Style(.series(0)), on: &canvas)
    }
    guard hasSteps else { return }
    canvas.drawSteps(
      forwardSteps, x: gutter, y: last, columns: axis.forward.width, cursor: nil
    ) { axis.forward.column($0) }
    canvas.write(
      "R", x: gutter + axis.readout, y: last, style: Style(.faint))
    canvas.drawSteps(
      backwardSteps, x: backward, y: last, columns: axis.backward.width, cursor: nil
    ) { axis.backward.column($0) }
  }

  private func write(_ train: Train, x: Int, width: Int, y: Int, on canvas: inout Canvas) {
    guard width > 0 else { return }
    var text = train.value
    if let spikes = train.spikes {
      let count = spikes.count { $0 != 0 }
      text += ": \(count) of \(spikes.count) steps spike"
    } else if !text.isEmpty {
      text += ": a real number"
    }
    let short = canvas.glyphs.width(text) <= width ? text : train.value
    canvas.write(
      canvas.glyphs.clipped(short, to: width), x: x, y: y, style: Style(.faint), maxWidth: width)
  }

  /// The spikes of a stage, a column for some steps: the sign of their sum.
  private func draw(
    _ train: Train, _ scale: ScoreAxis.Scale, x: Int, y: Int, isTernary: Bool,
    on canvas: inout Canvas
  ) {
    guard let spikes = train.spikes else { return }
    var sums = [Int](repeating: 0, count: scale.width)
    var any = sums
    for (index, spike) in spikes.enumerated() {
      let column = scale.column(index + 1)
      guard sums.indices.contains(column) else { continue }
      sums[column] += spike
      any[column] += abs(spike)
    }
    for step in 1...max(1, spikes.count) {
      let column = scale.column(step)
      guard sums.indices.contains(column) else { continue }
      let cell: Cell
      switch sums[column] {
      case 1...:
        cell =
          isTernary
          ? Cell(canvas.glyphs.positive, Style(.positive))
          : Cell(canvas.glyphs.spike, Style(.spike))
      case ..<0: cell = Cell(canvas.glyphs.negative, Style(.negative))
      default:
        cell =
          any[column] > 0
          ? Cell(canvas.glyphs.mixedLevels[0], Style(.faint))
          : Cell(canvas.glyphs.dot, Style(.faint))
      }
      canvas[x + column, y] = cell
    }
  }

  /// Between which numbers a plot of means lies.
  private func writeRange(
    _ name: String, _ train: Train, x: Int, width: Int, y: Int, on canvas: inout Canvas
  ) {
    guard let least = train.means.min(), let most = train.means.max() else { return }
    let range =
      "\(NumberText.short(min(0, least))) … \(NumberText.short(max(0, most)))"
    canvas.write(
      canvas.glyphs.clipped("\(name) \(range)", to: width), x: x, y: y, style: Style(.faint),
      maxWidth: width)
  }

  /// The mean up to each step, from 0 or its least to 0 or its largest.
  private func drawMeans(
    _ train: Train, _ scale: ScoreAxis.Scale, x: Int, _ plot: Rect, style: Style,
    on canvas: inout Canvas
  ) {
    guard let least = train.means.min(), let most = train.means.max(), scale.width > 0 else {
      return
    }
    let (low, high) = (min(0, least), max(0, most))
    guard high > low else { return }
    var grid = DotGrid(columns: scale.width, rows: plot.height, glyphs: canvas.glyphs)
    var pen = Pen(style)
    var before: (x: Int, y: Int)?
    for (index, mean) in train.means.enumerated() {
      let place = (
        x: scale.dot(index + 1, across: grid.dotsAcross),
        y: Int(((high - mean) / (high - low) * Double(grid.height - 1)).rounded())
      )
      grid.line(from: before ?? place, to: place, pen: &pen)
      before = place
    }
    grid.draw(on: &canvas, x: x, y: plot.y)
  }
}
