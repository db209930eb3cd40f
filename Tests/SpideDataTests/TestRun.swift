import SpideEngine

/// The records of a training of three epochs of four batches, in the order in which they come, and the moments at which
/// a checkpoint may be written.
struct TestRun {
  enum Record {
    case batch(BatchRecord)
    case epoch(EpochRecord)
  }

  /// Where a run stands: after so many of its records.
  struct Position {
    let records: Int
    let epochs: [EpochRecord]
    let batches: Int
  }

  static let batchesInEpoch = 4
  let records: [Record]

  /// `seed` decides the values; `seconds` only the times.
  init(seed: Int = 1, seconds: Double = 0) {
    records = (1...3).flatMap { number in
      let first = (number - 1) * TestRun.batchesInEpoch + 1
      let batches = (first..<first + TestRun.batchesInEpoch).map {
        Record.batch(
          BatchRecord(
            epoch: number, batch: $0, learningRate: 0.1, loss: 1 / Double($0 + seed),
            tally: Tally(
              samples: 64, correct: 16,
              forward: StageTally(spikes: [3, 2], updates: [6, 6], operations: [0, 1000]),
              backward: StageTally(spikes: [0, 6], updates: [6, 6], operations: [0, $0]))))
      }
      let epoch = EpochRecord(
        epoch: number, learningRate: 0.05, trainLoss: 0.3 / Double(number + seed),
        trainAccuracy: 0.75, testLoss: 0.5, testAccuracy: 0.9, forwardRate: [0.1, 0.2],
        backwardRate: [0.01, 0], samplesPerSecond: 100 + seconds,
        seconds: Double(number) + seconds, synapticOperations: 1_000_000)
      return batches + [.epoch(epoch)]
    }
  }

  /// Every moment between two records, the start and the end included.
  var positions: [Position] {
    var (epochs, batches): ([EpochRecord], Int) = ([], 0)
    return [Position(records: 0, epochs: [], batches: 0)]
      + records.enumerated().map { index, record in
        switch record {
        case .batch(let batch): batches = batch.batch
        case .epoch(let epoch): epochs.append(epoch)
        }
        return Position(records: index + 1, epochs: epochs, batches: batches)
      }
  }
}
