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

  func rightTitle(_ model: Model) -> String { "b basis  m mean" }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { model.resetKind }

  func switchView(_ model: Model) -> Action? { .toggleResetMean }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let header = rect.height >= 4 ? 2 : 1
    var rows = rows(model)
    // What matters least goes first where there is no room.
    while rows.count > max(0, rect.height - header),
      let least = rows.indices.max(by: { rows[$0].rank < rows[$1].rank })
    {
      rows.remove(at: least)
    }
    let table = Table(
      columns: [.init("reset")] + model.resetVariants.map { .init($0.name, alignsRight: true) },
      rows: rows.map { [$0.label] + $0.values })
    canvas.draw(table, in: rect)
    let top = rect.y + header + rows.count + 1
    let lines = canvas.glyphs.wrapped(cause(model), to: rect.width)
    for (row, line) in lines.enumerated() where top + lines.count <= rect.bottom {
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

  private func rows(_ model: Model) -> [Row] {
    let variants = model.resetVariants
    let (forward, backward) = model.stepsShown
    func row(_ label: String, rank: Int, _ value: (ResetVariant) -> String) -> Row {
      Row(label: label, values: variants.map(value), rank: rank)
    }
    func at(_ values: [Float], _ step: Int) -> String {
      step >= 1 && step <= values.count
        ? NumberText.fixed(Double(values[step - 1]), decimals: 4) : "–"
    }
    return [
      row("mean u/V", rank: 2) { at($0.residualMean, forward) },
      row("→ bias −u/(V·T)", rank: 0) { at($0.residualBias, forward) },
      row("rate bias", rank: 1) { at($0.rateBias, forward) },
      row("rate error", rank: 3) { at($0.rateError, forward) },
      row("mean u/V_b", rank: 6) { at($0.backwardResidualMean, backward) },
      row("→ β bias −u/T", rank: 7) { at($0.backwardResidualBias, backward) },
      row("β bias / mean |β|", rank: 5) { at($0.betaBias, backward) },
      row("β error", rank: 4) { at($0.betaError, backward) },
      row(variants.first?.samples ?? 1 > 1 ? "right" : "class", rank: 8) { variant in
        guard model.session.readout != nil else { return "–" }
        if variant.samples > 1 { return "\(variant.right)/\(variant.samples)" }
        guard let readout = variant.readout else { return "–" }
        return model.source.classNames[readout.prediction]
      },
      row("Vth", rank: 10) { Words.constant($0.dynamics.forward.threshold) },
      row("V", rank: 9) { Words.constant($0.dynamics.forward.resetAmount) },
    ]
  }

  /// Why the errors are what they are.
  private func cause(_ model: Model) -> String {
    let step = model.stepsShown.forward
    var parts: [String] = []
    for variant in model.resetVariants where step >= 1 && step <= variant.residualMean.count {
      let neuron = variant.dynamics.forward
      let (low, high) = (
        neuron.resetPotential / neuron.resetAmount, neuron.threshold / neuron.resetAmount
      )
      let bias = variant.residualBias[step - 1]
      let how = bias < 0 ? "too low" : "too high"
      parts.append(
        "\(variant.name): u stays within \(Words.constant(low)) … \(Words.constant(high)) V, "
          + "on average \(NumberText.fixed(Double(variant.residualMean[step - 1]), decimals: 3)) V, "
          + "so rates are \(NumberText.fixed(Double(abs(bias)), decimals: 4)) \(how).")
    }
    if model.basis == .sameThreshold {
      parts.append(
        "V differs from reset to reset, and with it the equilibrium that each is measured against, its gates and its β: "
          + "errors of different V do not rank the resets, and the middle one may have the smaller β error. "
          + "b compares at one V.")
    }
    return parts.joined(separator: "\n")
  }
}
