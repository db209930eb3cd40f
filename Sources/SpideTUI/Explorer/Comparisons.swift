import SpideEngine

/// Work for a thread other than the screen's: the shown sample against the exact solutions.
public struct ComparisonOrder: Sendable {
  /// What is to be compared.
  enum Kind: Hashable, Sendable {
    /// Three resets, for the reset screen.
    case resets(ResetComparison.Basis)
    /// `a*` and the exact `β`, for the neuron screen.
    case solutions
    /// The ledger of the sample.
    case sampleCost
    /// That of some test samples.
    case meanCost
  }

  let kind: Kind
  /// The state of affairs that the answer belongs to.
  let revision: Int
  let parameters: Parameters
  let session: Session
  /// The test set.
  let tests: any SampleSource

  /// Does the work. It may take long where an iteration settles slowly.
  package func carryOut() -> ComparisonAnswer {
    var session = session
    switch kind {
    case .resets(let basis):
      let comparison = ResetComparison(
        plan: session.network.plan, parameters: parameters, dynamics: session.dynamics,
        basis: basis, input: session.input, label: session.label, batch: session.batch)
      return ComparisonAnswer(order: self, value: .resets(comparison))
    case .solutions:
      let equilibrium = session.equilibrium()
      session.move(to: session.timeline.position(of: .readout))
      let implicit = session.implicitDifferentiation()
      return ComparisonAnswer(order: self, value: .solutions(equilibrium, implicit: implicit))
    case .sampleCost:
      let cost = SampleCost(of: session, parameters: parameters)
      return ComparisonAnswer(order: self, value: .cost(cost))
    case .meanCost:
      let cost = SampleCost(ofFirst: tests, like: session, parameters: parameters)
      return ComparisonAnswer(order: self, value: .cost(cost))
    }
  }
}

/// What came of a ``ComparisonOrder``.
public struct ComparisonAnswer: Sendable {
  enum Value: Sendable {
    case resets(ResetComparison)
    case solutions(ExactResult?, implicit: ExactResult?)
    /// Nil of a sample without a label.
    case cost(SampleCost?)
  }

  let kind: ComparisonOrder.Kind
  let revision: Int
  let value: Value
  /// How long it took, in seconds.
  package var seconds = 0.0

  fileprivate init(order: ComparisonOrder, value: Value) {
    kind = order.kind
    revision = order.revision
    self.value = value
  }
}

/// Comparisons with the exact solutions, each with the state of affairs that it belongs to.
struct Comparisons: Sendable {
  /// Counts every change of weights, constants or sample; the cursor does not count.
  var revision = 0
  /// What is being worked on; one order at a time.
  private(set) var isWaiting = false
  private(set) var answers: [ComparisonOrder.Kind: ComparisonAnswer] = [:]
  /// Answers about states of affairs before this one are of another network.
  private var oldest = 0
  /// Training's clock at the last order, in seconds.
  private var ordered = -Double.infinity

  /// The share of one processor that comparisons may take while training runs.
  private static let share = 0.05

  /// The answer to show: of this state of affairs or, while weights move on by themselves, the last one.
  func value(_ kind: ComparisonOrder.Kind, isTraining: Bool) -> ComparisonAnswer.Value? {
    guard let answer = answers[kind], isTraining || answer.revision == revision else { return nil }
    return answer.value
  }

  /// Whether a new answer is worth its time; `trained` is training's clock while it runs.
  mutating func begin(_ kind: ComparisonOrder.Kind, trained: Double?) -> Bool {
    let last = answers[kind]
    guard !isWaiting, last?.revision != revision else { return false }
    if let trained {
      // Another training has begun: its clock starts anew.
      if trained < ordered { ordered = -.infinity }
      guard trained - ordered >= (last?.seconds ?? 0) / Comparisons.share else { return false }
      ordered = trained
    }
    isWaiting = true
    return true
  }

  mutating func take(_ answer: ComparisonAnswer) {
    isWaiting = false
    if answer.revision >= oldest { answers[answer.kind] = answer }
  }

  /// Another network: no answer about the former one, here or on its way, may be shown.
  mutating func discard() {
    revision += 1
    oldest = revision
    answers = [:]
  }
}

extension Model {
  /// What the panels on screen compare with; nil where no panel compares.
  private var comparisonKind: ComparisonOrder.Kind? {
    let shown = isZoomed ? focusedPanel.map { [$0] } ?? [] : panels
    let needed = shown.compactMap { $0.comparison(self) }
    // One at a time: where panels need both, that of the resets.
    return needed.first { $0 != .solutions } ?? needed.first
  }

  /// Orders the comparison that is missing on screen.
  mutating func orderComparison() -> [Effect] {
    guard let kind = comparisonKind,
      comparisons.begin(kind, trained: training.state == .running ? training.seconds : nil)
    else { return [] }
    return [
      .compare(
        ComparisonOrder(
          kind: kind, revision: comparisons.revision, parameters: computed.parameters,
          session: session, tests: data.test))
    ]
  }

  /// The three resets of the sample.
  var resetComparison: ResetComparison? {
    guard case .resets(let value) = comparison(.resets(basis)) else { return nil }
    return value
  }

  /// `a*` and the exact `β` of the sample.
  package var exactSolutions: (equilibrium: ExactResult?, implicit: ExactResult?) {
    guard case .solutions(let equilibrium, let implicit) = comparison(.solutions) else {
      return (nil, nil)
    }
    return (equilibrium, implicit)
  }

  /// What has come of a comparison; nil while it is being worked out.
  func comparison(_ kind: ComparisonOrder.Kind) -> ComparisonAnswer.Value? {
    comparisons.value(kind, isTraining: training.state == .running)
  }
}
