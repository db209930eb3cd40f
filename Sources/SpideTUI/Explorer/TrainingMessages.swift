import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// What the training thread is asked to do.
public enum TrainingOrder: Sendable {
  /// Train until told otherwise, from where training stands or, at first, from `start`.
  case run(TrainingStart)
  /// Train so many batches and stop.
  case batches(Int, TrainingStart)
  /// Go on, where training does, with other constants and samples.
  case use(TrainingStart)
  /// Stop at the next batch boundary, on the way to another update as well.
  case pause
  /// Go to another update of what is recorded, and stand there.
  case go(Journey, TrainingStart)
  /// Begin the run of this order where another one stands, which stays as it is.
  case fork(from: Int, TrainingStart)
  /// Forget a run.
  case discard(run: Int)
}

/// What training begins with, should it not have begun, and the constants to use from now on.
public struct TrainingStart: Sendable {
  /// The experiment.
  public var preset: Preset
  /// Its samples.
  public var data: DataSplit
  /// The weights as they stand.
  public var parameters: Parameters
  /// Constants of both stages.
  public var dynamics: Dynamics
  /// Seeds the order of samples and the dropout.
  public var seed: UInt64
  /// The checkpoint, with these weights, that training goes on from; nil to begin.
  public var checkpoint: Checkpoint?
  /// The run that trains.
  package var run = 0
  /// How many changes of a training that runs have led to this.
  package var change = 0
  /// How fast it goes.
  package var pace = TrainingPace.full
  /// How many times what is recorded has been left for another way.
  package var way = 0
  /// Whether it follows what is recorded, with the constants of then.
  package var follows = false
  /// What stops it.
  var stops: [Breakpoint] = []
  /// Whether reports tell what the last batch did to the weights, for which every batch copies them.
  var tellsUpdates = false
}

/// A change of what a training goes on with, and the batches that were done before it took effect.
struct TakenChange: Hashable, Sendable {
  /// Counts the changes.
  let number: Int
  let batches: Int
}

extension TrainingStart {
  /// A trainer that begins so.
  package func trainer(threads: Int) -> Trainer {
    let state =
      checkpoint?.state
      ?? Trainer.State(
        plan: preset.network, dynamics: dynamics, training: preset.training, seed: seed,
        parameters: parameters)
    return Trainer(
      plan: preset.network, training: preset.training, trainSet: data.train, testSet: data.test,
      threads: threads, state: state, times: checkpoint?.times ?? TrainingTimes())
  }
}

/// What the training thread tells from time to time.
public struct TrainingReport: Sendable {
  /// The run that it tells of.
  public var run: Int
  /// The weights after the last batch.
  public var parameters: Parameters
  /// Where it stands, to go on from; nil where it cannot go on.
  public var checkpoint: Checkpoint?
  /// Why training has stopped and cannot go on: these weights, or what stands behind them, are no numbers.
  public var divergence: Divergence?
  /// All that is recorded of it, so that a report that nobody has read can be dropped for the next.
  package var curves: TrainingCurves
  /// Changes that took effect, oldest first.
  var changes: [TakenChange] = []
  /// Batches done where it stands, which may be a place before the end of what is recorded.
  package var batchesDone: Int
  /// The constants of the batch that comes next.
  package var dynamics: Dynamics?
  /// The last epoch done there, and the best test accuracy up to it.
  package var epoch: EpochRecord?
  var bestAccuracy: Double?
  /// Breakpoints that held after the last batch, which stopped it.
  var hits: [StopHit] = []
  /// What is recorded.
  var recorded: RecordedPart?
  /// What the last batch did to the weights, where that was asked for.
  package var update: UpdateAccount?
  /// Where training stands, all that is recorded of it, to look back at any update. It shares its memory with that of the
  /// training thread.
  var recording: Recording?
  /// What is recorded of the other runs.
  var memory: RecordingMemory?
  /// The last journey to another update.
  var journey: Journey?
  /// The confusion of the last test.
  public var confusion: [[Int]]?
  /// Samples of the batch that comes next.
  public var nextBatch: [Int]
  /// Epochs done.
  public var epochsDone: Int
  /// Epochs that this training goes on for, the running one included, should nobody pause it.
  public var epochsLeft: Int
  /// Samples done in the running epoch.
  public var samplesDone: Int
  /// The rate that the next batch will use.
  public var learningRate: Float
  /// Training samples per second, lately.
  public var samplesPerSecond: Double
  /// Time spent training, in seconds.
  public var seconds: Double
  /// Whether training goes on by itself.
  public var isRunning: Bool

  package init(
    run: Int, parameters: Parameters, checkpoint: Checkpoint? = nil,
    divergence: Divergence? = nil, curves: TrainingCurves,
    confusion: [[Int]]?, nextBatch: [Int], epochsDone: Int, epochsLeft: Int = 0, samplesDone: Int,
    learningRate: Float,
    samplesPerSecond: Double, seconds: Double, isRunning: Bool
  ) {
    self.run = run
    self.parameters = parameters
    self.checkpoint = checkpoint
    self.divergence = divergence
    self.curves = curves
    self.confusion = confusion
    self.nextBatch = nextBatch
    self.epochsDone = epochsDone
    self.epochsLeft = epochsLeft
    self.samplesDone = samplesDone
    self.learningRate = learningRate
    self.samplesPerSecond = samplesPerSecond
    self.seconds = seconds
    self.isRunning = isRunning
    batchesDone = curves.batch?.batch ?? 0
    epoch = curves.epoch
    bestAccuracy = curves.bestAccuracy
  }
}
