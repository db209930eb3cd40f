import SpideEngine

/// What of a sample is to be seen. A key decides it at once; another thread computes it, which takes its time.
struct Goal: Hashable, Sendable {
  /// Counts the presets that were opened.
  var opening = 0
  /// Counts changes of weights and constants.
  var network = 0
  /// Counts changes of the sample.
  var sample = 0
  /// The cursor: a position on the timeline.
  var position = 0
  /// Where the cursor came from as time does, which may have to stop before ``position``; nil where it was put there.
  var from: Int?
  /// The selected neuron.
  var unit = UnitID()
  /// Which twin runs beside it, by a number of its own; nil for none.
  var twin: Int?
  /// Whether it ends where the twins first spike differently on the way from ``from``.
  var seeksDifference = false

  /// Whether two goals are positions in one and the same run of a sample.
  func isSameRun(as other: Goal) -> Bool {
    (opening, network, sample) == (other.opening, other.network, other.sample)
  }
}

/// A run of a sample as far as it has been computed, and the goal that it is on the way to.
struct Computed: Sendable {
  var goal: Goal
  var session: Session
  /// The weights that the session runs with.
  var parameters: Parameters
  /// The same sample beside it, under other constants; nil where none was asked for.
  var twin: TwinRun?
  /// Breakpoints that hold where it stands, and the goal that it was on the way to.
  var hits: [StopHit] = []
  var stoppedOnWayTo: Goal?

  /// Whether nothing of the goal is missing.
  var isComplete: Bool { meets(goal) }

  /// Whether it is what a goal asks for.
  func meets(_ goal: Goal) -> Bool {
    self.goal.isSameRun(as: goal) && session.position == goal.position
      && session.watched == goal.unit
      && (goal.twin == nil || twin.map { $0.meets(goal, beside: session) } ?? false)
  }
}

/// Work for a thread other than the screen's: the sample as a goal has it.
public struct SimulationOrder: Sendable {
  let goal: Goal
  let plan: NetworkPlan
  let parameters: Parameters
  let dynamics: Dynamics
  let input: Input
  /// Samples in the batch that it stands for.
  let batch: Int
  /// What is on screen.
  let shown: Computed
  /// Whether a person waits for it, so that what is being computed gives way.
  let isUrgent: Bool
  /// What may stop it before the goal.
  let stops: [Breakpoint]
  /// What runs beside it; nil for nothing.
  let twin: Twin?

  /// Where the input comes from.
  struct Input: Sendable {
    let samples: any SampleSource
    let index: Int
  }

  /// A second run of the sample with the same weights.
  struct Twin: Sendable {
    let dynamics: Dynamics
    /// With as many frames as it has forward steps, where samples vary in time.
    let samples: any SampleSource
  }
}

extension Computed {
  /// Goes on to an order's goal for as long as that is wanted.
  ///
  /// - Parameters:
  ///   - isWanted: asked before every step.
  ///   - passing: told after every step that leaves more to do.
  mutating func pursue(
    _ order: SimulationOrder, while isWanted: () -> Bool = { true },
    passing: (Computed) -> Void = { _ in }
  ) {
    let goal = order.goal
    let former = twin
    if !self.goal.isSameRun(as: goal) {
      self = order.shown.goal.isSameRun(as: goal) ? order.shown : order.begin(from: self)
    }
    self.goal = goal
    (hits, stoppedOnWayTo) = ([], nil)
    twin = order.twin(from: [former, twin, order.shown.twin])
    guard session.watch(goal.unit, while: isWanted),
      twin?.watch(goal.unit, while: isWanted) ?? true
    else { return }
    twin?.follow(session, while: isWanted)
    if let from = goal.from {
      run(from: from, order, while: isWanted, passing: passing)
      return
    }
    while isWanted(), session.position != goal.position {
      // What has been computed is shown at once; what has not, step by step.
      let next = session.position < session.frontier ? session.frontier : session.position + 1
      session.move(to: goal.position <= session.frontier ? goal.position : next)
      twin?.follow(session, while: isWanted)
      if session.position != goal.position { passing(self) }
    }
  }
}

extension Computed {
  /// Goes on step by step from a position, and stops where a breakpoint holds.
  private mutating func run(
    from: Int, _ order: SimulationOrder, while isWanted: () -> Bool, passing: (Computed) -> Void
  ) {
    session.move(to: min(from, session.frontier))
    while isWanted(), session.position < order.goal.position {
      session.move(to: session.position + 1)
      twin?.follow(session, while: isWanted)
      if session.position > from { hits = order.stops.held(by: session) }
      if !hits.isEmpty || (session.position > from && isDifferenceSought(order)) {
        stoppedOnWayTo = order.goal
        goal.position = session.position
        return
      }
      if session.position != goal.position { passing(self) }
    }
  }

