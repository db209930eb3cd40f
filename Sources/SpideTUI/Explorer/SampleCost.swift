import SpideEngine
import SpideExperiment

/// Whose ledger is shown.
enum LedgerSubject: String, Hashable, Sendable, CaseIterable {
  /// The shown sample's.
  case sample
  /// The mean of the first ``count`` samples of the test set.
  case samples
  /// The mean over all that was trained on here.
  case training

  /// How many samples make a mean.
  static let count = 64

  /// The next one of them, or the one before.
  func next(_ direction: Int) -> LedgerSubject {
    let all = LedgerSubject.allCases
    let place = all.firstIndex(of: self) ?? 0
    return all[(place + direction + all.count) % all.count]
  }
}

/// What samples took, with what follows from it for the ledger screen.
struct SampleCost: Sendable {
  let tally: Tally
  /// Of one sample: the mean.
  let ledger: Ledger
  let figures: NeuroBenchFigures

  init(_ tally: Tally, plan: NetworkPlan, parameters: Parameters, isVarying: Bool) {
    self.tally = tally
    let ledger = Ledger(tally, plan: plan, isVarying: isVarying)
    self.ledger = ledger.mean
    figures = NeuroBenchFigures(parameters: parameters, tally: tally, ledger: ledger)
  }

  /// The cost of a sample, to its end.
  init?(of session: Session, parameters: Parameters) {
    var session = session
    session.move(to: session.end)
    guard let tally = session.tally else { return nil }
    var isVarying = false
    if case .varying = session.input { isVarying = true }
    self.init(tally, plan: session.plan, parameters: parameters, isVarying: isVarying)
  }

  /// The mean cost of the first samples of a set, as those of a batch of `session`'s size.
  init(ofFirst samples: any SampleSource, like session: Session, parameters: Parameters) {
    let tally = Tally(
      first: LedgerSubject.count, of: samples, plan: session.plan, parameters: parameters,
      dynamics: session.dynamics, batch: session.batch)
    self.init(
      tally, plan: session.plan, parameters: parameters, isVarying: samples.frames > 1)
  }
}

extension Model {
  /// The cost that the ledger screen shows; nil while it is being worked out, or nothing has been trained.
  var cost: SampleCost? {
    switch ledgerSubject {
    case .sample:
      guard case .cost(let cost) = comparison(.sampleCost) else { return nil }
      return cost
    case .samples:
      guard case .cost(let cost) = comparison(.meanCost) else { return nil }
      return cost
    case .training:
      return training.curves.tally.map {
        SampleCost($0, plan: plan, parameters: parameters, isVarying: data.train.frames > 1)
      }
    }
  }

  /// What stands there while there is no cost.
  var costHint: String {
    ledgerSubject == .training ? "t starts training" : "computing …"
  }

  /// Whose cost it is, in words.
  var costSubject: String {
    switch ledgerSubject {
    case .sample: return "this sample"
    case .samples:
      return "mean of \(Words.counted(min(LedgerSubject.count, data.test.count), "test sample"))"
    case .training:
      let samples = training.curves.tally?.samples ?? 0
      return "mean of \(Words.counted(samples, "trained sample"))"
    }
  }

  /// What a panel that shows the cost needs computed.
  var costComparison: ComparisonOrder.Kind? {
    switch ledgerSubject {
    case .sample: return .sampleCost
    case .samples: return .meanCost
    case .training: return nil
    }
  }
}

extension Action {
  /// Shows the ledger of the next subject (1), or of the one before (-1).
  static func nextLedgerSubject(_ direction: Int) -> Action {
    Action { model in
      model.ledgerSubject = model.ledgerSubject.next(direction)
      return []
    }
  }
}
