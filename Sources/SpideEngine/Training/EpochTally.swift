/// Sums over the batches of one epoch, in batch order.
public struct EpochTally: Sendable, Equatable {
  /// What was counted over the samples trained on.
  public var counts: Tally
  /// Sum of the samples' cross-entropies.
  public var loss = 0.0
  /// Additions of a weight to a potential that are not in ``counts``: an older checkpoint does not tell links apart.
  public var earlierOperations = 0
  /// Of ``samples`` those whose multiply-accumulates are not in ``counts``: an older checkpoint does not have them. The record
  /// of the epoch then has no operations by stage; that of the next one has.
  public var samplesWithoutProducts = 0

  /// Nothing yet.
  public init(plan: NetworkPlan) { counts = Tally(plan: plan) }

  /// Samples trained on.
  public var samples: Int {
    get { counts.samples }
    set { counts.samples = newValue }
  }

  mutating func add(_ record: BatchRecord) {
    counts += record.tally
    loss += record.loss * Double(record.samples)
  }

  var meanLoss: Double { loss / Double(max(1, samples)) }
  var synapticOperations: Int { counts.synapticOperations + earlierOperations }
  /// By stage; nil where not all is known.
  var operations: StageOperations? {
    samplesWithoutProducts == 0 && earlierOperations == 0 ? StageOperations(counts) : nil
  }
}

extension NetworkPlan {
  /// Additions of a weight to a potential, were every unit to spike at every one of `steps` steps of so many samples:
  /// none can take more.
  public func synapticOperations(ofSamples samples: Int, steps: Int) -> Double {
    let ofStep = allLinks.reduce(0.0) { $0 + Double(products($1)) }
    return ofStep * Double(steps) * Double(samples)
  }
}