  /// Whether the twins differ here, and that is what is looked for.
  private func isDifferenceSought(_ order: SimulationOrder) -> Bool {
    order.goal.seeksDifference
      && twin?.differences.first(at: session.moment) != nil
  }
}

extension SimulationOrder {
  /// Does all of the work on the spot.
  package func carryOut() -> SimulationAnswer {
    var computed = shown
    computed.pursue(self)
    if isUrgent { computed.session.lookAhead() }
    return SimulationAnswer(computed)
  }

  /// The sample before its first step. Weights that are laid out already are taken from a former run.
  fileprivate func begin(from former: Computed) -> Computed {
    func hasNetwork(_ computed: Computed) -> Bool {
      (computed.goal.opening, computed.goal.network) == (goal.opening, goal.network)
    }
    let network =
      [former, shown].first(where: hasNetwork)?.session.network
      ?? PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    return Computed(
      goal: goal, network: network, parameters: parameters, samples: input.samples,
      index: input.index, batch: batch)
  }

  /// The twin as far as one of some runs has it, or before its first step; nil where none runs beside the sample.
  fileprivate func twin(from runs: [TwinRun?]) -> TwinRun? {
    guard let twin else { return nil }
    if let known = runs.lazy.compactMap({ $0 }).first(where: { $0.isSameRun(as: goal) }) {
      return known
    }
    return TwinRun(
      goal: goal,
      session: Session(
        network: PackedNetwork(plan: plan, parameters: parameters, dynamics: twin.dynamics),
        input: twin.samples.signal(input.index), label: twin.samples.label(input.index),
        batch: batch, watching: goal.unit))
  }
}

extension Computed {
  /// A sample before its first step. `batch` scales `g` as training does: with the scale of a single sample every backward
  /// neuron would fire at every step.
  init(
    goal: Goal, network: PackedNetwork, parameters: Parameters, samples: any SampleSource,
    index: Int, batch: Int
  ) {
    self.init(
      goal: goal,
      session: Session(
        network: network, input: samples.signal(index), label: samples.label(index), batch: batch,
        watching: goal.unit), parameters: parameters)
  }
}

/// What came of a ``SimulationOrder`` so far.
public struct SimulationAnswer: Sendable {
  let computed: Computed

  init(_ computed: Computed) { self.computed = computed }
}

extension Model {
  /// The order of moments, with the constants in use.
  var timeline: Timeline {
    Timeline(forwardSteps: dynamics.forwardSteps, backwardSteps: dynamics.backwardSteps)
  }

  /// Whether the sample is not yet on screen as it was asked for.
  var isComputing: Bool { !computed.meets(goal) }

  /// Puts the cursor at a position, clamped to the timeline.
  mutating func move(to position: Int) {
    goal.position = min(max(position, 0), timeline.end)
    goal.from = nil
    goal.seeksDifference = false
  }

  /// Orders what is missing on screen; nothing where it is on its way.
  ///
  /// - Parameter isUrgent: whether a person has asked for it.
  mutating func orderSimulation(isUrgent: Bool) -> [Effect] {
    guard isComputing, ordered != goal else { return [] }
    ordered = goal
    return [
      .simulate(
        SimulationOrder(
          goal: goal, plan: plan, parameters: parameters, dynamics: dynamics,
          input: SimulationOrder.Input(samples: source, index: sample.index),
          batch: preset.training.batch, shown: computed, isUrgent: isUrgent,
          stops: goal.from == nil || goal.seeksDifference ? [] : breakpoints.ofSample,
          twin: twinOrder))
    ]
  }

  /// Takes in what has been computed, unless another sample or preset is to be seen meanwhile. Of weights that have moved
  /// on it is the newest that there is.
  mutating func take(_ answer: SimulationAnswer) {
    let (now, then) = (answer.computed.goal, computed.goal)
    guard (now.opening, now.sample) == (goal.opening, goal.sample),
      now.opening != then.opening || now.network >= then.network
    else { return }
    if !now.isSameRun(as: then) { comparisons.revision += 1 }
    let formerTwin = computed.twin
    if (now.opening, now.network) != (then.opening, then.network) {
      comparisons.networkRevision += 1
    }
    computed = answer.computed
    // One of other constants is on its way, or none is wanted any more.
    if computed.twin?.goal.twin != goal.twin { computed.twin = nil }
    if !TwinRun.areSame(formerTwin, computed.twin) { comparisons.twinRevision += 1 }
    takeStop()
  }
}
