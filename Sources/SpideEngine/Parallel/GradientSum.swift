/// The gradient of one batch, summed part by part and in the order of a ``ShardPlan``.
///
/// Parts are summed side by side. So that a few samples keep many threads busy, the shards of a part may be, too; then each
/// shard has a gradient of its own, else there are only as many as the order of the sum holds at a time.
final class GradientSum: Sendable {
  let parts: [GradientPart]
  /// Whether the shards of a part are summed side by side.
  let splitsShards: Bool
  private let blocks: BlockPlan
  private let shards: ShardPlan
  /// Kept from batch to batch; the first holds the total in the end.
  private let sums: [Sum]
  private let progress: [Progress]

  /// A gradient that a thread writes the part of that it sums.
  ///
  /// Unchecked, because a part of it belongs to one thread at a time: ``PartProgress`` gives it out.
  private struct Sum: @unchecked Sendable {
    let gradients: BlockGradients
  }

  /// A class, because arrays hold no ``Guarded`` values.
  private final class Progress: Sendable {
    let state: Guarded<PartProgress>
    init(_ state: PartProgress) { self.state = Guarded(state) }
  }

  /// Room for a batch of `batch` samples or fewer, in which there is nothing yet.
  init(network: BlockNetwork, shards: ShardPlan, batch: Int, workers: Int) {
    blocks = network.blocks
    self.shards = shards
    parts = GradientSum.parts(network.blocks, workers: workers)
    splitsShards = GradientSum.splitsShards(parts, workers: workers)
    let held = GradientSum.held(network.blocks, shards, batch: batch, workers: workers)
    sums = (0..<held).map { _ in Sum(gradients: BlockGradients(network: network)) }
    // Each has arrays of its own: threads that share one until it is changed look like a race to the sanitizer.
    progress = parts.map { _ in
      Progress(PartProgress(shards: shards.count(of: batch), shards.order, sums: held))
    }
  }

  /// Some for every thread, so that those of one are about as much work as those of another.
  private static func parts(_ blocks: BlockPlan, workers: Int) -> [GradientPart] {
    GradientPart.parts(of: blocks, count: workers > 1 ? 8 * workers : 1)
  }

  /// Whether one part would keep a thread busy for longer than its share of the work.
  private static func splitsShards(_ parts: [GradientPart], workers: Int) -> Bool {
    let all = parts.reduce(0) { $0 + $1.products }
    return workers > 1 && parts.contains { 2 * $0.products * Double(workers) > all }
  }

  /// Gradients that are held at a time for batches of `batch` samples.
  static func held(_ blocks: BlockPlan, _ shards: ShardPlan, batch: Int, workers: Int) -> Int {
    let splits = splitsShards(parts(blocks, workers: workers), workers: workers)
    let count = shards.count(of: batch)
    return splits ? count : Reduction<Int>.held(count, shards.order)
  }

  /// Forgets everything for a batch of another network with the same shapes, and tells whether there is room for it.
  func begin(_ network: BlockNetwork, _ shards: ShardPlan, batch: Int) -> Bool {
    let count = shards.count(of: batch)
    let held = splitsShards ? count : Reduction<Int>.held(count, shards.order)
    guard blocks === network.blocks, shards == self.shards, held <= sums.count else { return false }
    for part in progress {
      part.state.withLock { $0 = PartProgress(shards: count, shards.order, sums: sums.count) }
    }
    return true
  }

  /// What one thread does at a time: segments, in order, of one part.
  struct Task: Sendable {
    let part: Int
    let segments: [RunPlan.Segment]
  }

  /// All that there is to do for the segments of a wave, in whatever order, the longest first.
  func tasks(_ segments: [RunPlan.Segment]) -> [Task] {
    guard splitsShards else { return parts.indices.map { Task(part: $0, segments: segments) } }
    let shards = Dictionary(grouping: segments, by: \.shard).sorted { $0.key < $1.key }
    return parts.indices.flatMap { part in
      shards.map { Task(part: part, segments: $0.value) }
    }
  }

  /// Does a task; `run` gives a run of the wave by its number.
  func add(_ task: Task, of run: (Int) -> BlockRun?) {
    let part = parts[task.part]
    let progress = progress[task.part]
    for segment in task.segments {
      guard let run = run(segment.run) else { preconditionFailure("run \(segment.run) is missing") }
      let sum = progress.state.withLock { $0.sum(of: segment.shard) }
      sums[sum].gradients.add(run, segment.samples, part, isFirst: segment.isFirst)
      guard segment.isLast else { continue }
      progress.state.withLock {
        $0.end(segment.shard) { sums[$0].gradients.add(sums[$1].gradients, part, of: blocks) }
      }
    }
  }

  /// The gradients in PyTorch's layout, once every segment of the batch has been added to every part.
  func parameters(network: BlockNetwork) -> Parameters {
    precondition(
      progress.allSatisfy { $0.state.withLock { $0.isComplete } }, "a batch that is not all summed")
    return sums[0].gradients.parameters(network: network)
  }
}

/// Which gradient holds which shard's sum of one part.
private struct PartProgress: Sendable {
  private var reduction: Reduction<Int>
  private var free: [Int]
  /// By shard, from its first sample to its last.
  private var running: [Int: Int] = [:]

  init(shards: Int, _ order: ShardPlan.Order, sums: Int) {
    reduction = Reduction(shards, order)
    // The first shard's is the one that all others are added to.
    free = Array((1..<max(1, sums)).reversed())
  }

  var isComplete: Bool { reduction.total == 0 }

  /// The gradient that a shard is summed in.
  mutating func sum(of shard: Int) -> Int {
    if let sum = running[shard] { return sum }
    guard let sum = shard == 0 ? 0 : free.popLast() else {
      preconditionFailure("shard \(shard) finds no gradient that is free")
    }
    running[shard] = sum
    return sum
  }

  /// A shard is complete: adds what can be added, which frees gradients.
  mutating func end(_ shard: Int, add: (_ to: Int, _ from: Int) -> Void) {
    guard let sum = running.removeValue(forKey: shard) else {
      preconditionFailure("shard \(shard) ends before it began")
    }
    reduction.add(sum, shard: shard) { to, from in
      add(to, from)
      free.append(from)
      return to
    }
  }
}
