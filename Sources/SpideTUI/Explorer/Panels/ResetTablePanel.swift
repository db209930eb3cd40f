import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The reset modes at the cursor, a column each: the residual potentials, the bias that follows from them, and what was
/// measured; beneath, the cause in words.
struct ResetTablePanel: Panel {
  let id: PanelID = "reset-table"
  let heading = "Reset modes"
  let summary =
    "Residual potential, the bias it leaves, and errors of each reset mode, side by side."

  func titles(_ model: Model) -> [String] {
    let basis = model.basis == .sameResetAmount ? "same V" : "same threshold"
    return [
      "Three resets, \(basis), \(model.resetSamples)", "\(basis), \(model.resetSamples)", basis,
    ]
  }

  func rightTitles(_ model: Model) -> [String] { ["b basis  m mean"] }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { model.resetKind }

  func switchView(_ model: Model) -> Action? { .toggleResetMean }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let header = rect.height >= 4 ? 2 : 1
    let isWide = rect.width >= 50
    var rows = rows(model, isWide: isWide)
    let room = max(0, rect.height - header)
    // Numbers that matter least give way to the cause in words; four of them stay.
    let causes = causes(model, isWide: isWide)
    let choices = [causes.variants + causes.basis, causes.basis].map { lines in
      lines.flatMap { canvas.glyphs.wrapped($0, to: rect.width) }
    }
    let words = choices.first { $0.count + 5 <= room } ?? []
    let spared = words.isEmpty ? room : room - words.count - 1
    while rows.count > spared, let least = rows.indices.max(by: { rows[$0].rank < rows[$1].rank }) {
      rows.remove(at: least)
    }
    let table = Table(
      columns: [.init("reset")] + model.resetVariants.map { .init($0.name, alignsRight: true) },
      rows: rows.map { [$0.label] + $0.values })
    canvas.draw(table, in: rect)
    let top = rect.y + header + rows.count + 1
    for (row, line) in words.enumerated() {
      canvas.write(line, x: rect.x, y: top + row, style: Style(.faint))
    }
  }

  /// A number of each variant.
  private struct Row {
    let label: String
    let values: [String]
    /// How soon it goes where there is no room: the highest first.
    let rank: Int
  }

  private func rows(_ model: Model, isWide: Bool) -> [Row] {
    let variants = model.resetVariants
    let (forward, backward) = model.stepsShown
    func row(
      _ name: String, _ short: String, rank: Int, _ value: (ResetVariant) -> String
    ) -> Row {
      Row(label: isWide ? name : short, values: variants.map(value), rank: rank)
    }
    func at(_ values: [Float], _ step: Int) -> String {
      step >= 1 && step <= values.count
        ? NumberText.fixed(Double(values[step - 1]), decimals: 4) : "–"
    }
    let isMean = (variants.first?.samples ?? 1) > 1
    return [
      row("mean u/V, 0 < a < 1", "mean u/V", rank: 2) { at($0.residualMean, forward) },
      row("→ bias −u/(V T)", "→ a bias", rank: 0) { at($0.residualBias, forward) },
      row("rate bias, all", "a bias all", rank: 1) { at($0.rateBias, forward) },
      row("rate error, all", "a error", rank: 4) { at($0.rateError, forward) },
      row("mean u/V_b, fired", "mean u/V_b", rank: 6) { at($0.backwardResidualMean, backward) },
      row("→ β bias −u/T", "→ β bias", rank: 7) { at($0.backwardResidualBias, backward) },
      row("β bias / mean |β|", "β bias rel", rank: 5) { at($0.betaBias, backward) },
      row("β error", "β error", rank: 3) { at($0.betaError, backward) },
      row(isMean ? "classified rightly" : "class", isMean ? "right" : "class", rank: 8) { variant in
        guard model.session.readout != nil else { return "–" }
        if isMean { return "\(variant.right)/\(variant.samples)" }
        guard let readout = variant.readout else { return "–" }
        return model.source.classNames[readout.prediction]
      },
      row("Vth", "Vth", rank: 10) { Words.constant($0.dynamics.forward.threshold) },
      row("V", "V", rank: 9) { Words.constant($0.dynamics.forward.resetAmount) },
    ]
  }

  /// Why the errors are what they are: a line for each variant, and what the basis does.
  private func causes(
    _ model: Model, isWide: Bool
  ) -> (variants: [String], basis: [String]) {
    let step = model.stepsShown.forward
    var lines: [String] = []
    for variant in model.resetVariants where step >= 1 && step <= variant.residualMean.count {
      let neuron = variant.dynamics.forward
      let share = { (potential: Float) in
        NumberText.fixed(Double(potential / neuron.resetAmount), decimals: 2)
      }
      let bias = variant.residualBias[step - 1]
      let size = NumberText.fixed(Double(abs(bias)), decimals: 4)
      let mean = NumberText.fixed(Double(variant.residualMean[step - 1]), decimals: 3)
      let range = "u \(share(neuron.resetPotential)) … \(share(neuron.threshold)) V, "
      lines.append(
        "\(variant.name): \(isWide ? range : "")mean \(mean) V: a \(size) \(bias < 0 ? "low" : "high")"
      )
    }
    guard model.basis == .sameThreshold, !model.resetVariants.isEmpty else { return (lines, []) }
    let basis =
      isWide
      ? "V differs, so each reset has an equilibrium of its own, with other gates and another β: their errors "
        + "do not rank the resets, and the middle one may have the smaller β error. b compares at one V."
      : "V differs, so the equilibria do: errors do not rank resets, the middle may err less"
    return (lines, [basis])
  }
}
