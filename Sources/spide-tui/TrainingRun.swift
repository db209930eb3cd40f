import SpideConfiguration
import SpideData
import SpideEngine
import SpideTUI

/// The loop of `train`: batches, epochs and checkpoints, to the end or to an interruption.
struct TrainingRun {
  let preset: Preset
  let data: DataSplit
  let trainer: Trainer
  let target: CheckpointTarget?
  /// Batches between two checkpoints within an epoch; nil for none.
  let saveEvery: Int?
  /// Batches between two batch records; nil for none.
  let logEvery: Int?
  let progress: TrainingProgressLine
  /// Where all records go.
  let sinks: [any RecordSink]
  /// The epochs of the run so far, those before it was resumed included.
  private(set) var records: [EpochRecord]
  /// Batches done when the last checkpoint was written; nil before the first one of a new run.
  private var batchesSaved: Int?

  /// A run that goes on from `start`, or a new one.
  init(
    preset: Preset, data: DataSplit, start: Checkpoint?, seed: UInt64, threads: Int,
    target: CheckpointTarget?, saveEvery: Int?, logEvery: Int?, progress: TrainingProgressLine,
    sinks: [any RecordSink]
  ) {
    self.preset = preset
    self.data = data
    self.target = target
    self.saveEvery = saveEvery
    self.logEvery = logEvery
    self.progress = progress
    self.sinks = sinks
    records = start?.epochs ?? []
    batchesSaved = start?.state.batchesDone
    trainer = Trainer(
      plan: preset.network, dynamics: preset.dynamics, training: preset.training,
      trainSet: data.train, testSet: data.test, threads: threads,
      state: start?.state
        ?? Trainer.State(
          plan: preset.network, dynamics: preset.dynamics, training: preset.training, seed: seed))
  }

  /// Trains until all epochs are done or a signal has come; either way nothing that was learnt is lost.
  mutating func run() throws {
    defer { progress.clear() }
    for sink in sinks { try sink.begin(after: records) }
    while trainer.epochsDone < preset.training.epochs, !Interruption.hasCome {
      if !trainer.epochIsComplete { try trainBatch() }
      if trainer.epochIsComplete { try finishEpoch() }
    }
    if batchesSaved != trainer.batchesDone { try save() }
  }

  private mutating func trainBatch() throws {
    let record = trainer.trainBatch()
    try checkSamples()
    try checkNumbers()
    if let logEvery, record.batch % logEvery == 0 {
      for sink in sinks { try sink.take(record) }
    }
    progress.show(trainer, record)
    if let saveEvery, record.batch % saveEvery == 0 { try save() }
  }

  private mutating func finishEpoch() throws {
    let (record, _) = trainer.finishEpoch()
    try checkSamples()
    try checkNumbers()
    records.append(record)
    for sink in sinks { try sink.take(record) }
    if case .folder = target { try save() }
  }

  private mutating func save() throws {
    guard let target else { return }
    let state = trainer.state
    try target.save(
      Checkpoint(
        preset: preset.recorded, state: state, epochs: records,
        trainSamples: trainer.samplesInEpoch, version: SpideCommand.version))
    batchesSaved = trainer.batchesDone
  }

  /// What was learnt from a sample that could not be read is not kept.
  private func checkSamples() throws {
    if let failure = data.failure { throw failure }
  }

  /// Weights that are no numbers are not trained on, nor written over good ones.
  private func checkNumbers() throws {
    guard let divergence = trainer.divergence else { return }
    throw DataError(
      .badData, path: preset.name, problem: divergence.problem, expected: divergence.expected)
  }
}
