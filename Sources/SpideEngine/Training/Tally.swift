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

  /// So many counted.
  public init(samples: Int, correct: Int, forward: StageTally, backward: StageTally) {
    (self.samples, self.correct) = (samples, correct)
    (self.forward, self.backward) = (forward, backward)
  }

  /// Nothing yet.
  public init(plan: NetworkPlan) {
    let none = StageTally(plan: plan)
    self.init(samples: 0, correct: 0, forward: none, backward: none)
  }

  /// A micro-batch after its stages, or after the forward stage alone.
  init(_ run: BlockRun, labels: [Int], hasRunBackward: Bool) {
    let (plan, dynamics) = (run.network.plan, run.network.dynamics)
    func updates(_ steps: Int) -> [Int] { plan.layers.map { run.samples * steps * $0.count } }
    samples = run.samples
    correct = zip(run.readouts, labels).count { $0.prediction == $1 }
    forward = StageTally(
      spikes: run.forwardSpikes, updates: updates(dynamics.forwardSteps),
      operations: run.forwardOperations)
    backward = StageTally(
      spikes: run.backwardSpikes, updates: updates(hasRunBackward ? dynamics.backwardSteps : 0),
      operations: run.backwardOperations)
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
  }
}

/// What was counted of one stage.
public struct StageTally: Sendable, Equatable {
  /// Spikes of each layer, of either sign.
  public var spikes: [Int]
  /// Neuron updates of each layer: units times steps, over all samples.
  public var updates: [Int]
  /// Additions of a weight to a potential over each link, in the order of ``NetworkPlan/allLinks``. Over the input link
  /// travel real values, not spikes: it has 0.
  public var operations: [Int]

  /// So many counted.
  public init(spikes: [Int], updates: [Int], operations: [Int]) {
    precondition(spikes.count == updates.count, "\(updates.count) of \(spikes.count) layers")
    (self.spikes, self.updates, self.operations) = (spikes, updates, operations)
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

  /// Adds what was counted over other samples of the same network.
  public static func += (tally: inout StageTally, other: StageTally) {
    for layer in tally.spikes.indices {
      tally.spikes[layer] += other.spikes[layer]
      tally.updates[layer] += other.updates[layer]
    }
    for link in tally.operations.indices { tally.operations[link] += other.operations[link] }
  }
}
