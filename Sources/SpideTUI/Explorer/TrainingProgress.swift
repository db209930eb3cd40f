import SpideData
import SpideEngine

/// What the explorer knows of its training.
struct TrainingProgress: Sendable {
  enum State: Sendable {
    /// Nothing trained yet.
    case idle
    /// Batches follow each other by themselves.
    case running
    /// Told to stop; the batch is not finished yet.
    case pausing
    /// Asked for one batch, which is not finished yet.
    case updating
    /// At a batch boundary.
    case paused
  }

  var state = State.idle
  /// Counts the trainings that have been discarded.
  var run = 0
  /// What it has come to since it began here.
  var curves = TrainingCurves()
  /// Epochs that come from a checkpoint, of whose batches nothing is known; x counts epochs.
  var earlier = TrainingCurves()
  var confusion: [[Int]]?
  var nextBatch: [Int] = []
  /// Where training begins, from a checkpoint; nil for a new one and once it has begun.
  var start: Trainer.State?
  var batchesDone = 0
  var epochsDone = 0
  var samplesDone = 0
  var learningRate: Float?
  var samplesPerSecond = 0.0
  var seconds = 0.0

  /// Whether the training thread is at work.
  var isBusy: Bool { state == .running || state == .pausing || state == .updating }

  /// The training that a checkpoint goes on with; all that has been told about another one is forgotten.
  init(run: Int = 0, checkpoint: Checkpoint? = nil) {
    self.run = run
    guard let checkpoint else { return }
    start = checkpoint.state
    earlier = TrainingCurves(epochs: checkpoint.epochs)
    batchesDone = checkpoint.state.batchesDone
    epochsDone = checkpoint.state.epochsDone
    samplesDone = checkpoint.state.samplesDone
    seconds = checkpoint.state.elapsed / .seconds(1)
  }

  /// Takes in a report.
  mutating func add(_ report: TrainingReport) {
    start = nil
    curves = report.curves
    batchesDone = curves.batch?.batch ?? batchesDone
    confusion = report.confusion ?? confusion
    nextBatch = report.nextBatch
    epochsDone = report.epochsDone
    samplesDone = report.samplesDone
    learningRate = report.learningRate
    samplesPerSecond = report.samplesPerSecond
    seconds = report.seconds
    if !report.isRunning {
      state = .paused
    } else if state != .pausing {
      state = .running
    }
  }

  /// Seconds until the last epoch ends at the present speed; nil while that is unknown.
  func secondsLeft(epochs total: Int, samplesInEpoch: Int) -> Double? {
    guard samplesPerSecond > 0, total > epochsDone else { return nil }
    let samples = (total - epochsDone) * samplesInEpoch - samplesDone
    return Double(max(0, samples)) / samplesPerSecond
  }

  /// The best test accuracy so far.
  var bestAccuracy: Double? { [earlier, curves].compactMap(\.bestAccuracy).max() }

  /// The accuracy of the last test.
  var lastAccuracy: Double? { (curves.epoch ?? earlier.epoch)?.testAccuracy }
}
