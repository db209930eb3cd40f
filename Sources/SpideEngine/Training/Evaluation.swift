/// How a network does on a set of samples, from the forward stage alone.
public struct Evaluation: Sendable, Equatable {
  /// Samples seen.
  public private(set) var samples = 0
  /// How often label `row` was taken for class `column`.
  public private(set) var confusion: [[Int]]
  private var lossSum = 0.0
  private var spikes: [Int]
  private let slots: [Int]

  init(plan: NetworkPlan, dynamics: Dynamics) {
    confusion = [[Int]](
      repeating: [Int](repeating: 0, count: plan.classes), count: plan.classes)
    spikes = [Int](repeating: 0, count: plan.layers.count)
    slots = plan.layers.map { $0.count * dynamics.forwardSteps }
  }

  /// Runs a network over a whole set, on so many threads.
  public init(
    of samples: any SampleSource, plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics,
    threads: Int
  ) {
    let network = BlockNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    self = ShardPool(threads: max(1, threads)).evaluate(network: network, samples: samples)
  }

  /// The same for as long as it is wanted, asked from any thread before every few samples; nil once it is not.
  public init?(
    of samples: any SampleSource, plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics,
    threads: Int, while isWanted: @escaping @Sendable () -> Bool
  ) {
    let network = BlockNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    self = ShardPool(threads: max(1, threads))
      .evaluate(network: network, samples: samples, while: isWanted)
    guard self.samples == samples.count else { return nil }
  }

  /// Samples classified rightly.
  public var correct: Int { confusion.indices.reduce(0) { $0 + confusion[$1][$1] } }
  /// Share of samples classified rightly.
  public var accuracy: Double { Double(correct) / Double(max(1, samples)) }
  /// Mean cross-entropy, without the loss scale.
  public var loss: Double { lossSum / Double(max(1, samples)) }
  /// Per layer: share of (sample, step, unit) triples with a spike.
  public var forwardRate: [Double] {
    zip(spikes, slots).map { Double($0) / Double(max(1, samples * $1)) }
  }

  mutating func add(_ run: BlockRun, labels: [Int]) {
    samples += labels.count
    for (readout, label) in zip(run.readouts, labels) {
      lossSum += Double(readout.loss(label: label))
      confusion[label][readout.prediction] += 1
    }
    for (index, count) in run.forwardSpikes.enumerated() { spikes[index] += count }
  }

  mutating func add(_ other: Evaluation) {
    samples += other.samples
    lossSum += other.lossSum
    for row in confusion.indices {
      for column in confusion[row].indices {
        confusion[row][column] += other.confusion[row][column]
      }
    }
    for layer in spikes.indices { spikes[layer] += other.spikes[layer] }
  }
}
