import Dispatch
import Synchronization

/// Runs the samples of a batch in parallel, with sums whose order depends on nothing but the batch.
final class ShardPool: Sendable {
  /// Parts that a batch is cut into, whatever the number of threads: more parts share the work more evenly,
  /// and each costs the memory of one gradient.
  static let shardCount = 8

  private let threads: Int
  private let shards: [Shard]

  init(threads: Int) {
    self.threads = threads
    shards = (0..<ShardPool.shardCount).map { _ in Shard() }
  }

  /// The gradients and the tally of a batch.
  func train(_ job: TrainingJob) -> ShardSum {
    let count = min(shards.count, job.indices.count)
    inParallel(count) { [shards] shard in
      shards[shard].sum.withLock { sum in
        job.run(ShardPool.part(shard, of: count, job.indices.count), into: &sum)
      }
    }
    var total = shards[0].sum.withLock { $0 } ?? ShardSum(network: job.network)
    for shard in shards[1..<count] {
      shard.sum.withLock { sum in
        if let sum { total.add(sum) }
      }
    }
    return total
  }

  /// The forward stage over a whole set.
  func evaluate(network: PackedNetwork, samples: any SampleSource) -> Evaluation {
    let parts = min(64, max(1, samples.count))
    let results = Mutex([Evaluation?](repeating: nil, count: parts))
    inParallel(parts) { part in
      var evaluation = Evaluation(plan: network.plan, dynamics: network.dynamics)
      var buffer = [Float](repeating: 0, count: samples.frames * samples.shape.count)
      for index in ShardPool.part(part, of: parts, samples.count) {
        samples.read(index, augmentation: nil, into: &buffer)
        let input = InputSignal(buffer, frames: samples.frames, size: samples.shape.count)
        let run = SampleRun(network: network, input: input, label: nil)
        evaluation.add(run, label: samples.label(index))
      }
      results.withLock { $0[part] = evaluation }
    }
    var total = Evaluation(plan: network.plan, dynamics: network.dynamics)
    for case let part? in results.withLock({ $0 }) { total.add(part) }
    return total
  }

  /// Calls `body` for `0 ..< count`, from at most `threads` threads, in any order.
  private func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let workers = min(threads, count)
    if workers <= 1 { return (0..<count).forEach(body) }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
  }

  private static func part(_ part: Int, of parts: Int, _ count: Int) -> Range<Int> {
    part * count / parts..<(part + 1) * count / parts
  }
}

/// The memory of one shard, kept from batch to batch. Locked by the one thread that works on it.
private final class Shard: Sendable {
  let sum = Mutex<ShardSum?>(nil)
}

/// What a shard adds up.
struct ShardSum: Sendable {
  var gradients: Gradients
  var tally = BatchTally()

  init(network: PackedNetwork) { gradients = Gradients(network: network) }

  mutating func add(_ other: ShardSum) {
    gradients.add(other.gradients)
    tally.add(other.tally)
  }
}

/// One batch to train on.
struct TrainingJob: Sendable {
  let network: PackedNetwork
  let samples: any SampleSource
  /// Indices into `samples`, in batch order.
  let indices: [Int]
  /// Seeds the augmentation and the dropout of each sample, together with its index.
  let seed: UInt64

  /// Runs some samples of the batch in order.
  func run(_ range: Range<Int>, into shard: inout ShardSum?) {
    var sum = shard.take() ?? ShardSum(network: network)
    sum.gradients.reset()
    sum.tally = BatchTally()
    var buffer = [Float](repeating: 0, count: samples.frames * samples.shape.count)
    for position in range {
      let index = indices[position]
      let sampleSeed = SeededGenerator.stream(seed, UInt64(index))
      samples.read(index, augmentation: sampleSeed, into: &buffer)
      let masks =
        network.usesDropout
        ? DropoutMasks(network: network, seed: SeededGenerator.stream(sampleSeed, 1)) : nil
      let label = samples.label(index)
      let run = SampleRun(
        network: network,
        input: InputSignal(buffer, frames: samples.frames, size: samples.shape.count),
        label: label, batch: indices.count, masks: masks)
      run.addGradients(to: &sum.gradients, network: network)
      sum.tally.add(run, label: label)
    }
    shard = sum
  }
}

/// Counts over the samples of a batch.
struct BatchTally: Sendable {
  private(set) var samples = 0
  private(set) var correct = 0
  private(set) var loss = 0.0
  private(set) var synapticOperations = 0
  private var forwardSpikes: [Int] = []
  private var backwardSpikes: [Int] = []

  mutating func add(_ run: SampleRun, label: Int) {
    samples += 1
    correct += run.readout.prediction == label ? 1 : 0
    loss += Double(run.readout.loss(label: label))
    synapticOperations += run.forward.synapticOperations
    BatchTally.add(run.forward.layers.map(\.spikeTotal), to: &forwardSpikes)
    guard let backward = run.backward else { return }
    synapticOperations += backward.state.synapticOperations
    BatchTally.add(backward.state.layers.map(\.spikeTotal), to: &backwardSpikes)
  }

  mutating func add(_ other: BatchTally) {
    samples += other.samples
    correct += other.correct
    loss += other.loss
    synapticOperations += other.synapticOperations
    BatchTally.add(other.forwardSpikes, to: &forwardSpikes)
    BatchTally.add(other.backwardSpikes, to: &backwardSpikes)
  }

  private static func add(_ counts: [Int], to sums: inout [Int]) {
    if sums.isEmpty { sums = counts } else { for i in counts.indices { sums[i] += counts[i] } }
  }

  func forwardRate(plan: NetworkPlan, dynamics: Dynamics) -> [Double] {
    rate(forwardSpikes, plan, dynamics.forwardSteps)
  }

  func backwardRate(plan: NetworkPlan, dynamics: Dynamics) -> [Double] {
    rate(backwardSpikes, plan, dynamics.backwardSteps)
  }

  private func rate(_ spikes: [Int], _ plan: NetworkPlan, _ steps: Int) -> [Double] {
    zip(spikes, plan.layers).map { Double($0) / Double(max(1, samples * steps * $1.count)) }
  }
}
