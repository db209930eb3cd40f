import SpideEngine

/// A training at the end of a batch, with all that going on with it needs.
///
/// Its file follows from the training alone: the same preset, seed and position give the same bytes, however often the
/// run was interrupted and on how many threads. So wall-clock times are not in it (``CheckpointTimes`` has them).
///
/// Tensors: the weights, what the optimizer remembers (`optimizer.momentum.<parameter>`, for Adam
/// `optimizer.second_moment.<parameter>` too), and `optimizer.step`. Metadata, each a text: `preset` (YAML), `overrides` (JSON list), `seed`, `epoch`, `batch`,
/// `shards` (JSON, the order in which gradients are summed; ``ShardPlan/standard`` where it is missing), `train_samples`,
/// `best_accuracy` (once there is one), `tally` (JSON, sums over the running epoch), `epochs` (JSON list of records),
/// `constants` (JSON list, the constants of each part of the training; only where they are not the preset's throughout),
/// `version`.
public struct Checkpoint: Sendable {
  /// The preset as it was read, before overrides.
  public var preset: RecordedPreset
  /// The constants that the preset gives, overrides included.
  public var presetDynamics: Dynamics
  /// Weights, optimizer, position, seed, and the constants in use.
  public var state: Trainer.State
  /// What the run has taken so far, as far as it is known. Not in the file.
  public var times: TrainingTimes
  /// The epochs completed, in order.
  public var epochs: [EpochRecord]
  /// Samples of the training set.
  public var trainSamples: Int
  /// Of the program that wrote it.
  public var version: String

  /// A checkpoint. Every epoch that is completed must have its record.
  public init(
    preset: RecordedPreset, presetDynamics: Dynamics, state: Trainer.State,
    times: TrainingTimes = TrainingTimes(), epochs: [EpochRecord], trainSamples: Int,
    version: String
  ) {
    precondition(epochs.count == state.epochsDone, "\(epochs.count) of \(state.epochsDone) epochs")
    self.preset = preset
    self.presetDynamics = presetDynamics
    self.state = state
    self.times = times
    self.epochs = epochs
    self.trainSamples = trainSamples
    self.version = version
  }

  /// The best test accuracy so far; nil before the first test.
  public var bestAccuracy: Double? { epochs.compactMap(\.testAccuracy).max() }

  /// Whether it ends an epoch whose test was better than all before.
  public var isBest: Bool {
    guard state.samplesDone == 0, let last = epochs.last?.testAccuracy else { return false }
    return epochs.dropLast().allSatisfy { ($0.testAccuracy ?? 0) < last }
  }

  /// Whether the constants in use are not, or were not always, those of the preset.
  public var hasOwnConstants: Bool { state.constants != DynamicsLog(presetDynamics) }

  /// Whether a file is a checkpoint, and not weights alone.
  public static func isIn(_ file: SafetensorsFile) -> Bool { file[step] != nil }

  /// Writes it as one file; what was there stays until the new file is whole.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func write(to path: String, owner: AtomicFile.Owner = .user) throws(DataError) {
    var metadata = preset.metadata
    metadata["seed"] = String(state.seed)
    metadata["epoch"] = String(state.epochsDone)
    metadata["batch"] = String(state.batchesDone)
    metadata["shards"] = state.shards.json.description
    metadata["train_samples"] = String(trainSamples)
    metadata["best_accuracy"] = bestAccuracy.map { JSON.double($0).description }
    metadata["tally"] = state.tally.json.description
    metadata["epochs"] = JSON.array(epochs.map(\.timelessJSON)).description
    metadata["version"] = version
    if hasOwnConstants { metadata[Checkpoint.constants] = state.constants.json.description }
    var writer = SafetensorsWriter(metadata: metadata)
    writer.add(state.parameters)
    for (memory, values) in zip(state.optimizer.kind.memory, state.optimizer.memory) {
      writer.add(values, prefix: Checkpoint.prefix(of: memory))
    }
    writer.add(
      name: Checkpoint.step, shape: [], values: .int64([Int64(state.optimizer.updates)]))
    try writer.write(to: path, owner: owner)
  }

  /// What the names of an optimizer's tensors begin with: `optimizer.momentum.`
  static func prefix(of memory: OptimizerMemory) -> String {
    WeightsFile.optimizerPrefix + memory.name + "."
  }
  static let constants = "constants"
  static let step = WeightsFile.optimizerPrefix + "step"
}
