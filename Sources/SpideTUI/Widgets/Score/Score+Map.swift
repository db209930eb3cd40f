import SpideEngine

extension Score {
  /// The selected channel's map at the cursor: firing rates at the left, β at the right, the spikes of this step on top.
  func draw(
    _ map: Map, _ layer: Layer, _ staff: ScoreLayout.Staff, _ layout: ScoreLayout,
    on canvas: inout Canvas
  ) {
    let shape = layer.shape
    let areas = [
      Rect(x: layout.gutter, y: staff.y, width: layout.axis.forward.width, height: staff.height),
      Rect(
        x: layout.gutter + layout.axis.backwardStart, y: staff.y,
        width: layout.axis.backward.width, height: staff.height),
    ]
    var rates = HeatMap(columns: shape.width, rows: shape.height, values: map.rates)
    rates.marks = map.forwardSpikes
    rates.unsignedTone = .spike
    rates.hasLegend = false
    canvas.draw(rates, in: areas[0])
    guard !map.beta.isEmpty else { return }
    var beta = HeatMap(columns: shape.width, rows: shape.height, values: map.beta)
    beta.marks = map.backwardSpikes
    canvas.draw(beta, in: areas[1])
  }
}
