import Dispatch
import Synchronization

/// Runs the samples of a batch in parallel, with sums whose order depends on nothing but the batch.
final class ShardPool: Sendable {
  /// Parts that a batch is cut into, whatever the number of threads: more parts share the work more evenly,
  /// and each costs the memory of one gradient.
  static let shardCount = 8

  /// Parts of a batch of so many samples.
  static func shards(of batch: Int) -> Int { min(shardCount, max(1, batch / 8)) }

  private let threads: Int
  private let workers: [Worker]
  private let shards: [Shard]

  init(threads: Int) {
    self.threads = threads
    workers = (0..<threads).map { _ in Worker() }
    shards = (0..<ShardPool.shardCount).map { _ in Shard() }
  }

  /// The gradients and the tally of a batch.
  func train(_ job: TrainingJob) -> (gradients: Parameters, tally: BatchTally) {
    let count = ShardPool.shards(of: job.indices.count)
    inParallel(count) { [shards, workers] worker, shard in
      job.run(
        ShardPool.part(shard, of: count, job.indices.count), &workers[worker].memory,
        into: &shards[shard].sum)
    }
    return add(shards[..<count], job.network)
  }

  /// Adds the shards in order, some of the numbers on each thread.
  private func add(
    _ shards: ArraySlice<Shard>, _ network: BlockNetwork
  ) -> (Parameters, BatchTally) {
    inParallel(threads) { [threads] _, slice in
      guard let total = shards.first?.sum?.gradients else { return }
      let range = ShardPool.part(slice, of: threads, total.count)
      for shard in shards.dropFirst() {
        if let sum = shard.sum { total.add(sum.gradients, range) }
      }
    }
    guard let first = shards.first?.sum else { preconditionFailure("an empty batch") }
    var tally = first.tally
    for shard in shards.dropFirst() { if let sum = shard.sum { tally.add(sum.tally) } }
    return (first.gradients.parameters(network: network), tally)
  }

  /// The forward stage over a whole set, or over a part of it once that is not wanted any more.
  func evaluate(
    network: BlockNetwork, samples: any SampleSource,
    while isWanted: @escaping @Sendable () -> Bool = { true }
  ) -> Evaluation {
    let parts = min(64, max(1, samples.count))
    let results = Guarded([Evaluation?](repeating: nil, count: parts))
    inParallel(parts) { [workers] worker, part in
      var evaluation = Evaluation(plan: network.plan, dynamics: network.dynamics)
      let run = BlockRun.run(network, frames: samples.frames, &workers[worker].memory)
      for block in run.blocks(of: ShardPool.part(part, of: parts, samples.count))
      where isWanted() {
        run.begin()
        for index in block { run.add(index, of: samples, augmentation: nil, masks: nil) }
        run.runForward()
        evaluation.add(run, labels: block.map(samples.label))
      }
      results.withLock { $0[part] = evaluation }
    }
    var total = Evaluation(plan: network.plan, dynamics: network.dynamics)
    for case let part? in results.withLock({ $0 }) { total.add(part) }
    return total
  }

  /// Calls `body` with a worker's number and each of `0 ..< count`, from at most `threads` threads, in any order.
  func inParallel(_ count: Int, _ body: @escaping @Sendable (Int, Int) -> Void) {
    let workers = min(threads, count)
    if workers <= 1 { return (0..<count).forEach { body(0, $0) } }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(worker, index)
      }
    }
  }

  private static func part(_ part: Int, of parts: Int, _ count: Int) -> Range<Int> {
    part * count / parts..<(part + 1) * count / parts
  }
}

/// The memory that one thread runs its blocks in, kept from batch to batch.
///
/// Unchecked, because a worker's number belongs to one thread while anything runs in parallel.
private final class Worker: @unchecked Sendable {
  var memory: BlockMemory?
}

/// What one part of a batch adds up, kept from batch to batch.
///
/// Unchecked, because a part is taken by one thread, and when the parts are added every thread has its own range.
private final class Shard: @unchecked Sendable {
  var sum: ShardSum?
}

/// What a shard adds up.
final class ShardSum {
  let gradients: BlockGradients
  var tally = BatchTally()

  init(network: BlockNetwork) { gradients = BlockGradients(network: network) }
}

/// One batch to train on.
struct TrainingJob: Sendable {
  let network: BlockNetwork
  let samples: any SampleSource
  /// Indices into `samples`, in batch order.
  let indices: [Int]
  /// Seeds the augmentation and the dropout of each sample, together with its index.
  let seed: UInt64

  /// Runs some samples of the batch in order.
  func run(_ range: Range<Int>, _ memory: inout BlockMemory?, into shard: inout ShardSum?) {
    let sum = shard ?? ShardSum(network: network)
    shard = sum
    sum.gradients.reset()
    sum.tally = BatchTally()
    let run = BlockRun.run(network, frames: samples.frames, &memory)
    let clock = ContinuousClock()
    for block in run.blocks(of: range) {
      var moments = [clock.now]
      run.begin()
      for position in block {
        let index = indices[position]
        let sampleSeed = SeededGenerator.stream(seed, UInt64(index))
        run.add(
          index, of: samples, augmentation: sampleSeed,
          masks: network.usesDropout ? SeededGenerator.stream(sampleSeed, 1) : nil)
      }
      let labels = block.map { samples.label(indices[$0]) }
      run.runForward()
      moments.append(clock.now)
      run.runBackward(labels: labels, batch: indices.count)
      moments.append(clock.now)
      sum.gradients.add(run)
      moments.append(clock.now)
      sum.tally.add(run, labels: labels, phases: PhaseTimes(moments))
    }
  }
}
