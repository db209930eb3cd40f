import SpideEngine

/// Work for a thread other than the screen's: which of some samples is the first that is classified wrongly.
public struct SearchOrder: Sendable {
  let plan: NetworkPlan
  let parameters: Parameters
  let dynamics: Dynamics
  let samples: any SampleSource
  /// In the order in which they are looked at.
  let candidates: [SampleReference]

  /// Does the work, for as long as that is wanted.
  package func carryOut(while isWanted: () -> Bool = { true }) -> SearchAnswer {
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    for candidate in candidates {
      guard isWanted() else { break }
      let input = SimulationOrder.Input(samples: samples, sample: candidate)
      let label = input.label
      var session = Session(
        network: network, input: input.signal(), label: label, monitors: Monitors())
      while session.readout == nil, isWanted() { session.move(to: session.position + 1) }
      if let readout = session.readout, readout.prediction != label {
        return SearchAnswer(found: candidate)
      }
    }
    return SearchAnswer(found: nil)
  }
}

/// What came of a ``SearchOrder``.
public struct SearchAnswer: Sendable {
  /// The sample; nil where all are classified rightly.
  let found: SampleReference?
  /// Whether nothing was found.
  package var isEmpty: Bool { found == nil }
}

extension Model {
  /// Shows the sample that was found, at the readout where it shows that it is wrong.
  mutating func take(_ answer: SearchAnswer) {
    guard let found = answer.found else {
      note = Note(text: "every other sample is classified rightly")
      return
    }
    show(found, at: timeline.position(of: .readout))
    note = Note(text: "\(found.part.rawValue) sample \(found.index) is classified wrongly")
  }
}
