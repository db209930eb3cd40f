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
    let sample: SampleReference

    var label: Int { samples.label(sample.index) }

    /// The sample, of its set or of another version of that.
    func signal(of other: (any SampleSource)? = nil) -> InputSignal {
      (other ?? samples).signal(sample.index, augmentation: sample.augmentation)
    }
  }

  /// A second run of the sample with the same weights.
  struct Twin: Sendable {
    let dynamics: Dynamics
    /// With as many frames as it has forward steps, where samples vary in time.
    let samples: any SampleSource
  }
}

extension Computed {
  /// A sample before its first step. `batch` scales `g` as training does: with the scale of a single sample every backward
  /// neuron would fire at every step.
  init(
    goal: Goal, network: PackedNetwork, parameters: Parameters, input: SimulationOrder.Input,
    batch: Int
  ) {
    self.init(
      goal: goal,
      session: Session(
        network: network, input: input.signal(), label: input.label, batch: batch,
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
          input: SimulationOrder.Input(samples: source, sample: sample),
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
