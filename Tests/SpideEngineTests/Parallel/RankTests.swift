import SpideEngine
import Testing

/// Several processes that train one network come to the same bits as one: here they are threads of the test.
@Suite struct RankTests {
  /// All that a training came to.
  private struct Outcome: Sendable, Equatable {
    var records: [BatchRecord] = []
    var epochs: [EpochRecord] = []
    var tests: [Evaluation] = []
    var state: Trainer.State?
    var update: Parameters?
  }

  /// What is trained, and how.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var dropout: Float = 0.3
    var leak: Float = 1
    var frames = 1
    var optimizer = OptimizerKind.sgd(momentum: 0.9)
    var samples = 90
    var batch = 40
    var shards = ShardPlan.standard
  }

  static let cases = [
    Case(testDescription: "dropout, augmentation, momentum"),
    Case(testDescription: "Adam", optimizer: .adam(beta1: 0.9, beta2: 0.999)),
    Case(testDescription: "varying input", frames: 12),
    Case(testDescription: "leak", leak: 0.95),
    Case(testDescription: "in pairs", leak: 0.95, shards: ShardPlan(most: 8, order: .inPairs)),
    Case(
      testDescription: "many in pairs", dropout: 0, samples: 200, batch: 150,
      shards: ShardPlan(most: 13, order: .inPairs)),
    Case(
      testDescription: "many in turn", samples: 200, batch: 150,
      shards: ShardPlan(most: 13, order: .inTurn)),
    // One shard of a few samples, and batches of one sample.
    Case(testDescription: "fewer samples than ranks", samples: 5, batch: 2),
  ]

  private func trained(_ what: Case, threads: Int, _ ranks: any Ranks) throws -> Outcome {
    let plan = try TrainerTests.plan(dropout: what.dropout)
    var dynamics = Dynamics(forwardSteps: 12, backwardSteps: 20, lossScale: 50)
    dynamics.forward.leak = what.leak
    dynamics.backward.leak = what.leak
    let training = TrainingPlan(
      epochs: 2, batch: what.batch, optimizer: what.optimizer,
      learningRate: LearningRateSchedule(base: 0.1), weightDecay: 5e-4)
    var state = Trainer.State(plan: plan, dynamics: dynamics, training: training, seed: 5)
    state.shards = what.shards
    func begin(_ state: Trainer.State) -> Trainer {
      let trainer = Trainer(
        plan: plan, training: training, trainSet: Blobs(count: what.samples, frames: what.frames),
        testSet: Blobs(count: 37, seed: 2, frames: what.frames), threads: threads, state: state,
        ranks: ranks)
      trainer.keepsUpdates = true
      return trainer
    }
    var trainer = begin(state)
    var outcome = Outcome()
    while trainer.epochsDone < 2 {
      switch trainer.next() {
      case .batch(let record):
        outcome.records.append(record)
        // Begins anew where the next batch is a short one, and that after it has more shards.
        if outcome.records.count == 2 { trainer = begin(trainer.state) }
      case .epoch(var record, let test):
        (record.seconds, record.samplesPerSecond) = (0, 0)
        outcome.epochs.append(record)
        if let test { outcome.tests.append(test) }
      }
    }
    outcome.update = trainer.lastUpdate?.gradients
    outcome.state = trainer.state
    return outcome
  }

  @Test(arguments: cases) func sameBitsOnAnyNumberOfRanks(_ what: Case) throws {
    let expected = try trained(what, threads: 1, OneRank())
    #expect(expected.tests.count == 2 && expected.tests[0].samples == 37)
    #expect(expected.records.contains { $0.tally.backward.spikes.contains { $0 != 0 } })
    for count in [1, 2, 3, 4, 7] {
      for threads in [1, 2] {
        let outcomes = ThreadRanks.run(count) { ranks in
          Result { try self.trained(what, threads: threads, ranks) }
        }
        #expect(outcomes.count == count)
        for (rank, outcome) in outcomes.enumerated() {
          let outcome = try outcome.get()
          let name: Comment = "rank \(rank) of \(count), \(threads) threads"
          #expect(outcome.update == expected.update, name)
          #expect(outcome.records == expected.records, name)
          #expect(outcome.tests == expected.tests, name)
          #expect(outcome.epochs == expected.epochs, name)
          #expect(outcome.state == expected.state, name)
        }
      }
    }
  }

  /// Blobs that keep which were read for training, each with its seed.
  private final class WatchedBlobs: SampleSource {
    struct Read: Hashable { let index: Int, seed: UInt64 }
    let reads = Guarded<[Read]>([])
    let blobs = Blobs(count: 40)
    var count: Int { blobs.count }
    var frames: Int { blobs.frames }
    var shape: LayerShape { blobs.shape }
    var classNames: [String] { blobs.classNames }
    func label(_ index: Int) -> Int { blobs.label(index) }
    func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
      blobs.read(index, augmentation: augmentation, into: &buffer)
      if let augmentation {
        reads.withLock { $0.append(Read(index: index, seed: augmentation)) }
      }
    }
  }

  /// What a sample is seeded with depends on its index alone, not on where it comes in the batch or who runs it.
  @Test func everySampleIsReadByOneRankWithItsOwnSeed() throws {
    let plan = try TrainerTests.plan(dropout: 0.3)
    for count in 1...4 {
      let samples = WatchedBlobs()
      _ = ThreadRanks.run(count) { ranks in
        let training = TrainingPlan(
          epochs: 1, batch: 40, learningRate: LearningRateSchedule(base: 0.1))
        let dynamics = Dynamics(forwardSteps: 12, backwardSteps: 20, lossScale: 50)
        let trainer = Trainer(
          plan: plan, training: training, trainSet: samples, testSet: nil, threads: 1,
          state: Trainer.State(plan: plan, dynamics: dynamics, training: training, seed: 5),
          ranks: ranks)
        return trainer.trainBatch()
      }
      let reads = samples.reads.withLock(\.self)
      #expect(reads.count == 40)
      #expect(
        Set(reads)
          == Set(
            (0..<40).map {
              WatchedBlobs.Read(
                index: $0,
                seed: Trainer.State.augmentationSeed(of: $0, seed: 5, epochsDone: 0))
            }))
    }
  }
  /// Every rank has its part, and together they have the batch.
  @Test func everyShardHasOneRank() {
    for order in ShardPlan.Order.allCases {
      for (most, batch) in [(8, 128), (8, 24), (64, 600), (5, 3)] {
        let plan = ShardPlan(most: most, order: order)
        for ranks in 1...20 {
          let parts = (0..<ranks).map {
            RankShards(plan, batch: batch, ranks: ranks, rank: $0)
          }
          #expect(parts.flatMap(\.shards) == Array(0..<plan.count(of: batch)))
          #expect(parts.flatMap(\.positions) == Array(0..<batch))
          for part in parts {
            #expect(part.shards.allSatisfy { part.owner(of: $0) == part.rank })
          }
          let sizes = parts.map(\.shards.count)
          #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1, "\(sizes)")
        }
      }
    }
  }

  /// One after the other they are the whole gradient, and neither too few nor too many.
  @Test func piecesEndWhereTheFirstLayerBegins() {
    for shortest in [1, 64, 2048] {
      for count in [0, 1, 15, 16, 100, 1000, 17 * shortest, 600 * shortest, 9999 * shortest + 7] {
        let pieces = GradientExchange.pieces(count, shortest: shortest)
        var end = count
        for piece in pieces {
          #expect(piece.upperBound == end && !piece.isEmpty)
          end = piece.lowerBound
        }
        #expect(end == 0)
        #expect((min(16, count / shortest)...4096).contains(pieces.count), "\(count), \(shortest)")
        // The first one has what is left over.
        let lengths = Set(pieces.dropFirst().map(\.count))
        #expect(lengths.count <= 1 && (lengths.first ?? shortest) >= shortest)
        #expect((lengths.first ?? 0) <= max(7 * shortest, count / 4096 + 1))
      }
    }
  }

  /// Sums written as terms: what ranks do one by one gives every rank the sum that one process would make.
  @Test(arguments: ShardPlan.Order.allCases) func everyRankHasTheTotalInTheOrderStated(
    _ order: ShardPlan.Order
  ) {
    for count in 1...17 {
      let plan = ShardPlan(most: count, order: order)
      let batch = 8 * count
      var reduction = Reduction<String>(count, order)
      for shard in 0..<count { reduction.add("\(shard)", shard: shard) { "(\($0)+\($1))" } }
      for ranks in 2...19 {
        var world = (0..<ranks).map {
          TextRank(RankShards(plan, batch: batch, ranks: ranks, rank: $0))
        }
        var boxes: [[Int]: [String]] = [:]
        var hasMoved = true
        while hasMoved {
          hasMoved = false
          for rank in world.indices where world[rank].step(rank, &boxes) { hasMoved = true }
        }
        #expect(world.allSatisfy { $0.steps.isEmpty }, "\(ranks) ranks wait for ever")
        #expect(
          world.allSatisfy { $0.sums[0] == reduction.total }, "\(count) shards, \(ranks) ranks")
        #expect(boxes.values.allSatisfy { $0.isEmpty })
        #expect(
          world.allSatisfy { $0.sent <= 2 || order == .inPairs }, "more than twice the gradient")
      }
    }
  }

  /// A rank whose sums are texts.
  private struct TextRank {
    var steps: ArraySlice<GradientExchange.Step>
    var sums: [String?]
    var sent = 0

    init(_ part: RankShards) {
      steps = GradientExchange(part).steps[...]
      let held = HeldSums(part, splitsShards: true)
      sums = Array(repeating: nil, count: held.count)
      var reduction = Reduction<Int>(part.count, part.plan.order)
      for shard in part.shards {
        let sum = held.keepsApart ? held.sum(of: shard) : shard
        sums[sum] = "\(shard)"
        reduction.add(sum, shard: shard) { to, from in
          sums[to] = "(\(sums[to] ?? "")+\(sums[from] ?? ""))"
          return to
        }
      }
    }

    /// Does what comes next, if it can.
    mutating func step(_ rank: Int, _ boxes: inout [[Int]: [String]]) -> Bool {
      switch steps.first {
      case .add(let to, let from):
        sums[to] = "(\(sums[to] ?? "nothing")+\(sums[from] ?? "nothing"))"
      case .send(let sum, let other):
        boxes[[rank, other], default: []].append(sums[sum] ?? "nothing")
        sent += 1
      case .receive(let sum, let other):
        guard let text = boxes[[other, rank]]?.first else { return false }
        boxes[[other, rank]]?.removeFirst()
        sums[sum] = text
      case nil: return false
      }
      steps.removeFirst()
      return true
    }
  }

  /// More than goes into one message.
  @Test func everyRankGetsMuch() {
    let much =
      [UInt8](repeating: 1, count: 1 << 23) + [UInt8](repeating: 2, count: 1 << 23) + [3, 4, 5]
    let all = ThreadRanks.run(2) { ranks in
      ranks.broadcast(ranks.number == 0 ? much : []) == much
        && ranks.gather(ranks.number == 1 ? much : [1]) == [[1], much]
    }
    #expect(all == [true, true])
  }

  @Test func everyRankGetsWhatEachHas() {
    for count in 1...5 {
      let all = ThreadRanks.run(count) { ranks in
        let lists = ranks.gather([UInt8](repeating: UInt8(ranks.number), count: 3 * ranks.number))
        let words = ranks.gather(
          Array(repeating: UInt64(ranks.number), count: ranks.number), counts: Array(0..<count))
        let text = ranks.broadcast(ranks.number == 0 ? [7, 8, 9] : [])
        return (lists, words, text)
      }
      for (lists, words, text) in all {
        #expect(lists == (0..<count).map { [UInt8](repeating: UInt8($0), count: 3 * $0) })
        #expect(words == (0..<count).flatMap { Array(repeating: UInt64($0), count: $0) })
        #expect(text == [7, 8, 9])
      }
    }
  }
}
