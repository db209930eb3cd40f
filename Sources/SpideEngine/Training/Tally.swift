/// What was counted over some samples. Whole numbers, which are the same in whatever order they are added.
public struct Tally: Sendable, Equatable {
  /// Samples counted.
  public private(set) var samples = 0
  /// Of them those that were classified rightly.
  public private(set) var correct = 0
  /// The forward stage's.
  public private(set) var forward: StageTally
  /// The backward stage's; zeros where only the forward stage ran.
  public private(set) var backward: StageTally

  /// Nothing yet.
  public init(plan: NetworkPlan) {
    forward = StageTally(plan: plan)
    backward = forward
  }

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

  /// Adds a block after its stages.
  mutating func add(_ run: BlockRun, labels: [Int]) {
    samples += labels.count
    correct += zip(run.readouts, labels).count { $0.prediction == $1 }
    forward += StageTally(spikes: run.forwardSpikes, operations: run.forwardOperations)
    backward += StageTally(spikes: run.backwardSpikes, operations: run.backwardOperations)
  }

  /// Per layer: share of (sample, step, unit) triples with a forward spike.
  public func forwardRate(plan: NetworkPlan, dynamics: Dynamics) -> [Double] {
    rate(forward, plan, steps: dynamics.forwardSteps)
  }

  /// Per layer: the same for backward spikes of either sign.
  public func backwardRate(plan: NetworkPlan, dynamics: Dynamics) -> [Double] {
    rate(backward, plan, steps: dynamics.backwardSteps)
  }

  private func rate(_ stage: StageTally, _ plan: NetworkPlan, steps: Int) -> [Double] {
    zip(stage.spikes, plan.layers).map { Double($0) / Double(max(1, samples * steps * $1.count)) }
  }
}

/// What was counted of one stage.
public struct StageTally: Sendable, Equatable {
  /// Spikes of each layer, of either sign.
  public private(set) var spikes: [Int]
  /// Additions of a weight to a potential over each link, in the order of ``NetworkPlan/allLinks``. Real values travel
  /// over the input link, not spikes: its are 0.
  public private(set) var operations: [Int]

  init(spikes: [Int], operations: [Int]) { (self.spikes, self.operations) = (spikes, operations) }

  init(plan: NetworkPlan) {
    spikes = [Int](repeating: 0, count: plan.layers.count)
    operations = [Int](repeating: 0, count: plan.allLinks.count)
  }

  static func += (tally: inout StageTally, other: StageTally) {
    for index in tally.spikes.indices { tally.spikes[index] += other.spikes[index] }
    for index in tally.operations.indices { tally.operations[index] += other.operations[index] }
  }
}
