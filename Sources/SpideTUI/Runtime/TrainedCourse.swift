import SpideEngine

/// What a training has come to over all that is recorded of it: its curves, its epochs and their tests. It is cut where
/// another way begins.
struct TrainedCourse {
  /// The end of an epoch that was trained here.
  private struct EpochEnd {
    let epoch: Int
    var confusion: [[Int]]?
    /// What was counted here up to it.
    let tally: Tally?
  }

  /// The most tests whose confusion is kept, the latest ones.
  private static let mostTests = 256

  private(set) var curves: TrainingCurves
  /// Those before it began here included.
  private(set) var epochs: [EpochRecord]
  private var ends: [EpochEnd] = []
  /// What had been counted of the running epoch before it began here.
  private let earlier: Tally

  /// A course that begins with a state, after these epochs.
  init(epochs: [EpochRecord], from state: Trainer.State, seconds: Double = 0) {
    self.epochs = epochs
    curves = TrainingCurves(secondsBefore: seconds)
    earlier = state.tally.counts
  }

  /// Takes in a batch, which took so many seconds.
  mutating func add(_ record: BatchRecord, seconds: Double) {
    curves.add(record, seconds: seconds)
  }

  mutating func add(_ record: EpochRecord, confusion: [[Int]]?) {
    curves.add(record)
    epochs.append(record)
    ends.append(EpochEnd(epoch: record.epoch, confusion: confusion, tally: curves.tally))
    let old = ends.count - 1 - TrainedCourse.mostTests
    if old >= 0 { ends[old].confusion = nil }
  }

  mutating func add(changeFrom from: Dynamics, to: Dynamics, afterBatch batch: Int) {
    curves.add(changeFrom: from, to: to, afterBatch: batch)
  }

  /// Forgets what came after a state of it.
  mutating func cut(at state: Trainer.State) {
    epochs.removeAll { $0.epoch > state.epochsDone }
    ends.removeAll { $0.epoch > state.epochsDone }
    var tally = state.tally.counts
    if let end = ends.last {
      if let before = end.tally { tally += before }
    } else {
      tally -= earlier
    }
    curves.cut(
      after: state.batchesDone, epochs: epochs, tally: tally.samples > 0 ? tally : nil)
  }

  // MARK: At some place of it

  /// The last of so many epochs; nil before the first.
  func epoch(_ count: Int) -> EpochRecord? { epochs.last { $0.epoch <= count } }

  /// The best test accuracy of so many epochs.
  func bestAccuracy(_ count: Int) -> Double? {
    epochs.prefix { $0.epoch <= count }.compactMap(\.testAccuracy).max()
  }

  /// The confusion of the last test of so many epochs.
  func confusion(_ count: Int) -> [[Int]]? { ends.last { $0.epoch <= count }?.confusion }
}
