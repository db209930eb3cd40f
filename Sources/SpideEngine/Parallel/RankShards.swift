/// Which of a batch's samples each of several processes runs: as many shards, one after the other, as come to its share.
package struct RankShards: Sendable, Equatable {
  package let plan: ShardPlan
  /// Samples of the batch.
  package let batch: Int
  /// How many processes there are, and the number of this one.
  package let ranks: Int
  package let rank: Int

  /// All samples of a batch, for a process that is alone.
  package init(_ plan: ShardPlan, batch: Int) { self.init(plan, batch: batch, ranks: 1, rank: 0) }

  /// The part of rank `rank` of so many.
  package init(_ plan: ShardPlan, batch: Int, ranks: Int, rank: Int) {
    precondition((0..<ranks).contains(rank), "rank \(rank) of \(ranks)")
    (self.plan, self.batch, self.ranks, self.rank) = (plan, batch, ranks, rank)
  }

  /// Shards of the whole batch.
  package var count: Int { plan.count(of: batch) }

  /// This rank's shards; none where there are more ranks than shards.
  package var shards: Range<Int> { shards(of: rank) }

  /// A rank's shards.
  package func shards(of rank: Int) -> Range<Int> {
    rank * count / ranks..<(rank + 1) * count / ranks
  }

  /// Positions in the batch of this rank's samples.
  package var positions: Range<Int> { positions(of: rank) }

  /// Positions in the batch of a rank's samples.
  package func positions(of rank: Int) -> Range<Int> {
    let shards = shards(of: rank)
    // The start of a shard, which for the one behind the last is the end of the batch.
    func start(_ shard: Int) -> Int {
      shard == count ? batch : plan.range(shard, of: batch).lowerBound
    }
    return start(shards.lowerBound)..<start(shards.upperBound)
  }

  /// Samples that each rank runs.
  package var sizes: [Int] { (0..<ranks).map { positions(of: $0).count } }

  /// Whose a shard is: the rank `r` with `r * count / ranks <= shard < (r + 1) * count / ranks`.
  package func owner(of shard: Int) -> Int { ((shard + 1) * ranks - 1) / count }
}
