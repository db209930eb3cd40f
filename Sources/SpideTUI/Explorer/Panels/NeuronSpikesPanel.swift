import SpideConfiguration
import SpideExperiment

/// The selected neuron's spikes, each stage in a row with its total.
struct NeuronSpikesPanel: Panel {
  let id: PanelID = "neuron-spikes"
  let heading = "Spikes"
  let summary = "Spikes of the selected neuron over both stages."

  func titles(_ model: Model) -> [String] {
    let unit = Words.unit(model.watched, model.plan)
    return ["Spikes  \(unit)", unit]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let history = model.session.history
    let shown = model.stepsShown
    let rows: [(label: String, spikes: ArraySlice<Int>, steps: Int)] = [
      (
        "forward ", history.forwardSpikes.prefix(shown.forward), model.session.dynamics.forwardSteps
      ),
      (
        "backward", history.backwardSpikes.prefix(shown.backward),
        model.session.dynamics.backwardSteps
      ),
    ]
    for (row, (label, spikes, steps)) in rows.enumerated() where row < rect.height {
      let y = rect.y + row * (rect.height >= 5 ? 2 : 1)
      guard y < rect.bottom else { break }
      let start =
        canvas.write(label, x: rect.x, y: y, style: Style(.faint), maxWidth: rect.width) + 1
      let width = rect.right - start - 5
      guard width > 0, steps > 0 else { continue }
      let perColumn = (steps + width - 1) / width
      for column in 0..<(steps + perColumn - 1) / perColumn {
        let part = spikes.dropFirst(column * perColumn).prefix(perColumn)
        canvas[start + column, y] = mark(part, isTernary: row == 1, model.glyphs)
      }
      let total = spikes.reduce(0) { $0 + abs($1) }
      canvas.write("\(total)", x: rect.right - 4, y: y, maxWidth: 4)
    }
  }

  /// The cell of a few steps: the sign of their sum.
  private func mark(_ spikes: ArraySlice<Int>, isTernary: Bool, _ glyphs: Glyphs) -> Cell {
    switch spikes.reduce(0, +) {
    case 1...:
      return isTernary
        ? Cell(glyphs.positive, Style(.positive)) : Cell(glyphs.spike, Style(.spike))
    case ..<0: return Cell(glyphs.negative, Style(.negative))
    default: return spikes.isEmpty ? .blank : Cell(glyphs.dot, Style(.faint))
    }
  }
}
