import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The selected neuron's potential through both stages.
struct PotentialPanel: Panel {
  static let membrane = PotentialPanel(
    id: "membrane", heading: "Membrane",
    summary: "Membrane potential of the selected neuron, with threshold and reset.")
  static let neuron = PotentialPanel(
    id: "neuron-potential", heading: "Potential",
    summary: "Membrane potential of the selected neuron over both stages.")

  let id: PanelID
  let heading: String
  let summary: String

  func titles(_ model: Model) -> [String] {
    let unit = Words.unit(model.watched, model.plan)
    return ["Membrane potential  \(unit)", "Potential  \(unit)", unit]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let segments = Self.segments(model.session)
    canvas.draw(PotentialTrace(segments: [segments.forward, segments.backward]), in: rect)
  }

  /// Both stages with their levels.
  static func segments(
    _ session: Session
  ) -> (forward: PotentialTrace.Segment, backward: PotentialTrace.Segment) {
    let history = session.history
    let shown = session.stepsShown
    func segment(
      _ label: String, _ potential: [Float], _ spikes: [Int], _ done: Int, _ count: Int,
      _ levels: [PotentialTrace.Level], isCurrent: Bool
    ) -> PotentialTrace.Segment {
      PotentialTrace.Segment(
        label: label, values: potential.prefix(done).map(Double.init),
        spikes: Array(spikes.prefix(done)), stepCount: count, levels: levels,
        cursor: isCurrent && done > 0 ? done : nil)
    }
    let forward = session.dynamics.forward
    let backward = session.dynamics.backward
    let threshold = Double(backward.threshold)
    var backwardLevels = [
      PotentialTrace.Level(.threshold, threshold, label: "Vth,b"),
      PotentialTrace.Level(.threshold, -threshold, label: "−Vth,b"),
    ]
    // With SPIDE's reset the couple's resets lie on each other's thresholds.
    if abs(backward.resetPotential) != backward.threshold {
      backwardLevels.append(.init(.reset, Double(backward.resetPotential), label: "reset"))
      if backward.resetPotential != 0 {
        backwardLevels.append(.init(.reset, -Double(backward.resetPotential), label: "−reset"))
      }
    }
    return (
      segment(
        "forward", history.forwardPotential, history.forwardSpikes, shown.forward,
        session.dynamics.forwardSteps,
        [
          .init(.threshold, Double(forward.threshold), label: "Vth"),
          .init(.reset, Double(forward.resetPotential), label: "reset"),
        ], isCurrent: shown.backward == 0),
      segment(
        "backward", history.backwardPotential, history.backwardSpikes, shown.backward,
        session.dynamics.backwardSteps, backwardLevels, isCurrent: shown.backward > 0),
    )
  }
}
