import SpideData
import SpideEngine

/// Takes the records of a training as they come: a file, or lines on the screen. A ``TrainingRun`` has a list of them.
public protocol RecordSink {
  /// Called once before training, with the epochs of the run that is resumed.
  func begin(after records: [EpochRecord]) throws
  /// Called after every batch, with the trainer as the batch left it.
  func pass(_ record: BatchRecord, _ trainer: Trainer) throws
  /// Called every `--log-every` batches.
  func take(_ record: BatchRecord) throws
  /// Called after every epoch.
  func take(_ record: EpochRecord) throws
  /// Called once when no more comes, also where an error ended the run.
  func end()
}

extension RecordSink {
  /// Nothing to add.
  public func begin(after records: [EpochRecord]) throws {}
  /// Nothing to do.
  public func pass(_ record: BatchRecord, _ trainer: Trainer) throws {}
  /// Nothing to do.
  public func end() {}
}

extension MetricsFile: RecordSink {
  /// Adds the epochs that the file does not have, so that in the end it has them all.
  public func begin(after records: [EpochRecord]) throws {
    for record in records { try append(record) }
  }

  /// Adds a line.
  public func take(_ record: BatchRecord) throws { try append(record) }

  /// Adds a line.
  public func take(_ record: EpochRecord) throws { try append(record) }
}

/// Scalars over the batches of the run; what an earlier part of it wrote stands in a file of its own.
struct TensorBoardSink: RecordSink {
  let file: TensorBoardFile
  /// Turns an epoch into the batch that it ended with.
  let batchesInEpoch: Int

  /// Adds the epochs that the earlier parts' files do not have.
  func begin(after records: [EpochRecord]) throws {
    for record in records { try take(record) }
  }

  func take(_ record: BatchRecord) throws { try file.append(record) }

  func take(_ record: EpochRecord) throws {
    try file.append(record, step: record.epoch * batchesInEpoch)
  }
}
