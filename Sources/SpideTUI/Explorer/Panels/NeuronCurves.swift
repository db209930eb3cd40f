import SpideEngine

extension Model {
  /// `a*` of the selected neuron; nil where there is none.
  var equilibriumRate: Float? { exactSolutions.equilibrium?.values?[watched.layer][watched.unit] }

  /// The exact `β` of the selected neuron; nil where there is none.
  var exactBeta: Float? { exactSolutions.implicit?.values?[watched.layer][watched.unit] }
}

extension CurvePlot {
  /// A number of the neuron step by step, against a level that it approaches within `steps`.
  static func approach(
    _ name: String, _ values: ArraySlice<Float>, to level: (name: String, value: Float?),
    steps: Int, emptyText: String? = nil
  ) -> CurvePlot {
    let points = values.enumerated().map { Point(Double($0 + 1), Double($1)) }
    let line = level.value.map { value in
      Series(
        level.name, [.init(1, Double(value)), .init(Double(steps), Double(value))],
        tone: .exact)
    }
    let series = [Series(name, points, tone: .series(0))] + (line.map { [$0] } ?? [])
    guard let emptyText else { return CurvePlot(series: series, xLabel: "step") }
    return CurvePlot(series: series, xLabel: "step", emptyText: emptyText)
  }
}
