import SpideConfiguration
import SpideEngine
import SpideExperiment

/// All layers on one clock, with the selected neuron's potential beneath.
struct ScorePanel: Panel {
  let id: PanelID = "score"
  let heading = "Score"
  let summary =
    "Spikes of all layers in both stages on one clock, and the selected neuron's potential."

  func titles(_ model: Model) -> [String] {
    let unit = Words.unit(model.unit, model.plan)
    let order = model.score.isStrongestFirst ? "  strongest channel first" : ""
    let map = model.score.showsMap && model.hasMap ? "  map" : ""
    return ["Score  \(unit)\(map)\(order)", "Score  \(unit)", "Score"]
  }

  func rightTitles(_ model: Model) -> [String] {
    let glyphs = model.glyphs
    let signs = "backward + \(glyphs.positive) − \(glyphs.negative)"
    let both = "forward \(glyphs.spike)  " + signs
    guard model.gateFlips != nil else { return [both, signs] }
    let gates = "  \(glyphs.differs) exact gate differs"
    return [both + gates, signs + gates, both, signs]
  }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? {
    // Gates are known at the readout, and a person who steps forward has no need of them.
    model.session.readout == nil || model.session.label == nil ? nil : .score
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    canvas.draw(model.scoreWidget, in: rect)
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    let score = model.scoreWidget
    let layout = ScoreLayout(score, width: rect.width, height: rect.height, glyphs: model.glyphs)
    var actions: [Action] = []
    if let (staff, row) = layout.staff(at: y) {
      if staff.layer != model.unit.layer { actions.append(.selectLayer(staff.layer)) }
      // A row of the whole layer, or of many channels of another one, names no neuron.
      if let voice = staff.rows.channels(atRow: row)?.first,
        staff.layer == model.unit.layer || staff.rows.perRow <= 4
      {
        actions.append(.selectVoice(voice))
      }
    }
    switch layout.axis.place(at: x - layout.gutter) {
    case .forward(let step): actions.append(.scrub(to: .forward(step)))
    case .readout: actions.append(.scrub(to: .readout))
    case .backward(let step): actions.append(.scrub(to: .backward(step)))
    case nil: break
    }
    return actions
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? {
    [.selectLayer(model.unit.layer + (up ? -1 : 1))]
  }

  func arrow(_ model: Model, down rows: Int) -> Action { .moveVoice(rows) }

  func page(_ model: Model, down pages: Int) -> Action? {
    .moveVoice(pages * max(1, model.selectedStaff?.rows.shown.count ?? 1))
  }

  func switchView(_ model: Model) -> Action? { .nextScoreMode }
}

/// How the score is looked at.
struct ScoreView: Hashable, Sendable {
  /// Whether channels stand with the one that spikes most first.
  var isStrongestFirst = false
  /// Whether the selected channel's map stands in place of the selected layer's rows.
  var showsMap = false
}

extension Model {
  /// Whether the selected layer has feature maps.
  var hasMap: Bool { plan.layers[unit.layer].positions > 1 }

  /// The rows of the selected layer where a score is on screen.
  var selectedStaff: ScoreLayout.Staff? {
    guard let pane = ExplorerLayout(self).panes.first(where: { $0.panel is ScorePanel }) else {
      return nil
    }
    return ScoreLayout(
      scoreWidget, width: pane.inside.width, height: pane.inside.height, glyphs: glyphs
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

  /// What the score draws.
  var scoreWidget: Score {
    let counted = session[.score] ?? ScoreMonitor()
    let flips = gateFlips
    let selected = watched.clamped(to: plan)
    let layers = plan.layers.indices.map { index in
      let link = index == 0 ? plan.input : plan.links[index - 1]
      return Score.Layer(
        name: "L\(index)", shape: plan.layers[index], link: link.kind.label,
        forward: counted.forward[index], backward: counted.backward[index],
        gateFlips: flips?[index] ?? [], silence: silence(index, counted.backward[index]))
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
    score.map = self.score.showsMap && hasMap ? scoreMap : nil
    var segments = PotentialPanel.segments(self)
    segments.forward.label = potentialWords(selected).forward
    segments.backward.label = potentialWords(selected).backward
    score.potential = Score.Potential(
      name: Words.unit(selected, plan), forward: segments.forward, backward: segments.backward)
    return score
  }

  /// What stands above the potential of each stage: thresholds, and the neuron's rate, gate and β at the cursor.
  private func potentialWords(_ unit: UnitID) -> (forward: String, backward: String) {
    let backward = session.dynamics.backward
    var words = (
      forward: "",
      backward: "±Vth,b \(Words.constant(backward.threshold))"
    )
    if abs(backward.resetPotential) != backward.threshold {
      words.backward += "  reset ±\(Words.constant(abs(backward.resetPotential)))"
    }
    let shown = stepsShown
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
  private var scoreMap: Score.Map {
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
  private func silence(_ layer: Int, _ counted: ScoreMonitor.Layer) -> String {
    let steps = min(stepsShown.backward, counted.steps)
    guard steps > 0, counted.sums[steps - 1] == 0 else { return "" }
    let largest =
      "largest |u| \(NumberText.short(Double(counted.largest[steps - 1]))) of "
      + Words.constant(session.dynamics.backward.threshold)
    guard steps == session.dynamics.backwardSteps else { return "no spike so far: \(largest)" }
    guard let facts = scoreFacts else {
      return "silent: \(largest); looking for what would fire it"
    }
    guard let silent = facts.silent[layer], let scale = silent.lossScale else {
      return "silent: \(largest); no loss scale would fire it"
    }
    let factor = NumberText.short(Double(scale / session.dynamics.lossScale))
    let key = layer == unit.layer ? " (g sets it)" : ""
    return "silent: \(largest); would fire with loss scale \(glyphs.times) \(factor)\(key)"
  }
}
