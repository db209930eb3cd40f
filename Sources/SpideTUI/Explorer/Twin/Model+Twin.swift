import SpideEngine
import SpideExperiment

/// The twin that runs beside the shown sample, if one does.
struct Twins: Sendable {
  /// What it has otherwise; nil where there is none.
  var setting: TwinSetting?
  /// Counts those that were begun.
  var count = 0
  /// Where the cursor stood when a difference was looked for.
  var soughtFrom = 0
}

extension Model {
  /// The constants of the twin; nil where there is none.
  var twinDynamics: Dynamics? { twins.setting?.dynamics(beside: dynamics) }

  /// What is to be computed of the twin.
  var twinOrder: SimulationOrder.Twin? {
    twinDynamics.map { constants in
      guard constants.forwardSteps != dynamics.forwardSteps,
        preset.data.source?.variesInTime == true
      else { return SimulationOrder.Twin(dynamics: constants, samples: source) }
      let reframed = data.with(forwardSteps: constants.forwardSteps)
      return SimulationOrder.Twin(
        dynamics: constants, samples: sample.part == .test ? reframed.test : reframed.train)
    }
  }

  // MARK: Beginning and ending

  /// Puts another run of the sample beside it, in the place of a former twin.
  mutating func beginTwin(_ setting: TwinSetting) throws(CommandError) {
    let constants = setting.dynamics(beside: dynamics)
    guard constants.isInRange else {
      throw CommandError("the twin would have a reset that is not below its threshold, or no V")
    }
    set(setting)
    twins.count += 1
    goal.twin = twins.count
    let difference = Words.difference(dynamics, constants)
    note = Note(
      text: difference.isEmpty
        ? "a twin with the constants in use: it differs in nothing until they change"
        : "a twin with \(difference) runs beside the sample; the key ; goes to the first difference"
    )
  }

  /// Ends the twin.
  mutating func endTwin() {
    set(nil)
    (goal.twin, ordered.twin, computed.twin) = (nil, nil, nil)
    comparisons.twinRevision += 1
  }

  /// Ends a twin whose own constants do not go with those in use any more.
  mutating func endImpossibleTwin() {
    guard let constants = twinDynamics, !constants.isInRange else { return }
    endTwin()
    note = Note(
      text: "the twin has ended: its reset would not be below its threshold", isError: true)
  }

  /// The panel that keys act on stays the same where that of the twin comes behind the score's, or goes.
  private mutating func set(_ setting: TwinSetting?) {
    let former = panels.count
    twins.setting = setting
    guard let score = panels.firstIndex(where: { $0.id == "score" }), focus > score else { return }
    focus += panels.count - former
  }

  // MARK: Differences

  /// Which difference of the twins is looked for.
  enum DifferenceSought: String, Sendable {
    case first, next, previous
  }

  /// Goes to a moment at which the twins spike differently, and to the first neuron that does.
  mutating func seek(_ sought: DifferenceSought) {
    guard twins.setting != nil else {
      note = Note(text: "no twin to differ from; :twin reset=zero puts one beside the sample")
      return
    }
    guard training.state != .running else {
      note = Note(text: "training moves the weights: t pauses it, then differences stay")
      return
    }
    isPlaying = false
    let here = goal.position
    let isKnown = computed.goal.isSameRun(as: goal) && computed.twin?.isSameRun(as: goal) == true
    let known = isKnown ? computed.twin?.differences.firsts ?? [] : []
    let positions = known.map { timeline.position(of: $0.moment) }
    let place: Int?
    switch sought {
    case .first: place = positions.indices.first
    case .next: place = positions.firstIndex { $0 > here }
    case .previous: place = positions.lastIndex { $0 < here }
    }
    if let place {
      go(to: known[place], sought)
    } else if sought == .previous {
      note = Note(
        text: isComputing
          ? "the sample is still being computed" : "no difference before this moment")
    } else {
      twins.soughtFrom = here
      move(to: timeline.end)
      goal.from = sought == .first ? 0 : here
      goal.seeksDifference = true
      // At the end nothing follows, and nothing has to be computed.
      if goal.position == here, !isComputing { endSearch(found: false) }
    }
  }

  /// The run that looked for a difference has come to it, or to the end.
  mutating func endSearch(found: Bool) {
    let sought: DifferenceSought = goal.from == 0 ? .first : .next
    goal.from = nil
    goal.seeksDifference = false
    computed.goal = goal
    ordered = goal
    if found, let difference = computed.twin?.differences.first(at: session.moment) {
      go(to: difference, sought)
    } else {
      move(to: twins.soughtFrom)
      note = Note(
        text: sought == .first
          ? "the twins spike alike, to the end of the sample"
          : "no difference after this moment")
    }
  }

  private mutating func go(to difference: SpikeDifference, _ sought: DifferenceSought) {
    move(to: timeline.position(of: difference.moment))
    if difference.unit.layer != unit.layer { rasters = RasterView() }
    goal.unit = difference.unit
    select(index: selectedIndex)
    let total = computed.twin?.differences.total(at: difference.moment) ?? 1
    note = Note(
      text: "\(sought.rawValue) difference: \(Words.difference(difference, plan))"
        + (total > 1 ? "; \(Words.count(total)) neurons differ at this step" : ""))
  }
}

extension Words {
  /// `F12 L0 #17, spikes in the twin, not here`; of the backward stage the signs: `B3 L1 #5, + here, − in the twin`.
  static func difference(_ difference: SpikeDifference, _ plan: NetworkPlan) -> String {
    let letter = difference.stage == .forward ? "F" : "B"
    let place = "\(letter)\(difference.step) \(unit(difference.unit, plan)), "
    if difference.stage == .forward {
      return place
        + (difference.one != 0 ? "spikes here, not in the twin" : "spikes in the twin, not here")
    }
    func sign(_ spike: Int) -> String { spike > 0 ? "+" : spike < 0 ? "−" : "no spike" }
    return place + "\(sign(difference.one)) here, \(sign(difference.other)) in the twin"
  }
}
