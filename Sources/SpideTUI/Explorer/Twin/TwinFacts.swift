import SpideEngine

/// What is worked out of twins beside the screen.
struct TwinFacts: Sendable {
  /// What the twin's score says beyond its spikes.
  let score: ScoreFacts
  /// What the shown sample and its twin take, each to its end; nil without a label.
  let costs: (shown: SampleCost?, twin: SampleCost?)

  /// The facts; nil once they are not wanted any more.
  init?(
    _ shown: Session, _ twin: Session, parameters: Parameters, while isWanted: () -> Bool
  ) {
    guard let score = ScoreFacts(twin, while: isWanted) else { return nil }
    self.score = score
    let own = SampleCost(of: shown, parameters: parameters)
    guard isWanted() else { return nil }
    costs = (own, SampleCost(of: twin, parameters: parameters))
  }
}

extension Model {
  /// What is known of the twins; nil while it is being worked out.
  var twinFacts: TwinFacts? {
    guard case .twin(let facts) = comparison(.twin) else { return nil }
    return facts
  }
}
