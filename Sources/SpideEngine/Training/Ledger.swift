/// What samples cost: the synaptic operations of each link in each stage, beside those of a dense program for the same
/// stages and those of an ordinary network of the same shape (TheMethod.md, "Ledger").
///
/// Sums over ``samples``; ``mean`` is that of one of them.
public struct Ledger: Sendable, Equatable {
  /// What a link, or all of them, did in one stage.
  public struct Cost: Sendable, Equatable {
    /// Counted.
    public var done = SynapticOperations()
    /// Were every unit to spike at every step, and no number 0.
    public var dense = SynapticOperations()
    /// Multiply-accumulates of an ordinary network, one pass each way.
    public var ordinary = 0.0

    /// Nothing.
    public init() {}

    /// Adds others.
    public static func += (cost: inout Cost, other: Cost) {
      cost.done += other.done
      cost.dense += other.dense
      cost.ordinary += other.ordinary
    }
  }

  /// One link's, or the classifier's.
  public struct Entry: Sendable, Equatable {
    /// The prefix of its parameters: `input`, `links.0`, `feedback`, `classifier`.
    public let name: String
    /// Whether it has no weights.
    public let isPool: Bool
    /// The forward stage.
    public var forward = Cost()
    /// The backward stage.
    public var backward = Cost()
    /// The weight gradient.
    public var gradient = Cost()

    /// Nothing yet.
    init(name: String, isPool: Bool) { (self.name, self.isPool) = (name, isPool) }

    /// The cost of a stage.
    public subscript(stage: LedgerStage) -> Cost {
      get { self[keyPath: stage.path] }
      set { self[keyPath: stage.path] = newValue }
    }
  }

  /// How many samples it was.
  public private(set) var samples: Int
  /// Links in the order of ``NetworkPlan/allLinks``, then the classifier.
  public private(set) var links: [Entry]
  /// Neurons times steps of the forward stage.
  public private(set) var forwardUpdates: Double
  /// Neurons times steps of the backward stage.
  public private(set) var backwardUpdates: Double

  /// The ledger of what was counted.
  ///
  /// - Parameters:
  ///   - tally: samples that either all went through both stages, or all through the forward stage alone.
  ///   - plan: the network that they went through.
  ///   - isVarying: whether the input has a frame for every step.
  public init(_ tally: Tally, plan: NetworkPlan, isVarying: Bool) {
    samples = tally.samples
    forwardUpdates = tally.forward.updates.reduce(0) { $0 + Double($1) }
    backwardUpdates = tally.backward.updates.reduce(0) { $0 + Double($1) }
    links = LedgerRules(tally, plan, isVarying: isVarying).entries()
  }

  /// All links' costs of a stage.
  ///
  /// - Parameters:
  ///   - stage: which of the three.
  ///   - pools: whether those of pools are among them.
  public func total(_ stage: LedgerStage, pools: Bool = true) -> Cost {
    links.reduce(into: Cost()) { if pools || !$1.isPool { $0 += $1[stage] } }
  }

  /// All stages' costs.
  public var total: Cost { LedgerStage.allCases.reduce(into: Cost()) { $0 += total($1) } }

  /// What one sample costs on average; of no samples nothing.
  public var mean: Ledger {
    guard samples > 1 else { return self }
    let parts = Double(samples)
    var mean = self
    mean.samples = 1
    mean.forwardUpdates /= parts
    mean.backwardUpdates /= parts
    for link in mean.links.indices {
      for stage in LedgerStage.allCases {
        mean.links[link][stage].done = links[link][stage].done / parts
        mean.links[link][stage].dense = links[link][stage].dense / parts
        mean.links[link][stage].ordinary /= parts
      }
    }
    return mean
  }

  /// Adds other samples of the same network.
  public static func += (ledger: inout Ledger, other: Ledger) {
    precondition(ledger.links.map(\.name) == other.links.map(\.name), "ledgers of two networks")
    ledger.samples += other.samples
    ledger.forwardUpdates += other.forwardUpdates
    ledger.backwardUpdates += other.backwardUpdates
    for link in ledger.links.indices {
      for stage in LedgerStage.allCases { ledger.links[link][stage] += other.links[link][stage] }
    }
  }
}

/// What a ledger tells apart in time.
public enum LedgerStage: String, Sendable, CaseIterable {
  /// The forward stage, with the readout.
  case forward
  /// The backward stage, with the readout's way back.
  case backward
  /// The products that weights learn from.
  case gradient

  fileprivate var path: WritableKeyPath<Ledger.Entry, Ledger.Cost> {
    switch self {
    case .forward: \.forward
    case .backward: \.backward
    case .gradient: \.gradient
    }
  }
}
