/// What the synaptic operations of a ledger take, in µJ: for all of its samples together.
public struct LedgerEnergy: Sendable, Equatable {
  /// The forward stage.
  public let forward: Double
  /// The backward stage.
  public let backward: Double
  /// The weight gradient.
  public let gradient: Double
  /// All dense figures.
  public let dense: Double
  /// The ordinary network, all passes.
  public let ordinaryNetwork: Double

  /// All stages.
  public var total: Double { forward + backward + gradient }

  /// The energy of a stage.
  public subscript(stage: LedgerStage) -> Double {
    switch stage {
    case .forward: forward
    case .backward: backward
    case .gradient: gradient
    }
  }
}

extension Ledger {
  /// What the operations take.
  public func energy(_ constants: EnergyConstants) -> LedgerEnergy {
    func done(_ stage: LedgerStage) -> Double { constants.microjoules(total(stage).done) }
    let all = total
    return LedgerEnergy(
      forward: done(.forward), backward: done(.backward), gradient: done(.gradient),
      dense: constants.microjoules(all.dense),
      ordinaryNetwork: constants.microjoules(
        SynapticOperations(multiplyAccumulates: all.ordinary)))
  }
}

/// The figures of NeuroBench's algorithm track that a network has, of the forward stage and without pools; means over
/// samples.
///
/// A connection whose weight is exactly 0 counts among the operations as any other.
public struct NeuroBenchFigures: Sendable, Equatable {
  /// Weights and biases.
  public let parameterCount: Int
  /// Bytes of them in single precision.
  public let footprintBytes: Int
  /// Share of the weights that are 0.
  public let connectionSparsity: Double
  /// Share of (unit, step) pairs without a spike.
  public let activationSparsity: Double
  /// The same for each layer.
  public let layerActivationSparsity: [Double]
  /// Accumulates.
  public let effectiveACs: Double
  /// Multiply-accumulates.
  public let effectiveMACs: Double
  /// Operations of either sort in a dense program.
  public let dense: Double

  /// The figures of a network and of what was counted of some samples.
  ///
  /// - Parameters:
  ///   - parameters: the weights.
  ///   - tally: what was counted.
  ///   - ledger: the ledger of the same samples.
  public init(parameters: Parameters, tally: Tally, ledger: Ledger) {
    parameterCount = parameters.specifications.reduce(0) { $0 + $1.count }
    footprintBytes = parameterCount * MemoryLayout<Float>.size
    let weights = zip(parameters.specifications, parameters.values).filter {
      $0.0.name.hasSuffix(".weight")
    }
    let zeros = weights.reduce(0) { sum, weight in sum + weight.1.count { $0 == 0 } }
    let connections = weights.reduce(0) { $0 + $1.1.count }
    connectionSparsity = Double(zeros) / Double(max(1, connections))
    let updates = tally.forward.updates.reduce(0, +)
    let spikes = tally.forward.spikes.reduce(0, +)
    activationSparsity = 1 - Double(spikes) / Double(max(1, updates))
    layerActivationSparsity = tally.forward.rate.map { 1 - $0 }
    let cost = ledger.mean.total(.forward, pools: false)
    effectiveACs = cost.done.accumulates
    effectiveMACs = cost.done.multiplyAccumulates
    dense = cost.dense.total
  }
}
