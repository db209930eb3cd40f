/// What was counted over some samples. Whole numbers, which add up to the same in any order.
public struct Tally: Sendable, Equatable {
  /// Samples counted.
  public var samples: Int
  /// Of them those that were classified rightly.
  public var correct: Int
  /// The forward stage's.
  public var forward: StageTally
  /// The backward stage's; zeros where only the forward stage ran.
  public var backward: StageTally
  /// Multiply-accumulates of the weight gradient over each link, in the order of ``NetworkPlan/allLinks``, then of the
  /// classifier: connections with an error that is not 0 at one end and a rate that is not 0 at the other. A unit that a
  /// link drops has no error over that link.
  public var gradient: [Int]

  /// So many counted; without `gradient` none of its products.
  public init(
    samples: Int, correct: Int, forward: StageTally, backward: StageTally, gradient: [Int]? = nil
  ) {
    (self.samples, self.correct) = (samples, correct)
    (self.forward, self.backward) = (forward, backward)
    self.gradient =
      gradient ?? [Int](repeating: 0, count: forward.multiplyAccumulates.count)
  }

  /// Nothing yet.
  public init(plan: NetworkPlan) {
    let none = StageTally(plan: plan)
    self.init(samples: 0, correct: 0, forward: none, backward: none)
  }

  /// A micro-batch after its stages, or after the forward stage alone.
  package init(_ run: BlockRun, labels: [Int], hasRunBackward: Bool) {
    let (plan, dynamics) = (run.network.plan, run.network.dynamics)
    func updates(_ steps: Int) -> [Int] { plan.layers.map { run.samples * steps * $0.count } }
    samples = run.samples
    correct = zip(run.readouts, labels).count { $0.prediction == $1 }
    forward = StageTally(
      spikes: run.forwardSpikes, updates: updates(dynamics.forwardSteps),
      operations: run.forwardOperations, multiplyAccumulates: run.forwardProducts)
    backward = StageTally(
      spikes: run.backwardSpikes, updates: updates(hasRunBackward ? dynamics.backwardSteps : 0),
      operations: run.backwardOperations, multiplyAccumulates: run.backwardProducts)
    gradient = run.gradientProducts
  }

  /// Share of the samples classified rightly.
  public var accuracy: Double { Double(correct) / Double(max(1, samples)) }

  /// Additions of a weight to a potential, both stages.
  public var synapticOperations: Int {
    forward.operations.reduce(0, +) + backward.operations.reduce(0, +)
  }

  /// Adds what was counted over other samples of the same network.
  public static func += (tally: inout Tally, other: Tally) {
    tally.samples += other.samples
    tally.correct += other.correct
    tally.forward += other.forward
    tally.backward += other.backward
    for link in tally.gradient.indices { tally.gradient[link] += other.gradient[link] }
  }

  /// Takes away what was counted over some of the samples.
  public static func -= (tally: inout Tally, part: Tally) {
    tally.samples -= part.samples
    tally.correct -= part.correct
    tally.forward -= part.forward
    tally.backward -= part.backward
    for link in tally.gradient.indices { tally.gradient[link] -= part.gradient[link] }
  }
}

/// What was counted of one stage.
public struct StageTally: Sendable, Equatable {
  /// Spikes of each layer, of either sign.
  public var spikes: [Int]
  /// Neuron updates of each layer: units times steps, over all samples.
  public var updates: [Int]
  /// Accumulates, additions of a weight to a potential, over each link, in the order of ``NetworkPlan/allLinks``. Over the
  /// input link travel real values, not spikes: it has 0. What arrives at a unit that a link drops is added up all the
  /// same; the spikes of such a unit do not travel back over the link.
  public var operations: [Int]
  /// Multiply-accumulates over each link, in the same order, and then over the classifier: connections of numbers that
  /// are not 0. Over links that carry spikes there are none.
  public var multiplyAccumulates: [Int]

  /// So many counted; without `multiplyAccumulates` none of these.
  public init(
    spikes: [Int], updates: [Int], operations: [Int], multiplyAccumulates: [Int]? = nil
  ) {
    precondition(spikes.count == updates.count, "\(updates.count) of \(spikes.count) layers")
    (self.spikes, self.updates, self.operations) = (spikes, updates, operations)
    self.multiplyAccumulates =
      multiplyAccumulates ?? [Int](repeating: 0, count: operations.count + 1)
  }

  /// Nothing yet.
  public init(plan: NetworkPlan) {
    let layers = [Int](repeating: 0, count: plan.layers.count)
    self.init(
      spikes: layers, updates: layers,
      operations: [Int](repeating: 0, count: plan.allLinks.count))
  }

  /// Per layer: share of (sample, step, unit) triples with a spike.
  public var rate: [Double] {
    zip(spikes, updates).map { Double($0) / Double(max(1, $1)) }
  }

  /// The same over the neurons of all layers together.
  public var meanRate: Double {
    Double(spikes.reduce(0, +)) / Double(max(1, updates.reduce(0, +)))
  }

  /// Adds what was counted over other samples of the same network.
  public static func += (tally: inout StageTally, other: StageTally) {
    for layer in tally.spikes.indices {
      tally.spikes[layer] += other.spikes[layer]
      tally.updates[layer] += other.updates[layer]
    }
    for link in tally.operations.indices { tally.operations[link] += other.operations[link] }
    for link in tally.multiplyAccumulates.indices {
      tally.multiplyAccumulates[link] += other.multiplyAccumulates[link]
    }
  }

  /// Takes away what was counted over some of the samples.
  public static func -= (tally: inout StageTally, part: StageTally) {
    for layer in tally.spikes.indices {
      tally.spikes[layer] -= part.spikes[layer]
      tally.updates[layer] -= part.updates[layer]
    }
    for link in tally.operations.indices { tally.operations[link] -= part.operations[link] }
    for link in tally.multiplyAccumulates.indices {
      tally.multiplyAccumulates[link] -= part.multiplyAccumulates[link]
    }
  }
}
