import SpideEngine
import SpideExperiment

extension Model {
  /// Whether the selected layer has feature maps.
  var hasMap: Bool { plan.layers[unit.layer].positions > 1 }

  /// The rows of the selected layer where a score is on screen.
  var selectedStaff: ScoreLayout.Staff? {
    let scores = ExplorerLayout(self).panes.lazy.compactMap { pane in
      (pane.panel as? ScorePanel)?.score(self).map { (pane, $0) }
    }
    guard let (pane, score) = scores.first else { return nil }
    return ScoreLayout(
      score, width: pane.inside.width, height: pane.inside.height, glyphs: glyphs
    ).staffs.first { $0.layer == unit.layer }
  }

  /// Gates that differ from those at equilibrium: neurons of each channel, by layer; nil where that is not known.
  var gateFlips: [[Int]]? {
    session.readout == nil ? nil : scoreFacts?.gateFlips
  }

  /// The event front while time moves.
  var eventFront: Score.Front? {
    guard isPlaying, session.moment != .readout else { return nil }
    let count = plan.layers.count
    guard tickParts > 1 else { return .everywhere }
    let place = Int(stepsDue * Double(count + 1) + 1e-9)
    if place >= count { return plan.feedback == nil ? nil : .feedback }
    return .layer(stepsShown.backward > 0 ? count - 1 - place : place)
  }

  /// What the score of a run draws.
  func score(of run: ShownRun) -> Score {
    let session = run.session
    let counted = session[.score] ?? ScoreMonitor()
    let ranking = run.isTwin ? self.session[.score] : nil
    let flips = session.readout == nil ? nil : run.facts?.gateFlips
    let selected = session.watched.clamped(to: plan)
    let layers = plan.layers.indices.map { index in
      let link = index == 0 ? plan.input : plan.links[index - 1]
      var layer = Score.Layer(
        name: "L\(index)", shape: plan.layers[index], link: link.kind.label,
        forward: counted.forward[index], backward: counted.backward[index],
        gateFlips: flips?[index] ?? [], silence: silence(index, of: run, counted.backward[index]))
      layer.ranking =
        ranking.map { counted in
          zip(counted.forward[index].channelCounts, counted.backward[index].channelCounts).map(+)
        } ?? []
      layer.differences = run.differences.map { ($0.forward[index], $0.backward[index]) }
      return layer
    }
    var score = Score(
      input: "input \(plan.inputShape)", layers: layers, feedback: plan.feedback?.kind.label,
      forwardSteps: session.dynamics.forwardSteps, backwardSteps: session.dynamics.backwardSteps,
      moment: session.moment,
      selected: (unit.layer, unit.unit % plan.layers[unit.layer].channels))
    score.feedbackNorm = feedbackWords
    score.voicesPerRow = rasters.unitsPerRow
    score.isStrongestFirst = self.score.isStrongestFirst
    score.front = eventFront
    score.map = self.score.showsMap && hasMap ? scoreMap(session) : nil
    // Where both potentials stand in a panel of their own, the staffs have the room.
    guard !panels.contains(where: { $0 is TwinPotentialPanel }) else { return score }
    var segments = PotentialPanel.segments(session)
    let words = potentialWords(selected, session)
    (segments.forward.label, segments.backward.label) = (words.forward, words.backward)
    score.potential = Score.Potential(
      name: Words.unit(selected, plan), forward: segments.forward, backward: segments.backward)
    return score
  }

  /// What stands above the potential of each stage: thresholds, and the neuron's rate, gate and β at the cursor.
  private func potentialWords(
    _ unit: UnitID, _ session: Session
  ) -> (forward: String, backward: String) {
    let backward = session.dynamics.backward
    var words = (
      forward: "",
      backward: "±Vth,b \(Words.constant(backward.threshold))"
    )
    if abs(backward.resetPotential) != backward.threshold {
      words.backward += "  reset ±\(Words.constant(abs(backward.resetPotential)))"
    }
    let shown = session.stepsShown
    if shown.forward > 0, session.history.rate.count >= shown.forward {
      words.forward =
        "a \(NumberText.rate(Double(session.history.rate[shown.forward - 1])))"
    }
    if let gates = session.sources?.gates {
      words.forward += gates[unit.layer][unit.unit] == 1 ? "  gate open" : "  gate closed"
    }
    if shown.backward > 0, session.history.beta.count >= shown.backward {
      words.backward +=
        "  β \(NumberText.short(Double(session.history.beta[shown.backward - 1])))"
    }
    return words
  }

  /// The norm of the feedback weight and, where there is one, the limit that it is used at.
  private var feedbackWords: String {
    guard plan.feedback != nil else { return "" }
    let norm = session.network.feedbackNorm
    let words = "‖W‖ \(NumberText.short(norm))"
    guard let limit = plan.feedbackMaxNorm else { return words }
    return words + (norm > Double(limit) ? ", used at its limit " : ", limit ")
      + Words.constant(limit)
  }

  /// The selected channel at the cursor.
  private func scoreMap(_ session: Session) -> Score.Map {
    let (layer, shape) = (unit.layer, plan.layers[unit.layer])
    let channel = unit.unit % shape.channels
    let places = (0..<shape.positions).map { $0 * shape.channels + channel }
    func spikes(_ state: StageState?, isNow: Bool) -> [Int8] {
      var marks = [Int8](repeating: 0, count: shape.positions)
      guard let state, isNow, state.step > 0 else { return marks }
      state.layers[layer].spikes.forEach { unit, sign in
        if unit % shape.channels == channel { marks[unit / shape.channels] = Int8(sign) }
      }
      return marks
    }
    let scale = session.dynamics.backward.resetAmount
    let backward = session.backward
    let isForward = if case .forward = session.moment { true } else { false }
    let isBackward = if case .backward = session.moment { true } else { false }
    return Score.Map(
      rates: places.map { session.forward.rate(layer, unit: $0) },
      beta: backward.map { state in places.map { scale * state.rate(layer, unit: $0) } } ?? [],
      forwardSpikes: spikes(session.forward, isNow: isForward),
      backwardSpikes: spikes(backward, isNow: isBackward))
  }

  /// Why a layer's backward staff is empty; empty where it is not, and before its first step.
  private func silence(
    _ layer: Int, of run: ShownRun, _ counted: ScoreMonitor.Layer
  ) -> String {
    let constants = run.session.dynamics
    let steps = min(run.session.stepsShown.backward, counted.steps)
    guard steps > 0, counted.sums[steps - 1] == 0 else { return "" }
    let largest =
      "largest |u| \(NumberText.short(Double(counted.largest[steps - 1]))) of "
      + Words.constant(constants.backward.threshold)
    guard steps == constants.backwardSteps else { return "no spike so far: \(largest)" }
    guard let facts = run.facts else {
      return "silent: \(largest); looking for what would fire it"
    }
    guard let silent = facts.silent[layer], let scale = silent.lossScale else {
      return "silent: \(largest); no loss scale would fire it"
    }
    let factor = NumberText.short(Double(scale / constants.lossScale))
    let key = layer == unit.layer && !run.isTwin ? " (g sets it)" : ""
    return "silent: \(largest); would fire with loss scale \(glyphs.times) \(factor)\(key)"
  }
}
