import SpideConfiguration

/// The panels that there are. Screens, the command line's list and the explorer read this one table.
public enum PanelRegistry {
  /// In the order in which lists and errors name them.
  static let panels: [any Panel] = [
    ScorePanel.shown,
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
    BreakpointsPanel(),
    UpdateTablePanel(),
    UpdateMapPanel(),
    MovedWeightsPanel(),
    SynapsePanel(),
    SynapseSpikesPanel(),
    RunsPanel(),
    SweepPlotPanel(),
    SweepTablePanel(),
    ScorePanel.twin,
    TwinPotentialPanel(),
    TwinClassesPanel(),
    TwinTablePanel(),
  ]

  /// What screens may call a panel.
  public static var ids: [PanelID] { panels.map(\.id) }

  /// Those that a screen may pin to a layer.
  public static var pinnable: [PanelID] { panels.filter { $0.pinned(to: 0) != nil }.map(\.id) }

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

  /// The panel that a screen names, for the layer that it may be pinned to.
  static func panel(_ place: (panel: PanelID, layer: Int?)) -> any Panel {
    let panel = panel(place.panel)
    guard let layer = place.layer else { return panel }
    guard let pinned = panel.pinned(to: layer) else {
      preconditionFailure(
        "\(place.panel.rawValue) cannot be pinned; screens are decoded with PanelRegistry.pinnable")
    }
    return pinned
  }
}

extension ScreenLibrary {
  /// The screens of the program and of the user, made of the panels that there are.
  public static var ofPanels: ScreenLibrary {
    ScreenLibrary(panels: PanelRegistry.ids, pinnable: PanelRegistry.pinnable)
  }
}

extension Model {
  /// Draws one panel, without a frame.
  package func draw(_ panel: PanelID, in rect: Rect, on canvas: inout Canvas) {
    PanelRegistry.panel(panel).draw(self, in: rect, on: &canvas)
  }
}
