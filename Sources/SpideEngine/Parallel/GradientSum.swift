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

  /// Room for a part of a batch or a smaller one, in which there is nothing yet.
  init(network: BlockNetwork, of part: RankShards, workers: Int) {
    blocks = network.blocks
    shards = part.plan
    parts = GradientSum.parts(network.blocks, workers: workers)
    splitsShards = GradientSum.splitsShards(parts, workers: workers)
    let held = HeldSums(part, splitsShards: splitsShards)
    sums = (0..<held.count).map { _ in Sum(gradients: BlockGradients(network: network)) }
    // Each has arrays of its own: threads that share one until it is changed look like a race to the sanitizer.
    progress = parts.map { _ in Progress(PartProgress(part, held)) }
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

  /// Forgets everything for a part of a batch of another network with the same shapes, and tells whether there is room for it.
  func begin(_ network: BlockNetwork, of part: RankShards) -> Bool {
    let held = HeldSums(part, splitsShards: splitsShards)
    guard blocks === network.blocks, part.plan == shards, held.count <= sums.count else {
      return false
    }
    for progress in progress {
      progress.state.withLock { $0 = PartProgress(part, held) }
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

  /// Adds what the ranks have summed, each its part of the batch, so that all have the total; once every segment of this
  /// one's has been added to every part.
  ///
  /// - Parameters:
  ///   - exchange: this rank's.
  ///   - ranks: all of them.
  func exchange(_ exchange: GradientExchange, with ranks: any Ranks) {
    requireComplete()
    let pieces = GradientExchange.pieces(
      sums[0].gradients.count, shortest: ranks.messageSize / MemoryLayout<Float>.stride)
    var waiting: [(transfer: RankTransfer, piece: Int)] = []
    var next = [Int](repeating: 0, count: pieces.count)
    // Goes on with a piece until it has to wait.
    func goOn(_ piece: Int) {
      let range = pieces[piece]
      while next[piece] < exchange.steps.count {
        let step = exchange.steps[next[piece]]
        next[piece] += 1
        switch step {
        case .add(let to, let from): sums[to].gradients.add(sums[from].gradients, range)
        case .receive(let sum, let rank):
          let bytes = sums[sum].gradients.bytes(range)
          waiting.append((ranks.receive(into: bytes, from: rank, tag: piece), piece))
          return
        case .send(let sum, let rank):
          let bytes = UnsafeRawBufferPointer(sums[sum].gradients.bytes(range))
          waiting.append((ranks.send(bytes, to: rank, tag: piece), piece))
          return
        }
      }
    }
    for piece in pieces.indices { goOn(piece) }
    while !waiting.isEmpty {
      let over = ranks.firstOver(of: waiting.map(\.transfer))
      goOn(waiting.remove(at: over).piece)
    }
  }

  private func requireComplete() {
    precondition(
      progress.allSatisfy { $0.state.withLock { $0.isComplete } }, "a batch that is not all summed")
  }

  /// The gradients in PyTorch's layout, once every segment of the batch has been added to every part.
  func parameters(network: BlockNetwork) -> Parameters {
    requireComplete()
    return sums[0].gradients.parameters(network: network)
  }
}

/// Which gradient holds which shard's sum of one part.
private struct PartProgress: Sendable {
  private var reduction: Reduction<Int>
  private let held: HeldSums
  private var free: [Int]
  /// By shard, from its first sample to its last.
  private var running: [Int: Int] = [:]
  /// Shards that are not complete yet.
  private var left: Int

  init(_ part: RankShards, _ held: HeldSums) {
    reduction = Reduction(part.count, part.plan.order)
    self.held = held
    // The first shard's is the one that all others are added to.
    free = held.keepsApart ? [] : Array((1..<held.count).reversed())
    left = part.shards.count
  }

  /// Whether all that is to be summed here has been.
  var isComplete: Bool { left == 0 }

  /// The gradient that a shard is summed in.
  mutating func sum(of shard: Int) -> Int {
    if let sum = running[shard] { return sum }
    let hasOwn = held.keepsApart || shard == 0
    guard let sum = hasOwn ? held.sum(of: shard) : free.popLast() else {
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
    left -= 1
    reduction.add(sum, shard: shard) { to, from in
      add(to, from)
      free.append(from)
      return to
    }
  }
}
