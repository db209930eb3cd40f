/// What a rank does with its sums of shards so that every rank has the batch's gradient, each addition in the order of the
/// ``ShardPlan``: the same for every number of the gradient.
///
/// In turn, the sum of all shards so far goes from rank to rank, and each adds its own to it. In pairs, a sum of the tree
/// belongs to the rank of its first shard. The total goes back from neighbour to neighbour. Done for one piece of the
/// gradient after the other, every link between neighbours is busy all the time, and each rank sends the gradient twice, however many
/// there are.
package struct GradientExchange: Sendable, Equatable {
  /// One thing to do, once that before it is done. Sums are numbered as they are held (``HeldSums``).
  package enum Step: Sendable, Equatable {
    case receive(into: Int, from: Int)
    case add(to: Int, from: Int)
    case send(Int, to: Int)
  }

  package private(set) var steps: [Step] = []

  /// What the rank does whose shards these are, once it has added what it can add alone.
  package init(_ part: RankShards) {
    guard part.ranks > 1 else { return }
    let held = HeldSums(part, splitsShards: true)
    switch part.plan.order {
    case .inTurn: addInTurn(part, held)
    case .inPairs: addInPairs(part, held)
    }
    share(part)
  }

  /// A gradient of so many numbers in pieces that go their way one after the other, the last layers' first.
  ///
  /// At least 16, so that all ranks soon have something to do, unless they would be shorter than is worth sending; not longer
  /// than 7 times that, unless there would be more than 4096. An MPI sends messages of up to 64 kB at once, by TCP, but asks
  /// the other side before longer ones, and the answer waits behind what that is sending: twice the time on a slow link.
  package static func pieces(_ count: Int, shortest: Int) -> [Range<Int>] {
    let shortest = max(1, shortest)
    let length = max(min(max(shortest, count / 16), 7 * shortest), (count + 4095) / 4096)
    return stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }.reversed()
  }

  private mutating func addInTurn(_ part: RankShards, _ held: HeldSums) {
    let shards = part.shards
    guard !shards.isEmpty else { return }
    if shards.lowerBound > 0 {
      steps.append(.receive(into: 0, from: part.owner(of: shards.lowerBound - 1)))
      steps += shards.map { .add(to: 0, from: held.sum(of: $0)) }
    }
    if shards.upperBound < part.count {
      steps.append(.send(0, to: part.owner(of: shards.upperBound)))
    }
  }

  private mutating func addInPairs(_ part: RankShards, _ held: HeldSums) {
    let (count, rank) = (part.count, part.rank)
    var width = 1
    while width < count {
      for first in stride(from: 0, to: count - width, by: 2 * width) {
        let second = first + width
        let last = min(second + width, count) - 1
        switch (part.owner(of: first), part.owner(of: second)) {
        case (rank, rank):
          // What lies in this rank's shards as a whole has been added already.
          if part.owner(of: last) != rank {
            steps.append(.add(to: held.sum(of: first), from: held.sum(of: second)))
          }
        case (rank, let other):
          steps.append(.receive(into: held.guest, from: other))
          steps.append(.add(to: held.sum(of: first), from: held.guest))
        case (let other, rank): steps.append(.send(held.sum(of: second), to: other))
        default: break
        }
      }
      width *= 2
    }
  }

  /// The total, which is the first sum of the rank that has it, becomes the first sum of all.
  private mutating func share(_ part: RankShards) {
    let last = part.plan.order == .inTurn ? part.count - 1 : 0
    let (rank, source) = (part.rank, part.owner(of: last))
    if rank != source {
      steps.append(.receive(into: 0, from: rank < source ? rank + 1 : rank - 1))
    }
    if rank >= source, rank + 1 < part.ranks { steps.append(.send(0, to: rank + 1)) }
    if rank <= source, rank > 0 { steps.append(.send(0, to: rank - 1)) }
  }
}

/// Which of the sums that a process holds at a time takes a shard's. The total of the batch is in the first in the end.
package struct HeldSums: Sendable, Equatable {
  /// How many there are.
  package let count: Int
  /// Whether each shard has one of its own until others' sums have come; else one is free again as soon as it has been added
  /// to one before it.
  package let keepsApart: Bool
  /// Takes what comes from another rank and is not the total.
  package let guest: Int
  private let first: Int
  private let shift: Int

  /// - Parameter splitsShards: Whether the shards of a part are summed side by side.
  package init(_ part: RankShards, splitsShards: Bool) {
    let shards = part.shards
    first = shards.lowerBound
    keepsApart = part.ranks > 1 && !(part.plan.order == .inTurn && first == 0)
    if keepsApart {
      // The first is for the sum of what comes before the shards, or for the total; without such shards, for the first one.
      shift = first > 0 || shards.isEmpty ? 1 : 0
      guest = shift == 1 ? 0 : shards.count
      count = shards.count + 1
    } else {
      (shift, guest) = (0, 0)
      count =
        splitsShards
        ? max(1, shards.count) : Reduction<Int>.held(max(1, shards.count), part.plan.order)
    }
  }

  /// The one that a shard has of its own, and a sum that begins with it.
  package func sum(of shard: Int) -> Int { keepsApart ? shard - first + shift : 0 }
}
