import SpideEngine

extension Model {
  private var variants: [ResetVariant] { resetComparison?.variants ?? [] }

  /// `−Vth (SPIDE)`, `−Vth/2`, `0`.
  private func name(_ variant: ResetVariant) -> String {
    switch variant.resetShare {
    case 1: return "−Vth"
    case 0: return "0"
    default: return "−Vth/2"
    }
  }

  private func plot(
    _ curve: (ResetVariant) -> [Float], done: Int, unsettled: String, hint: String
  ) -> CurvePlot {
    let isSettled = variants.allSatisfy { !curve($0).isEmpty }
    let empty =
      variants.isEmpty
      ? "computing …" : isSettled ? hint : "\(unsettled): the iteration does not converge"
    return CurvePlot(
      series: variants.map { variant in
        CurvePlot.Series(
          "reset \(name(variant))",
          curve(variant).prefix(done).enumerated().map { .init(Double($0 + 1), Double($1)) })
      }, xLabel: "step", isLogarithmic: true, emptyText: empty)
  }

  /// `|a(t) - a*|` of the variants up to the cursor.
  var rateErrorPlot: CurvePlot {
    plot(
      \.rateError, done: stepsShown.forward, unsettled: "no equilibrium",
      hint: "step forward to see it: s")
  }

  /// The relative error of `β(t)`.
  var betaErrorPlot: CurvePlot {
    plot(
      \.betaError, done: stepsShown.backward, unsettled: "no exact β",
      hint: "the backward stage shows it: n")
  }

  /// Potentials left at the cursor, in units of `V`.
  var leftoverHistogram: Histogram {
    let shown = stepsShown
    let isBackward = shown.backward > 0
    func at(_ steps: [[Int]], _ step: Int) -> [Int] {
      step >= 1 && step <= steps.count
        ? steps[step - 1] : [Int](repeating: 0, count: ResetVariant.binEdges.count - 1)
    }
    return Histogram(
      series: variants.map { variant in
        Histogram.Series(
          "reset \(name(variant))",
          counts: isBackward
            ? at(variant.backwardLeftover, shown.backward) : at(variant.leftover, shown.forward))
      },
      edges: ResetVariant.binEdges.map(Double.init), marks: [Histogram.Mark(0, label: "0")])
  }

  /// Bias and mean error of the variants at the cursor: one column each, so that it fits a narrow panel.
  var resetTable: Table {
    let shown = stepsShown
    func row(_ label: String, _ value: (ResetVariant) -> String) -> [String] {
      [label] + variants.map(value)
    }
    func at(_ values: [Float], _ step: Int) -> String {
      step >= 1 && step <= values.count
        ? NumberText.fixed(Double(values[step - 1]), decimals: 4) : "–"
    }
    return Table(
      columns: [.init("reset")] + variants.map { .init(name($0), alignsRight: true) },
      rows: [
        row("rate bias") { at($0.rateBias, shown.forward) },
        row("rate error") { at($0.rateError, shown.forward) },
        row("β bias") { at($0.betaBias, shown.backward) },
        row("β error") { at($0.betaError, shown.backward) },
        row("class") { variant in
          guard session.readout != nil, let readout = variant.readout else { return "–" }
          return source.classNames[readout.prediction]
        },
        row("Vth") { Words.constant($0.dynamics.forward.threshold) },
        row("V") { Words.constant($0.dynamics.forward.spikeDrop) },
      ])
  }
}
