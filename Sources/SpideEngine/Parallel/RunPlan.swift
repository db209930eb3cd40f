/// Which samples of a batch run together, and which of these runs lie side by side until their gradients are summed.
///
/// It shares the work among threads. What comes out does not depend on it: spikes are exact whatever runs together, and
/// gradients are summed in the order of a ``ShardPlan``.
package struct RunPlan: Sendable, Equatable {
  /// Positions in the batch, in order: each run is one micro-batch, each wave is as many runs as have memory.
  package let waves: [[Range<Int>]]
  /// Samples of the longest run.
  package let longest: Int

  /// The runs of a batch: all have as many samples, or one more. The longer ones come first, so that threads end at about the
  /// same time.
  ///
  /// - Parameters:
  ///   - threads: workers, at least 1.
  ///   - capacity: most samples of a run.
  package init(batch: Int, threads: Int, capacity: Int) {
    self.init(positions: 0..<batch, threads: threads, capacity: capacity)
  }

  /// The runs of some positions of a batch, as of a batch that has no others.
  init(positions: Range<Int>, threads: Int, capacity: Int) {
    let batch = positions.count
    let size = Size(batch: batch, threads: threads, capacity: capacity)
    let (length, longer) = batch.quotientAndRemainder(dividingBy: max(1, size.count))
    func start(_ run: Int) -> Int {
      positions.lowerBound + run * length + min(run, longer)
    }
    let runs = (0..<size.count).map { start($0)..<start($0 + 1) }
    waves = stride(from: 0, to: size.count, by: size.widest).map {
      Array(runs[$0..<min($0 + size.widest, size.count)])
    }
    longest = size.longest
  }

  /// Most runs of a wave, whatever the batch. Two for each thread: whoever is done with a short one begins the next.
  package static func widest(threads: Int) -> Int { threads > 1 ? 2 * threads : 1 }

  /// How many runs there are, known before any is.
  struct Size {
    /// Most runs of a wave.
    let widest: Int
    /// Runs of the batch.
    let count: Int
    /// Samples of the longest run.
    let longest: Int

    init(batch: Int, threads: Int, capacity: Int) {
      let side = min(threads, max(1, batch))
      let wave = batch > side * capacity ? RunPlan.widest(threads: side) : side
      let waves = max(1, (batch - 1) / (wave * capacity) + 1)
      count = min(batch, waves * wave)
      widest = max(1, min(wave, count))
      longest = (batch - 1) / max(1, count) + 1
    }
  }

  /// Samples of one run that belong to one shard.
  package struct Segment: Sendable, Equatable {
    package let shard: Int
    /// The run's number in its wave.
    package let run: Int
    /// Numbers in the run.
    package let samples: Range<Int>
    /// Whether the shard begins, and ends, here.
    package let isFirst: Bool
    package let isLast: Bool
  }

  /// A wave cut where shards meet, in order.
  package static func segments(_ wave: [Range<Int>], _ shards: ShardPlan, batch: Int) -> [Segment] {
    let ranges = (0..<shards.count(of: batch)).map { shards.range($0, of: batch) }
    return wave.enumerated().flatMap { number, run in
      ranges.enumerated().compactMap { shard, range in
        let common = run.clamped(to: range)
        guard !common.isEmpty else { return nil }
        return Segment(
          shard: shard, run: number,
          samples: common.lowerBound - run.lowerBound..<common.upperBound - run.lowerBound,
          isFirst: common.lowerBound == range.lowerBound,
          isLast: common.upperBound == range.upperBound)
      }
    }
  }
}
