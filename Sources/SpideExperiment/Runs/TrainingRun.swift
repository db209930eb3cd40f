import SpideConfiguration
import SpideData
import SpideEngine

/// A training without a screen: batches, epochs, records and checkpoints, to the end or to an interruption.
public struct TrainingRun {
  /// What is trained.
  public let experiment: Experiment
  /// What trains it.
  public let trainer: Trainer
  /// The epochs of the run so far, those before it was resumed included.
  public private(set) var records: [EpochRecord]

  private let options: Options
  /// Batches done when the last checkpoint was written; nil before the first one of a new run.
  private var batchesSaved: Int?
  /// Whether any of several ranks does not want to go on.
  private var isStopped = false

  /// What is kept of a run, and where.
  public struct Options {
    /// Where checkpoints go; nil for nowhere.
    public var target: CheckpointTarget?
    /// Batches between two checkpoints within an epoch; nil for none.
    public var saveEvery: Int?
    /// Batches between two batch records; nil for none.
    public var logEvery: Int?
    /// Where all records go.
    public var sinks: [any RecordSink]
    /// The program's version, as checkpoints have it.
    public var version: String
    /// In which order a new run sums its gradients; one that goes on keeps its own.
    public var shards = ShardPlan.standard
    /// The processes that train together. Only the first of them keeps anything.
    package var team = Team.alone

    /// Options.
    public init(
      target: CheckpointTarget? = nil, saveEvery: Int? = nil, logEvery: Int? = nil,
      sinks: [any RecordSink] = [], version: String
    ) {
      self.target = target
      self.saveEvery = saveEvery
      self.logEvery = logEvery
      self.sinks = sinks
      self.version = version
    }
  }

  /// A run that goes on from `start`, with the constants that were in use there, or a new one.
  public init(_ experiment: Experiment, from start: Checkpoint?, threads: Int, options: Options) {
    self.experiment = experiment
    self.options = options
    let preset = experiment.preset
    records = start?.epochs ?? []
    batchesSaved = start?.state.batchesDone
    var fresh: Trainer.State {
      var state = Trainer.State(
        plan: preset.network, dynamics: preset.dynamics, training: preset.training,
        seed: experiment.seed, parameters: experiment.parameters)
      state.shards = options.shards
      return state
    }
    let state = start?.state ?? fresh
    let data = experiment.data.with(forwardSteps: state.dynamics.forwardSteps)
    trainer = Trainer(
      plan: preset.network, training: preset.training, trainSet: data.train, testSet: data.test,
      threads: threads, state: state, times: start?.times ?? TrainingTimes(),
      ranks: options.team.ranks)
  }

  private var team: Team { options.team }

  /// Trains until all epochs are done or the run is not wanted any more, on any of its ranks, asked after each batch; either
  /// way nothing that was learnt is lost.
  ///
  /// - Throws: what a sink or a checkpoint throws, or ``DataError`` where a sample could not be read or the training has
  ///   diverged; what was learnt since the last checkpoint is not kept then.
  public mutating func run(while isWanted: () -> Bool = { true }) throws {
    defer { for sink in options.sinks { sink.end() } }
    try team.together { for sink in options.sinks { try sink.begin(after: records) } }
    if !team.isAlone { isStopped = try team.agree(stop: !isWanted()) }
    // An epoch whose last batch is done is not left without its test.
    while trainer.epochsDone < experiment.preset.training.epochs,
      (team.isAlone ? isWanted() : !isStopped) || trainer.epochIsComplete
    {
      let step = trainer.next()
      try check(isWanted)
      try team.together { try take(step) }
    }
    // Only the first of several ranks knows what is saved.
    try team.together { if batchesSaved != trainer.batchesDone { try save() } }
  }

  /// Looks whether all is well with what has been learnt last, on all ranks, and whether they want to go on.
  private mutating func check(_ isWanted: () -> Bool) throws {
    // What was learnt from a sample that could not be read is not kept, and weights that are no numbers are neither
    // trained on nor written over good ones.
    let failure =
      experiment.data.failure
      ?? trainer.divergence.map { DataError($0, of: experiment.preset) }
    if !team.isAlone {
      isStopped = try team.agree(on: failure, stop: !isWanted())
    } else if let failure {
      throw failure
    }
  }

  private mutating func take(_ step: Trainer.Step) throws {
    switch step {
    case .batch(let record):
      if let every = options.logEvery, record.batch % every == 0 {
        for sink in options.sinks { try sink.take(record) }
      }
      for sink in options.sinks { try sink.pass(record, trainer) }
      if let every = options.saveEvery, record.batch % every == 0 { try save() }
    case .epoch(let record, _):
      records.append(record)
      for sink in options.sinks { try sink.take(record) }
      if case .folder = options.target { try save() }
    }
  }

  private mutating func save() throws {
    guard let target = options.target else { return }
    try target.save(
      Checkpoint(
        preset: experiment.preset.recorded, presetDynamics: experiment.preset.dynamics,
        state: trainer.state, times: trainer.times, epochs: records,
        trainSamples: trainer.samplesInEpoch, version: options.version))
    batchesSaved = trainer.batchesDone
  }
}

extension DataError {
  /// A training by a preset that has diverged.
  public init(_ divergence: Divergence, of preset: Preset) {
    self.init(
      .badData, path: preset.name, problem: divergence.problem, expected: divergence.expected)
  }
}
