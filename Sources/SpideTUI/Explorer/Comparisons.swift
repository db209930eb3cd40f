import SpideEngine

/// Work for a thread other than the screen's: the shown sample against the exact solutions.
public struct ComparisonOrder: Sendable {
  /// What is to be compared.
  enum Kind: Hashable, Sendable {
    /// Three resets, for the reset screen.
    case resets(ResetComparison.Basis)
    /// The same as means over the first samples of the test set.
    case resetMean(ResetComparison.Basis)
    /// `a*` and the exact `β`, for the neuron screen.
    case solutions
    /// The ledger of the sample.
    case sampleCost
    /// That of some test samples.
    case meanCost
    /// Gates at equilibrium and silent layers, for the score.
    case score
    /// The same for the score of the twin, and the ledgers of both.
    case twin

    /// Whether it is about samples of the test set, whichever is shown.
    var isOfNetwork: Bool {
      switch self {
      case .resetMean, .meanCost: true
      case .resets, .solutions, .sampleCost, .score, .twin: false
      }
    }
  }

  let kind: Kind
  /// The state of affairs that the answer belongs to.
  let revision: Int
  let parameters: Parameters
  let session: Session
  /// The sample's twin; nil where there is none.
  let twin: Session?
  /// The test set, and the mean as far as it has come.
  let samples: any SampleSource
  let former: ResetMean?

  /// Does the work, for as long as that is wanted. It may take long where an iteration settles slowly.
  package func carryOut(while isWanted: () -> Bool = { true }) -> ComparisonAnswer {
    var session = session
    switch kind {
    case .resets(let basis):
      let comparison = ResetComparison(
        plan: session.network.plan, parameters: parameters, dynamics: session.dynamics,
        basis: basis, input: session.input, label: session.label, batch: session.batch)
      return ComparisonAnswer(order: self, value: .resets(comparison))
    case .resetMean(let basis):
      let index = former?.done ?? 0
      let comparison = ResetComparison(
        plan: session.network.plan, parameters: parameters, dynamics: session.dynamics,
        basis: basis, input: samples.signal(index), label: samples.label(index),
        batch: session.batch)
      var mean = former ?? ResetMean(comparison, of: samples.count)
      if former != nil { mean.add(comparison) }
      return ComparisonAnswer(order: self, value: .resetMean(mean))
    case .score:
      let facts = ScoreFacts(session, while: isWanted)
      return ComparisonAnswer(order: self, value: facts.map { .score($0) } ?? .givenUp)
    case .twin:
      let facts = twin.flatMap {
        TwinFacts(session, $0, parameters: parameters, while: isWanted)
      }
      return ComparisonAnswer(order: self, value: facts.map { .twin($0) } ?? .givenUp)
    case .solutions:
      let equilibrium = session.equilibrium()
      session.move(to: session.timeline.position(of: .readout))
      let implicit = session.implicitDifferentiation()
      return ComparisonAnswer(order: self, value: .solutions(equilibrium, implicit: implicit))
    case .sampleCost:
      let cost = SampleCost(of: session, parameters: parameters)
      return ComparisonAnswer(order: self, value: .cost(cost))
    case .meanCost:
      let cost = SampleCost(ofFirst: samples, like: session, parameters: parameters)
      return ComparisonAnswer(order: self, value: .cost(cost))
    }
  }
}

/// What came of a ``ComparisonOrder``.
public struct ComparisonAnswer: Sendable {
  enum Value: Sendable {
    case resets(ResetComparison)
    case resetMean(ResetMean)
    case solutions(ExactResult?, implicit: ExactResult?)
    /// Nil of a sample without a label.
    case cost(SampleCost?)
    case score(ScoreFacts)
    case twin(TwinFacts)
    /// It was not wanted any more.
    case givenUp
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
  /// Counts the changes among them that the sample alone did not make.
  var networkRevision = 0
  /// Counts the changes of the twin, or of the sample that it stands beside.
  var twinRevision = 0
  /// What is being worked on; one order at a time.
  private(set) var isWaiting = false
  /// What that order belongs to; nil once it has been told to stop.
  private var awaited: (kind: ComparisonOrder.Kind, revision: Int)?
  private(set) var answers: [ComparisonOrder.Kind: ComparisonAnswer] = [:]
  /// Answers about states of affairs before this one are of another network.
  private var oldest = 0
  private var oldestNetwork = 0
  private var oldestTwin = 0
  /// Training's clock at the last order, in seconds.
  private var ordered = -Double.infinity

  /// The share of one processor that comparisons may take while training runs.
  private static let share = 0.05

  /// The answer to show: of this state of affairs or, while weights move on by themselves, the last one.
  func value(_ kind: ComparisonOrder.Kind, isTraining: Bool) -> ComparisonAnswer.Value? {
    guard let answer = answers[kind], isTraining || answer.revision == revision(kind) else {
      return nil
    }
    return answer.value
  }

