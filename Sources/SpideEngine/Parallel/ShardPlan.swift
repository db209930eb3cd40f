/// Which samples of a batch are summed together, and in which order the sums are added.
///
/// The last bits of a gradient depend on this and on nothing else: neither on threads nor on which samples run together
/// (`RunPlan`). So it belongs to a training and is kept with it.
public struct ShardPlan: Sendable, Equatable {
  /// How the sums of shards become one.
  public enum Order: String, Sendable, CaseIterable {
    /// ((0 + 1) + 2) + …: two sums are held at a time.
    case inTurn = "in-turn"
    /// A binary tree over the shards' numbers, (0 + 1) + (2 + 3), …: whoever has a whole branch of it can add that up
    /// alone.
    case inPairs = "in-pairs"
  }

  /// Most shards of a batch, at least 1.
  public let most: Int
  /// How their sums are added.
  public let order: Order
  /// Samples in a shard, where there are as many: each shard costs a pass over the gradient.
  private let smallest: Int

  /// What trainings begin with, and what those have whose record does not say.
  public static let standard = ShardPlan(most: 8, order: .inTurn)
  /// The order in which the losses of a test are added.
  static let ofTest = ShardPlan(most: 64, order: .inTurn, smallest: 1)

  /// A plan of up to so many shards.
  public init(most: Int, order: Order) { self.init(most: most, order: order, smallest: 8) }

  private init(most: Int, order: Order, smallest: Int) {
    precondition(most > 0, "\(most) shards")
    (self.most, self.order, self.smallest) = (most, order, smallest)
  }

  /// Shards of a batch of so many samples.
  package func count(of batch: Int) -> Int { min(most, max(1, batch / smallest)) }

  /// Positions in the batch that belong to a shard.
  package func range(_ shard: Int, of batch: Int) -> Range<Int> {
    let count = count(of: batch)
    return shard * batch / count..<(shard + 1) * batch / count
  }

  /// The sum of a number of each sample of a batch.
  package func sum(_ numbers: [Double]) -> Double {
    let count = count(of: numbers.count)
    var reduction = Reduction<Double>(count, order)
    for shard in 0..<count {
      let sum = numbers[range(shard, of: numbers.count)].reduce(0, +)
      reduction.add(sum, shard: shard) { $0 + $1 }
    }
    return reduction.total ?? 0
  }
}
