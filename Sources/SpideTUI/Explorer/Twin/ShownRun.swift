import SpideEngine
import SpideExperiment

/// A run of the sample on screen: the shown sample itself, or its twin.
struct ShownRun: Sendable {
  let session: Session
  /// What is known of it beyond its spikes.
  let facts: ScoreFacts?
  /// Where the two spike differently; nil without a twin.
  let differences: SpikeDifferences?
  let isTwin: Bool
}

extension Model {
  /// The shown sample.
  var shownRun: ShownRun {
    ShownRun(
      session: session, facts: scoreFacts, differences: computed.twin?.differences, isTwin: false)
  }

  /// Its twin, as far as it has been computed; nil where there is none.
  var twinRun: ShownRun? {
    computed.twin.map {
      ShownRun(
        session: $0.session, facts: twinFacts?.score, differences: $0.differences, isTwin: true)
    }
  }

  /// The twin's run of the sample; nil where there is none.
  package var twinSession: Session? { computed.twin?.session }

  /// What stands where the twin is to be seen and is not there.
  var twinHint: String {
    twins.setting == nil
      ? ":twin reset=zero runs the sample with other constants beside it"
      : "computing the twin \(glyphs.ellipsis)"
  }

  /// What the twin is, for the frames of its panels, from the longest: `twin · same weights, reset 0/0`.
  var twinTitles: [String] {
    guard let twin = computed.twin else { return ["twin"] }
    let difference = Words.difference(session.dynamics, twin.session.dynamics)
    let constants = difference.isEmpty ? "same constants" : difference
    return ["twin · same weights, \(constants)", "twin · \(constants)", "twin"]
  }

  /// Where the twin stands, should it have no step such as the shown one: `no F45, it ends at F30`.
  var twinGap: String? {
    guard let twin = computed.twin?.session, twin.moment != session.moment else { return nil }
    switch (session.moment, twin.moment) {
    case (.forward(let shown), .forward(let last)) where shown > last:
      return "no F\(shown), it ends at F\(last)"
    case (.backward(let shown), .backward(let last)) where shown > last:
      return "no B\(shown), it ends at B\(last)"
    default: return nil
    }
  }
}

extension Session {
  /// Steps of both stages that the cursor has passed.
  var stepsShown: (forward: Int, backward: Int) {
    switch moment {
    case .start: return (0, 0)
    case .forward(let step): return (step, 0)
    case .readout: return (dynamics.forwardSteps, 0)
    case .backward(let step): return (dynamics.forwardSteps, step)
    case .update: return (dynamics.forwardSteps, dynamics.backwardSteps)
    }
  }
}
