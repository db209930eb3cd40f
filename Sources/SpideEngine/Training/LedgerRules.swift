/// The rules of the ledger (TheMethod.md, "Ledger"): what was counted, and what a dense program and an ordinary network take.
struct LedgerRules {
  private let tally: Tally
  private let plan: NetworkPlan
  private let isVarying: Bool
  private let samples: Double

  init(_ tally: Tally, _ plan: NetworkPlan, isVarying: Bool) {
    (self.tally, self.plan, self.isVarying) = (tally, plan, isVarying)
    samples = Double(tally.samples)
  }

  /// The entries of all links and of the classifier.
  func entries() -> [Ledger.Entry] {
    let links = plan.allLinks
    return links.enumerated().map { entry($1, number: $0) } + [classifier(number: links.count)]
  }

  private func entry(_ link: LinkID, number: Int) -> Ledger.Entry {
    let connections = plan.connections(of: link)
    let hasWeights = connections?.hasWeights ?? false
    var entry = Ledger.Entry(name: link.name, isPool: !hasWeights)
    count(&entry, number)
    let all = Double(connections?.count ?? 0)
    if link == .input {
      entry.forward.dense.multiplyAccumulates = all * (isVarying ? steps(tally.forward) : samples)
    } else {
      // Feedback carries the spikes of the step before, so that those of the last one do not travel.
      func carried(_ stage: StageTally) -> Double {
        steps(stage) == 0 ? 0 : steps(stage) - (link == .feedback ? samples : 0)
      }
      entry.forward.dense.accumulates = all * carried(tally.forward)
      entry.backward.dense.accumulates = all * carried(tally.backward)
    }
    if hasWeights { addPasses(&entry, all, back: link != .input) }
    return entry
  }

  private func classifier(number: Int) -> Ledger.Entry {
    var entry = Ledger.Entry(name: "classifier", isPool: false)
    count(&entry, number)
    let all = Double(plan.classifierConnections.count)
    entry.forward.dense.multiplyAccumulates = all * samples
    if hasBackward { entry.backward.dense.multiplyAccumulates = all * samples }
    addPasses(&entry, all, back: true)
    return entry
  }

  /// What was counted over a link; the classifier, behind all links, has no accumulates.
  private func count(_ entry: inout Ledger.Entry, _ number: Int) {
    func operations(_ stage: StageTally) -> SynapticOperations {
      SynapticOperations(
        accumulates: number < stage.operations.count ? Double(stage.operations[number]) : 0,
        multiplyAccumulates: Double(stage.multiplyAccumulates[number]))
    }
    entry.forward.done = operations(tally.forward)
    entry.backward.done = operations(tally.backward)
    entry.gradient.done.multiplyAccumulates = Double(tally.gradient[number])
  }

  /// The dense weight gradient, and the passes of an ordinary network over all connections of a link.
  private func addPasses(_ entry: inout Ledger.Entry, _ all: Double, back: Bool) {
    entry.forward.ordinary = all * samples
    guard hasBackward else { return }
    if back { entry.backward.ordinary = all * samples }
    entry.gradient.ordinary = all * samples
    entry.gradient.dense.multiplyAccumulates = all * samples
  }

  private var hasBackward: Bool { tally.backward.updates[0] > 0 }

  /// Steps of a stage, over all samples.
  private func steps(_ stage: StageTally) -> Double {
    Double(stage.updates[0]) / Double(plan.layers[0].count)
  }
}
