import SpideConfiguration

/// The panels that there are. Screens, the command line's list and the explorer read this one table.
public enum PanelRegistry {
  /// In the order in which lists and errors name them.
  static let panels: [any Panel] = [
    NetworkPanel(),
    RasterPanel.forward,
    RasterPanel.backward,
    PotentialPanel.membrane,
    InputPanel(),
    ClassesPanel(),
    RateErrorPanel(),
    BetaErrorPanel(),
    ResidualPanel(),
    ResetTablePanel(),
    GradientErrorsPanel(),
    LayerErrorsPanel(),
    LoopPanel(),
    ErrorCurvePanel.forward,
    ErrorCurvePanel.backward,
    LossPanel(),
    AccuracyPanel(),
    RatesPanel.forward,
    RatesPanel.backward,
    ProgressPanel(),
    ConfusionPanel(),
    PotentialPanel.neuron,
    NeuronSpikesPanel(),
    NeuronRatePanel(),
    NeuronBetaPanel(),
    NeuronWeightsPanel(),
    NeuronFactsPanel(),
    LedgerPanel(),
    LedgerEnergyPanel(),
    NeuroBenchPanel(),
    LedgerTrainingPanel(),
  ]

  /// What screens may call a panel.
  public static var ids: [PanelID] { panels.map(\.id) }

  /// What each shows, in one line.
  public static var summaries: [(id: PanelID, summary: String)] {
    panels.map { ($0.id, $0.summary) }
  }

  private static let byID: [PanelID: any Panel] = panels.reduce(into: [:]) { table, panel in
    guard table.updateValue(panel, forKey: panel.id) == nil else {
      preconditionFailure("two panels are called \(panel.id.rawValue)")
    }
  }

  /// The panel that a screen names. A decoder that was given ``ids`` lets no other name pass.
  static func panel(_ id: PanelID) -> any Panel {
    guard let panel = byID[id] else {
      preconditionFailure("no panel \(id.rawValue); screens are decoded with PanelRegistry.ids")
    }
    return panel
  }
}

extension Model {
  /// Draws one panel, without a frame.
  package func draw(_ panel: PanelID, in rect: Rect, on canvas: inout Canvas) {
    PanelRegistry.panel(panel).draw(self, in: rect, on: &canvas)
  }
}
