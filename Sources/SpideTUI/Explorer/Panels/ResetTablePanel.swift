import SpideConfiguration
import SpideEngine
import SpideExperiment

/// Bias and mean error of the reset modes at the cursor: one column each, so that it fits a narrow panel.
struct ResetTablePanel: Panel {
  let id: PanelID = "reset-table"
  let heading = "Reset modes"
  let summary =
    "Bias and error of rates and β, class and constants of each reset mode, side by side."

  func titles(_ model: Model) -> [String] {
    ["Three resets, \(model.basis == .sameResetAmount ? "same V" : "same threshold")"]
  }

  func rightTitle(_ model: Model) -> String { "b changes" }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { .resets(model.basis) }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let variants = model.resetVariants
    let shown = model.stepsShown
    func row(_ label: String, _ value: (ResetVariant) -> String) -> [String] {
      [label] + variants.map(value)
    }
    func at(_ values: [Float], _ step: Int) -> String {
      step >= 1 && step <= values.count
        ? NumberText.fixed(Double(values[step - 1]), decimals: 4) : "–"
    }
    let table = Table(
      columns: [.init("reset")] + variants.map { .init($0.name, alignsRight: true) },
      rows: [
        row("rate bias") { at($0.rateBias, shown.forward) },
        row("rate error") { at($0.rateError, shown.forward) },
        row("β bias") { at($0.betaBias, shown.backward) },
        row("β error") { at($0.betaError, shown.backward) },
        row("class") { variant in
          guard model.session.readout != nil, let readout = variant.readout else { return "–" }
          return model.source.classNames[readout.prediction]
        },
        row("Vth") { Words.constant($0.dynamics.forward.threshold) },
        row("V") { Words.constant($0.dynamics.forward.resetAmount) },
      ])
    canvas.draw(table, in: rect)
  }
}
