/// Sums over the batches of one epoch, in batch order.
public struct EpochTally: Sendable, Equatable {
  /// Samples trained on.
  public var samples = 0
  /// Additions of a weight to a potential, both stages.
  public var synapticOperations = 0
  /// Sum of the samples' cross-entropies.
  public var loss = 0.0
  /// Samples classified rightly.
  public var correct = 0.0
  /// Per layer: sum over samples of their forward rates.
  public var forwardRate: [Double]
  /// Per layer: the same for backward rates.
  public var backwardRate: [Double]

  /// Nothing yet, for a network of `layers`.
  public init(layers: Int) {
    forwardRate = [Double](repeating: 0, count: layers)
    backwardRate = forwardRate
  }

  mutating func add(_ record: BatchRecord) {
    let weight = Double(record.samples)
    samples += record.samples
    synapticOperations += record.synapticOperations
    loss += record.loss * weight
    correct += record.accuracy * weight
    for layer in forwardRate.indices {
      forwardRate[layer] += record.forwardRate[layer] * weight
      backwardRate[layer] += record.backwardRate[layer] * weight
    }
  }

  private var count: Double { Double(max(1, samples)) }
  var meanLoss: Double { loss / count }
  var meanAccuracy: Double { correct / count }
  var meanForwardRate: [Double] { forwardRate.map { $0 / count } }
  var meanBackwardRate: [Double] { backwardRate.map { $0 / count } }
}

extension NetworkPlan {
  /// Additions of a weight to a potential, were every unit to spike at every one of `steps` steps of so many samples:
  /// none can take more.
  public func synapticOperations(ofSamples samples: Int, steps: Int) -> Double {
    let ofStep = allLinks.reduce(0.0) { $0 + Double(products($1)) }
    return ofStep * Double(steps) * Double(samples)
  }
}
