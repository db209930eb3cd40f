import SpideEngine
import SpideExperiment

extension Model {
  private var variants: [ResetVariant] { resetComparison?.variants ?? [] }

  /// `−Vth`, `−Vth/2`, `0`.
  private func name(_ variant: ResetVariant) -> String { Words.reset(variant.dynamics.forward) }

  private func plot(
    _ curve: (ResetVariant) -> [Float], done: Int, unsettled: String, hint: String
  ) -> CurvePlot {
    let hasNone = !variants.isEmpty && variants.allSatisfy { curve($0).isEmpty }
    return CurvePlot(
      series: variants.map { variant in
        let isUnsettled = curve(variant).isEmpty && !hasNone
        return CurvePlot.Series(
          name(variant) + (isUnsettled ? ": does not settle" : ":"),
          curve(variant).prefix(done).enumerated().map { .init(Double($0 + 1), Double($1)) })
      }, xLabel: "step", yLabel: "reset", isLogarithmic: true,
      emptyText: variants.isEmpty ? "computing …" : hasNone ? unsettled : hint)
  }

  /// `|a(t) - a*|` of the variants up to the cursor.
  var rateErrorPlot: CurvePlot {
    plot(
      \.rateError, done: stepsShown.forward,
      unsettled: variesInTime
        ? "an input that varies in time has no equilibrium"
        : "no equilibrium: the iteration does not converge",
      hint: "step forward to see it: s")
  }

  /// The relative error of `β(t)`.
  var betaErrorPlot: CurvePlot {
    plot(
      \.betaError, done: stepsShown.backward,
      unsettled: "no exact β: the iteration does not converge",
      hint: "the backward stage shows it: n")
  }

  /// Potentials left at the cursor, of the forward stage in units of `V` and of the backward stage in units of `V_b`.
  var residualHistogram: Histogram {
    func group(
      _ name: String, _ steps: (ResetVariant) -> [[Int]], _ step: Int, _ hint: String
    ) -> Histogram.Group {
      Histogram.Group(
        name,
        series: variants.map { variant in
          let steps = steps(variant)
          return Histogram.Series(
            self.name(variant), counts: steps.indices.contains(step - 1) ? steps[step - 1] : [])
        }, emptyText: step > 0 ? "no neuron counts here" : hint)
    }
    return Histogram(
      groups: [
        group("forward u/V", \.leftover, stepsShown.forward, "step forward: s"),
        group(
          "backward u/V_b", \.backwardLeftover, stepsShown.backward, "the backward stage: n"),
      ],
      edges: ResetVariant.binEdges.map(Double.init), marks: [Histogram.Mark(0)], unit: "neurons")
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
