import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The spikes at both ends of a synapse on one time axis, for the sample that is selected among those that pushed it: forward
/// spikes before it, backward spikes after it, and the rates that they come to.
struct SynapseSpikesPanel: UpdatePanel {
  let id: PanelID = "synapse-spikes"
  let heading = "Spikes"
  let summary = "Spikes before and after a synapse, for a sample that pushed it."

  func titles(_ model: Model) -> [String] {
    guard let push = push(model) else { return [heading] }
    return [
      "Spikes before and after the synapse, as train #\(push.sample) was trained on",
      "Spikes  train #\(push.sample)", heading,
    ]
  }

  func updateQuestions(_ model: Model) -> [UpdateQuestion] {
    guard let synapse = model.synapse else { return [.whole] }
    return [.whole, .weight(synapse), .spikes(synapse, rank: model.selectedPush)]
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? { [arrow(model, down: up ? -1 : 1)] }
  func arrow(_ model: Model, down rows: Int) -> Action { .selectPush(model.selectedPush + rows) }
  func choose(_ model: Model) -> Action? { .command(.cause) }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let synapse = model.synapse, let push = push(model),
      let dynamics = model.updateAccount?.update.before.dynamics
    else { return canvas.hint(model.updateHint, in: rect) }
    guard let pair = push.strongest else {
      return canvas.hint("the weight joins no neurons here", in: rect)
    }
    guard let spikes = model.synapseSpikes else { return canvas.hint(model.updateHint, in: rect) }
    canvas.draw(
      SynapseTrains(
        source: train(
          spikes.source, spikes.rates, name: sourceName(synapse, pair, model),
          value: pair.rate.map { "a \(NumberText.short($0))" } ?? ""),
        target: train(
          spikes.target, spikes.errors, name: targetName(synapse, pair, model),
          value: (spikes.target == nil ? "e " : "β ") + NumberText.short(pair.error)),
        forwardSteps: dynamics.forwardSteps, backwardSteps: dynamics.backwardSteps), in: rect)
  }

  private func push(_ model: Model) -> WeightAccount.Push? {
    guard let pushes = model.weightAccount?.pushes, pushes.indices.contains(model.selectedPush)
    else { return nil }
    return pushes[model.selectedPush]
  }

  private func train(
    _ spikes: [Int]?, _ means: [Float], name: String, value: String
  ) -> SynapseTrains.Train {
    SynapseTrains.Train(name: name, spikes: spikes, means: means.map(Double.init), value: value)
  }

  private func sourceName(
    _ synapse: WeightIndex, _ pair: WeightAccount.Pair, _ model: Model
  ) -> String {
    let plan = model.plan
    guard let unit = pair.source else { return "bias" }
    let ends = SynapseSpikes.layers(plan.link(ofParameter: synapse.parameter), plan)
    guard let layer = ends.source else { return "x #\(plan.inputShape.channelsFirstIndex(unit))" }
    return Words.neuron(UnitID(layer: layer, unit: unit), plan)
  }

  private func targetName(
    _ synapse: WeightIndex, _ pair: WeightAccount.Pair, _ model: Model
  ) -> String {
    let plan = model.plan
    let ends = SynapseSpikes.layers(plan.link(ofParameter: synapse.parameter), plan)
    guard let layer = ends.target else { return "class \(pair.target)" }
    return Words.neuron(UnitID(layer: layer, unit: pair.target), plan)
  }
}
