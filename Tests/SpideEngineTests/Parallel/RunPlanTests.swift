import SpideEngine
import Testing

@Suite struct RunPlanTests {
  @Test(arguments: [1, 8, 16]) func everySampleRunsOnce(_ capacity: Int) {
    for threads in 1...64 {
      for batch in 1...256 {
        let plan = RunPlan(batch: batch, threads: threads, capacity: capacity)
        let runs = plan.waves.flatMap(\.self)
        let what: Comment = "\(threads) threads, batch \(batch)"
        #expect(runs.flatMap(\.self) == Array(0..<batch), what)
        #expect(runs.map(\.count).max() == plan.longest && plan.longest <= capacity, what)
        #expect(plan.waves.allSatisfy { $0.count <= RunPlan.widest(threads: threads) }, what)
      }
    }
  }

  /// Each run goes to whichever thread has done least so far. Samples are whole: the longest thread has the mean, rounded up.
  @Test(arguments: [8, 16]) func theLongestThreadHasTheMean(_ capacity: Int) {
    for threads in 1...64 {
      for batch in 1...256 {
        let plan = RunPlan(batch: batch, threads: threads, capacity: capacity)
        let longest = plan.waves.reduce(0) { sum, wave in
          var shares = [Int](repeating: 0, count: threads)
          for run in wave {
            let idle = shares.indices.min { shares[$0] < shares[$1] } ?? 0
            shares[idle] += run.count
          }
          return sum + (shares.max() ?? 0)
        }
        let best = (batch + threads - 1) / threads
        #expect(longest == best, "\(threads) threads, batch \(batch)")
      }
    }
    // All of 64 threads work on a batch of 128, and two share it as evenly.
    #expect(
      RunPlan(batch: 128, threads: 64, capacity: capacity).waves == [
        (0..<64).map { 2 * $0..<2 * $0 + 2 }
      ])
    #expect(
      RunPlan(batch: 128, threads: 2, capacity: capacity).waves.joined().allSatisfy {
        $0.count == capacity
      })
  }

  /// Segments put every sample of a shard in order, from a first one to a last one.
  @Test func segmentsGoThroughEveryShardInOrder() {
    for (batch, threads, most) in [(128, 3, 8), (128, 64, 8), (100, 2, 64), (7, 5, 8), (41, 4, 3)] {
      let shards = ShardPlan(most: most, order: .inTurn)
      let plan = RunPlan(batch: batch, threads: threads, capacity: 8)
      var found = [[Int]](repeating: [], count: shards.count(of: batch))
      for wave in plan.waves {
        for segment in RunPlan.segments(wave, shards, batch: batch) {
          let range = shards.range(segment.shard, of: batch)
          let positions = segment.samples.map { wave[segment.run].lowerBound + $0 }
          #expect(segment.isFirst == (positions.first == range.lowerBound))
          #expect(segment.isLast == (positions.last == range.upperBound - 1))
          found[segment.shard] += positions
        }
      }
      #expect(found == found.indices.map { Array(shards.range($0, of: batch)) })
    }
  }
}
