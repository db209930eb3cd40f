import SpideData
import SpideEngine

/// The curves of a training that another program is at, as its metrics file tells them. x counts epochs.
struct FollowedCurves: Sendable {
  private(set) var curves = TrainingCurves()
  private let samples: Int
  private let batchesInEpoch: Double
  /// The epoch of the last batch that was recorded.
  private var epochOfBatch = 0

  /// Nothing yet of a training with so many samples and batches in an epoch.
  init(samples: Int, batchesInEpoch: Int) {
    self.samples = samples
    self.batchesInEpoch = Double(max(1, batchesInEpoch))
  }

  /// Takes in a record. The means of an epoch stand for its batches where none of those is recorded.
  mutating func add(_ record: MetricsTail.Record) {
    switch record {
    case .batch(let batch):
      epochOfBatch = batch.epoch
      curves.add(batch, at: Double(batch.batch) / batchesInEpoch)
    case .epoch(let epoch) where epochOfBatch == epoch.epoch: curves.add(epoch)
    case .epoch(let epoch): curves.add(meansOf: epoch, samples: samples)
    }
  }
}
