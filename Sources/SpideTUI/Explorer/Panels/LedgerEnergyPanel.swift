import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The energy of a sample's synaptic operations beside dense programs, and what is not in it.
struct LedgerEnergyPanel: Panel {
  let id: PanelID = "ledger-energy"
  let heading = "Energy"
  let summary = "Energy of the operations a sample by stage, beside dense ones; neuron updates."

  func titles(_ model: Model) -> [String] { ["Energy a sample", heading] }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { model.costComparison }

  func arrow(_ model: Model, down rows: Int) -> Action { .nextLedgerSubject(rows) }
  func switchView(_ model: Model) -> Action? { .nextLedgerSubject(1) }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let ledger = model.cost?.ledger else { return canvas.hint(model.costHint, in: rect) }
    let bars = bars(ledger.energy(model.energyConstants), hasTimes: rect.width >= 32)
    let notes = notes(ledger, model.energyConstants).flatMap {
      canvas.glyphs.wrapped($0, to: rect.width)
    }
    let top = bars.items.count * bars.spacing(height: rect.height - notes.count - 1)
    canvas.draw(
      bars, in: Rect(x: rect.x, y: rect.y, width: rect.width, height: min(rect.height, top)))
    let gap = rect.height > top + notes.count ? 1 : 0
    for (row, note) in notes.enumerated() where top + gap + row < rect.height {
      canvas.write(
        canvas.glyphs.clipped(note, to: rect.width), x: rect.x, y: rect.y + top + gap + row,
        style: Style(.faint), maxWidth: rect.width)
    }
  }

  private func bars(_ energy: LedgerEnergy, hasTimes: Bool) -> BarList {
    let named = [
      ("forward", energy.forward), ("backward", energy.backward), ("gradient", energy.gradient),
      ("all", energy.total), ("dense", energy.dense), ("ordinary", energy.ordinaryNetwork),
    ]
    let most = max(named.reduce(0) { max($0, $1.1) }, .leastNormalMagnitude)
    return BarList(
      items: named.map { name, value in
        // How many times as much as this program others would take.
        let times =
          hasTimes && ["dense", "ordinary"].contains(name) && energy.total > 0
          ? "  \(NumberText.fixed(value / energy.total, decimals: 1))×" : ""
        return BarList.Item(
          name, value: value / most, text: Words.microjoules(value) + times,
          isHighlighted: name == "all")
      })
  }

  private func notes(_ ledger: Ledger, _ constants: EnergyConstants) -> [String] {
    let (forward, backward) = (ledger.forwardUpdates, ledger.backwardUpdates)
    return [
      "Memory traffic and neuron updates are not in it.",
      "neuron updates: \(NumberText.amount(forward)) forward, \(NumberText.amount(backward)) backward",
      Words.energy(constants) + " (:energy)",
    ]
  }
}
