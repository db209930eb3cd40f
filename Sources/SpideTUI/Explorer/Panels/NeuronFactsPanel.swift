import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The numbers of the selected neuron at the cursor.
struct NeuronFactsPanel: Panel {
  let id: PanelID = "neuron-facts"
  let heading = "Neuron"
  let summary = "Potentials, rate, gate, β and spikes of the selected neuron at the cursor."

  func comparison(_ model: Model) -> ComparisonOrder.Kind? { .solutions }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let (session, unit, shown) = (model.session, model.watched, model.stepsShown)
    let history = session.history
    func number(_ value: Float?) -> String {
      value.map { NumberText.fixed(Double($0), decimals: 4) } ?? "–"
    }
    func last(_ values: [Float], _ done: Int) -> Float? { done > 0 ? values[done - 1] : nil }
    func exact(_ value: Float?, _ result: ExactResult?) -> String {
      if case .doesNotConverge = result { return "does not settle" }
      return number(value)
    }
    let gate = session.sources.map { $0.gates[unit.layer][unit.unit] == 1 ? "open" : "closed" }
    let backwardSpikes = history.backwardSpikes.prefix(shown.backward)
    let table = Table(
      columns: [.init("neuron"), .init(Words.unit(unit, model.plan), alignsRight: true)],
      rows: [
        ["moment", Words.moment(session)],
        ["u forward", number(last(history.forwardPotential, shown.forward))],
        ["rate a(t)", number(last(history.rate, shown.forward))],
        [
          "a* exact",
          model.variesInTime
            ? "input varies" : exact(model.equilibriumRate, model.exactSolutions.equilibrium),
        ],
        ["gate", gate ?? "–"],
        ["u backward", number(last(history.backwardPotential, shown.backward))],
        ["β(t)", number(last(history.beta, shown.backward))],
        [
          "β exact",
          shown.backward > 0
            ? exact(model.exactBeta, model.exactSolutions.implicit) : number(nil),
        ],
        ["spikes F", "\(history.forwardSpikes.prefix(shown.forward).reduce(0, +))"],
        [
          "spikes B + −",
          "\(backwardSpikes.count { $0 > 0 }) \(backwardSpikes.count { $0 < 0 })",
        ],
      ])
    canvas.draw(table, in: rect)
  }
}
