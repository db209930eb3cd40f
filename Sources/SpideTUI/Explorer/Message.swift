import SpideConfiguration
import SpideData
import SpideEngine

/// What can happen to the explorer.
public enum Message: Sendable {
  case input(InputEvent)
  /// Time to move on while playing.
  case tick
  /// Ctrl-C.
  case interrupt
  /// News from the training thread.
  case training(TrainingReport)
  /// A preset was opened, or why it was not.
  case opened(Result<Model.Setup, Failure>)
  /// The names of the presets, for the menu and the completion.
  case presets([PresetChoice])
  /// Weights were read, or why not.
  case loaded(Result<LoadedWeights, Failure>)
  /// Files were written, or why not.
  case wrote(Result<[String], Failure>)
  /// A comparison with the exact solutions is done.
  case compared(ComparisonAnswer)
}

/// What went wrong outside, in one line.
public struct Failure: Error, Hashable, Sendable {
  /// The line.
  public var line: String

  /// A failure in words.
  public init(_ line: String) { self.line = line }
}

/// What the explorer wants done outside: ``update(_:_:)`` returns effects and never acts itself.
public enum Effect: Sendable {
  case quit
  case training(TrainingOrder)
  /// Compare the sample with the exact solutions; the answer may take its time.
  case compare(ComparisonOrder)
  /// Open a preset by name or path, with `KEY=VALUE` overrides.
  case open(name: String, overrides: [String])
  /// Open a preset from text that is already at hand.
  case openText(Preset)
  /// List the presets.
  case listPresets
  /// Write what is shown as text, and the trace of the sample.
  case export(text: String, session: Session, stem: String)
  /// Write the weights to a file.
  case save(Parameters, preset: Preset, path: String)
  /// Read weights of the preset's shapes from a file; `samples` are those of its training set.
  case load(path: String, preset: Preset, samples: Int)
}

/// What the training thread is asked to do.
public enum TrainingOrder: Sendable {
  /// Train until told otherwise, from where training stands or, at first, from `start`.
  case run(TrainingStart)
  /// Train one batch and stop.
  case oneBatch(TrainingStart)
  /// Stop at the next batch boundary.
  case pause
  /// Forget the training; the next order starts anew.
  case discard
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
  /// The state of a checkpoint, with these weights, that training goes on from; nil to begin.
  public var state: Trainer.State?
}

extension TrainingStart {
  /// A trainer that begins so.
  package func trainer(threads: Int) -> Trainer {
    Trainer(
      plan: preset.network, dynamics: dynamics, training: preset.training, trainSet: data.train,
      testSet: data.test, threads: threads,
      state: state
        ?? Trainer.State(
          plan: preset.network, dynamics: dynamics, training: preset.training, seed: seed,
          parameters: parameters))
  }
}

/// What the training thread tells from time to time.
public struct TrainingReport: Sendable {
  /// Tells reports of a discarded training from those of the current one.
  public var run: Int
  /// The weights after the last batch.
  public var parameters: Parameters
  /// All that has come of it so far, so that a report that nobody has read can be dropped for the next.
  package var curves: TrainingCurves
  /// The confusion of the last test.
  public var confusion: [[Int]]?
  /// Samples of the batch that comes next.
  public var nextBatch: [Int]
  /// Epochs done.
  public var epochsDone: Int
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
    run: Int, parameters: Parameters, curves: TrainingCurves,
    confusion: [[Int]]?, nextBatch: [Int], epochsDone: Int, samplesDone: Int, learningRate: Float,
    samplesPerSecond: Double, seconds: Double, isRunning: Bool
  ) {
    self.run = run
    self.parameters = parameters
    self.curves = curves
    self.confusion = confusion
    self.nextBatch = nextBatch
    self.epochsDone = epochsDone
    self.samplesDone = samplesDone
    self.learningRate = learningRate
    self.samplesPerSecond = samplesPerSecond
    self.seconds = seconds
    self.isRunning = isRunning
  }
}
