import SpideConfiguration
import SpideEngine

/// The layers and links, with the firing rates up to the cursor.
struct NetworkPanel: Panel {
  let id: PanelID = "network"
  let heading = "Network"
  let summary = "Layers and links from input to feedback, with the firing rate of each layer."

  func rightTitles(_ model: Model) -> [String] {
    model.weightsOrigin.hasPrefix("fresh") ? ["untrained"] : []
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    canvas.draw(map(model), in: rect)
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    map(model).layer(atRow: y, height: rect.height).map { [.selectLayer($0)] } ?? []
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? {
    [.selectLayer(model.unit.layer + (up ? -1 : 1))]
  }

  func arrow(_ model: Model, down rows: Int) -> Action { .selectLayer(model.unit.layer + rows) }

  private func map(_ model: Model) -> NetworkMap {
    let plan = model.plan
    let session = model.session
    /// Share of (step, neuron) pairs with a spike so far.
    func rate(_ state: StageState, _ layer: Int) -> Double {
      Double(state.layers[layer].spikeTotal)
        / Double(max(1, state.step * plan.layers[layer].count))
    }
    let layers = plan.layers.indices.map { index in
      let link = index == 0 ? plan.input : plan.links[index - 1]
      let forward = session.forward
      return NetworkMap.Layer(
        name: "L\(index)", size: plan.layers[index].description, link: link.kind.label,
        forwardRate: forward.step > 0 ? rate(forward, index) : nil,
        backwardRate: session.backward.map { rate($0, index) })
    }
    return NetworkMap(
      input: "input \(plan.inputShape)", layers: layers, feedback: plan.feedback?.kind.label,
      selected: model.unit.layer)
  }
}
