import SpideEngine

extension Score {
  /// Marks the cells in which another run of the sample spikes differently: underlined where this one has spikes there, else
  /// with a mark for spikes that the other has alone.
  func mark(
    _ lines: [Line], _ layer: SpikeDifferences.Layer, _ scale: ScoreAxis.Scale, x: Int,
    shown: Int, on canvas: inout Canvas
  ) {
    let steps = min(shown, layer.steps)
    guard steps > 0 else { return }
    let glyphs = canvas.glyphs
    for first in stride(from: 1, through: steps, by: scale.stepsPerColumn) {
      let last = min(steps, first + scale.stepsPerColumn - 1)
      // Most steps of trained networks are alike.
      guard (first...last).contains(where: { layer.total($0) > 0 }) else { continue }
      let column = x + scale.column(first)
      for line in lines where line.differs(in: layer, steps: first...last) {
        var hasSpikes = false
        for place in column..<column + scale.columnsPerStep {
          let character = canvas[place, line.y].character
          guard character != " ", character != glyphs.vertical else { continue }
          canvas[place, line.y].style.isUnderlined = true
          hasSpikes = true
        }
        if !hasSpikes { canvas[column, line.y] = Cell(glyphs.missing, Style(.faint)) }
      }
    }
  }
}

extension Score.Line {
  /// Whether any of its channels has a neuron that differs at one of some steps.
  fileprivate func differs(in layer: SpikeDifferences.Layer, steps: ClosedRange<Int>) -> Bool {
    if isWhole { return steps.contains { layer.total($0) > 0 } }
    guard let channels else { return false }
    return steps.contains { step in
      let row = (step - 1) * layer.channels
      return channels.contains { layer.counts[row + $0] > 0 }
    }
  }
}