  /// Whether a new answer is worth its time; `trained` is training's clock while it runs.
  mutating func begin(_ kind: ComparisonOrder.Kind, trained: Double?) -> Bool {
    let last = answers[kind]
    guard !isWaiting, isMissing(kind) else { return false }
    if let trained {
      // Another training has begun: its clock starts anew.
      if trained < ordered { ordered = -.infinity }
      guard trained - ordered >= (last?.seconds ?? 0) / Comparisons.share else { return false }
      ordered = trained
    }
    isWaiting = true
    awaited = (kind, revision(kind))
    return true
  }

  /// Whether what is being worked on is of no use any more, and has not yet been told so.
  mutating func stop(_ needed: ComparisonOrder.Kind?) -> Bool {
    guard let awaited, awaited.kind != needed || awaited.revision != revision(awaited.kind) else {
      return false
    }
    self.awaited = nil
    return true
  }

  /// Whether there is no answer of this state of affairs, or not all of it.
  func isMissing(_ kind: ComparisonOrder.Kind) -> Bool {
    guard let answer = answers[kind], answer.revision == revision(kind) else { return true }
    if case .resetMean(let mean) = answer.value { return mean.done < mean.count }
    return false
  }

  /// The state of affairs that an answer must belong to.
  func revision(_ kind: ComparisonOrder.Kind) -> Int {
    kind.isOfNetwork ? networkRevision : kind == .twin ? twinRevision : revision
  }

  mutating func take(_ answer: ComparisonAnswer) {
    isWaiting = false
    awaited = nil
    if case .givenUp = answer.value { return }
    if answer.kind.isOfNetwork {
      if answer.revision >= oldestNetwork { answers[answer.kind] = answer }
    } else if answer.kind == .twin {
      if answer.revision >= oldestTwin { answers[answer.kind] = answer }
    } else if answer.revision >= oldest {
      answers[answer.kind] = answer
    }
  }

  /// Another network: no answer about the former one, here or on its way, may be shown.
  mutating func discard() {
    revision += 1
    networkRevision += 1
    twinRevision += 1
    oldest = revision
    oldestTwin = twinRevision
    oldestNetwork = networkRevision
    answers = [:]
  }
}

extension Model {
  /// What the panels on screen compare with; nil where no panel compares.
  private var comparisonKind: ComparisonOrder.Kind? {
    let shown = panelsInSight
    let needed = shown.compactMap { $0.comparison(self) }
    // One at a time: what has been answered gives way to what has not.
    return needed.first { comparisons.isMissing($0) } ?? needed.first
  }

  /// Orders the comparison that is missing on screen.
  mutating func orderComparison() -> [Effect] {
    let kind = comparisonKind
    // While training runs every probe is another state of affairs: what is begun is finished.
    if training.state != .running, comparisons.stop(kind) { return [.stopComparing] }
    guard let kind, kind != .twin || computed.twin != nil,
      comparisons.begin(kind, trained: training.state == .running ? training.seconds : nil)
    else { return [] }
    return [
      .compare(
        ComparisonOrder(
          kind: kind, revision: comparisons.revision(kind), parameters: computed.parameters,
          session: session, twin: computed.twin?.session, samples: data.test,
          former: resetMean(kind)))
    ]
  }

  /// What the reset screen compares with. Means are of weights that stand still.
  var resetKind: ComparisonOrder.Kind {
    showsResetMean && training.state != .running ? .resetMean(basis) : .resets(basis)
  }

  /// The three resets of the sample, or their means as far as they have come.
  var resetComparison: ResetComparison? {
    switch comparison(resetKind) {
    case .resets(let value): return value
    case .resetMean(let mean): return mean.comparison
    default: return nil
    }
  }

  /// What the comparison of resets is about: `this sample`, `mean of 12 of 64 samples`.
  var resetSamples: String {
    guard case .resetMean = resetKind else { return "this sample" }
    guard case .resetMean(let mean) = comparison(resetKind) else { return "mean, computing" }
    return mean.done < mean.count
      ? "mean of \(mean.done) of \(mean.count) samples" : "mean of \(mean.count) samples"
  }

  /// A mean that is under way.
  private func resetMean(_ kind: ComparisonOrder.Kind) -> ResetMean? {
    guard case .resetMean = kind, case .resetMean(let mean) = comparison(kind) else { return nil }
    return mean
  }

  /// `a*` and the exact `β` of the sample.
  package var exactSolutions: (equilibrium: ExactResult?, implicit: ExactResult?) {
    guard case .solutions(let equilibrium, let implicit) = comparison(.solutions) else {
      return (nil, nil)
    }
    return (equilibrium, implicit)
  }

  /// What the score says of the sample beyond its spikes.
  var scoreFacts: ScoreFacts? {
    guard case .score(let facts) = comparison(.score) else { return nil }
    return facts
  }

  /// What has come of a comparison; nil while it is being worked out.
  func comparison(_ kind: ComparisonOrder.Kind) -> ComparisonAnswer.Value? {
    comparisons.value(kind, isTraining: training.state == .running)
  }
}
