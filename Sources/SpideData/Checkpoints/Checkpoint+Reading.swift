import SpideEngine

extension Checkpoint {
  /// Reads a checkpoint of a training over `trainSamples` samples.
  ///
  /// Whether preset and file belong together is for the caller to find out first (``RecordedPreset``); here all that is
  /// needed must be there and fit the shapes. Times come from ``CheckpointTimes`` and are otherwise unknown.
  ///
  /// - Parameter dynamics: the constants that the preset gives; the file may say that others are in use.
  /// - Throws: ``DataError`` of kind `badData`, also for a file of weights alone.
  public init(
    _ file: SafetensorsFile, plan: NetworkPlan, dynamics: Dynamics, training: TrainingPlan,
    trainSamples: Int
  ) throws(DataError) {
    guard let preset = try RecordedPreset(in: file), Checkpoint.isIn(file) else {
      throw file.wrong("weights alone", "a checkpoint, with the optimizer's state")
    }
    let seed: UInt64 = try file.metadata("seed", "a number") { UInt64($0) }
    var state = Trainer.State(
      plan: plan, dynamics: dynamics, training: training, seed: seed,
      parameters: try WeightsFile.weights(in: file, plan: plan))
    for memory in training.optimizer.memory {
      let prefix = Checkpoint.prefix(of: memory)
      let tensors = try file.parameters(of: plan, prefix: prefix)
      if let meaning = memory.nonnegative {
        for (parameter, values) in zip(tensors.specifications, tensors.values)
        where values.contains(where: { $0 < 0 }) {
          throw file.wrong("tensor \(prefix)\(parameter.name) has a negative number", meaning)
        }
      }
      state.optimizer[memory.name] = tensors
    }
    guard let step = file[Checkpoint.step], case .int64(let steps)? = file.values(of: step),
      steps.count == 1, steps[0] >= 0
    else { throw file.wrong("tensor \(Checkpoint.step) is no count", "one I64 number") }
    state.optimizer.updates = Int(steps[0])
    if file.metadata["shards"] != nil {
      state.shards = try file.metadata("shards", ShardPlan.expected) {
        (try? JSON(parsing: $0.utf8)).flatMap(ShardPlan.init(json:))
      }
    }
    state.epochsDone = try file.metadata("epoch", "a count") { Int($0) }
    state.batchesDone = try file.metadata("batch", "a count") { Int($0) }
    let layers = plan.layers.count
    state.tally = try file.metadata("tally", "sums over \(layers) layers") {
      (try? JSON(parsing: $0.utf8)).flatMap {
        EpochTally(json: $0, plan: plan) ?? EpochTally(older: $0, plan: plan, dynamics: dynamics)
      }
    }
    if let constants = try Checkpoint.constants(in: file, upTo: state.batchesDone) {
      state.constants = constants
    }
    let epochs = try file.metadata("epochs", "a record for each epoch") {
      EpochRecord.list($0, layers: layers)
    }
    let samples: Int = try file.metadata("train_samples", "a count") { Int($0) }
    guard samples == trainSamples else {
      throw file.wrong(
        "it was trained on \(samples) samples", "the same ones; there are \(trainSamples)")
    }
    let version: String = try file.metadata("version", "a text") { $0 }
    (self.preset, presetDynamics, self.state) = (preset, dynamics, state)
    (times, self.epochs) = (TrainingTimes(), epochs)
    (self.trainSamples, self.version) = (samples, version)
    if let (problem, expected) = fault(plan: plan, training: training) {
      throw file.wrong(problem, expected)
    }
    let best = file.metadata["best_accuracy"]
    guard best.flatMap(Double.init) == bestAccuracy, (best == nil) == (bestAccuracy == nil) else {
      throw file.wrong(
        "metadata best_accuracy is \((best ?? "missing").shown)",
        bestAccuracy.map { "the best of its epochs, \($0)" } ?? "none before the first epoch")
    }
  }
}

extension Checkpoint {
  /// The constants of each part of a training; nil where they were its preset's throughout, and for weights alone.
  ///
  /// - Parameters:
  ///   - file: A checkpoint, or weights alone.
  ///   - batches: The batches that it has done; nil to believe the log.
  /// - Throws: ``DataError`` of kind `badData` where they cannot be read.
  public static func constants(
    in file: SafetensorsFile, upTo batches: Int? = nil
  ) throws(DataError) -> DynamicsLog? {
    guard file.metadata[Checkpoint.constants] != nil else { return nil }
    let end = batches.map { " to \($0)" } ?? " on"
    // Not an optional: what cannot be read would be taken for nothing.
    let log: DynamicsLog = try file.metadata(
      Checkpoint.constants, "the constants from batch 0\(end)"
    ) { text in
      (try? JSON(parsing: text.utf8)).flatMap(DynamicsLog.init(json:))
        .flatMap { $0.currentSince <= batches ?? .max ? $0 : nil }
    }
    return log
  }
}

extension SafetensorsFile {
  /// A value of the metadata.
  fileprivate func metadata<Value>(
    _ key: String, _ expected: String, _ read: (String) -> Value?
  ) throws(DataError) -> Value {
    guard let text = metadata[key] else { throw wrong("metadata \(key) is missing", expected) }
    guard let value = read(text) else {
      throw wrong("metadata \(key) is \(text.shown)", expected)
    }
    return value
  }
}

extension EpochRecord {
  /// The records 1, 2, … of a JSON list; nil for anything else.
  fileprivate static func list(_ text: String, layers: Int) -> [EpochRecord]? {
    guard case .array(let values)? = try? JSON(parsing: text.utf8) else { return nil }
    let records = values.compactMap(EpochRecord.init(json:))
    let isWhole =
      records.count == values.count
      && records.enumerated().allSatisfy { index, record in
        record.epoch == index + 1 && record.forwardRate.count == layers
          && record.backwardRate.count == layers
          && record.testForwardRate.map { $0.count == layers } ?? true
      }
    return isWhole ? records : nil
  }
}
