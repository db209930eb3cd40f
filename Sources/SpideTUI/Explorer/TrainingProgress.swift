import SpideData
import SpideEngine

/// What the explorer knows of its training.
struct TrainingProgress: Sendable {
  enum State: Hashable, Sendable {
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
    /// Stopped for good: its numbers have left what can be computed with.
    case diverged(Divergence)
  }

  /// How far the test of weights that were loaded is.
  enum LoadedTest: Sendable {
    /// None is wanted, or a newer test is shown.
    case none
    case due
    case running
    /// It is the one shown.
    case done
  }

  var state = State.idle
  var loadedTest = LoadedTest.none
  /// The accuracy of that test.
  private(set) var loadedAccuracy: Double?
  /// The run that it is of.
  var run = 0
  /// What it has come to since it began here, past the update that is shown too.
  var curves = TrainingCurves()
  /// Epochs that come from a checkpoint, of whose batches nothing is known; x counts epochs.
  var earlier = TrainingCurves()
  /// The confusion and the accuracy of the last test, at the end of an epoch or of weights that were loaded.
  private(set) var confusion: [[Int]]?
  private(set) var testAccuracy: Double?
  /// The same two of before it began here.
  private var startConfusion: [[Int]]?
  private var startAccuracy: Double?
  private var bestTested: Double?
  var nextBatch: [Int] = []
  /// Where training begins, from a checkpoint; nil for a new one and once it has begun.
  var start: Checkpoint?
  /// Where the weights that are shown stand in their training; nil where they are weights alone.
  private(set) var checkpoint: Checkpoint?
  var batchesDone = 0
  /// Batches behind the weights that are shown; fewer than ``batchesDone`` where those after them have diverged.
  private(set) var batchesShown = 0
  /// Batches that the log has told of, or need not.
  var batchesLogged = 0
  /// Batches that a training which runs was asked for; nil for all of its epochs.
  var batchesAsked: Int?
  /// Whether the log tells how many batches were done between its keys; if not, their number was asked for.
  var logsBatches = true
  /// Changes of what it goes on with while it runs, so far.
  var changes = 0
  /// Batches behind the weights that are in a file.
  var batchesSaved = 0
  /// What can be gone back to; nil before the first batch.
  var recorded: RecordedPart?
  /// The recording itself while training stands; nil while it goes on, so that what it drops is gone.
  private(set) var recording: Recording?
  /// The constants of the batch that comes next, as the training thread has told them.
  private(set) var dynamics: Dynamics?
  /// The way to another update that it is on.
  var travel: Travel?
  /// Counts the journeys to other updates, and the ways that were left for another one.
  var journeys = 0
  private(set) var ways = 0
  /// Whether the pause that is asked for is all that its key was for.
  var isToggledOff = false
  /// Whether the training that runs follows what is recorded.
  var follows = false
  var epochsDone = 0
  /// Epochs that it goes on for while it runs; 0 while it stands.
  var epochsLeft = 0
  var samplesDone = 0
  var learningRate: Float?
  var samplesPerSecond = 0.0
  var seconds = 0.0

  /// Batches whose weights are in no file, 0 while the first is being trained; nil where nothing would be lost.
  var batchesUnsaved: Int? {
    func unsaved(_ last: Int) -> Int { max(0, last - batchesSaved) }
    let all = unsaved(max(batchesShown, recorded?.last ?? 0))
    switch state {
    case .running, .pausing, .updating: return all
    case .idle, .paused: return all == 0 ? nil : all
    case .diverged: return batchesShown == batchesSaved ? nil : unsaved(batchesShown)
    }
  }

  /// Whether the update that is shown lies before the end of what is recorded.
  var isBehind: Bool { recorded.map { batchesDone < $0.last } ?? false }

  /// Training goes on by itself.
  mutating func begin() {
    state = .running
    recording = nil
  }

  /// Leaves what is recorded for another way: what lies after the update that is shown is forgotten.
  mutating func leaveRecorded() {
    ways += 1
    recorded?.last = batchesDone
    batchesSaved = min(batchesSaved, batchesDone)
  }

  /// Goes on as another run, with all that has led to the update that is shown.
  mutating func fork(as run: Int) {
    self.run = run
    // What came before is the other run's to save.
    batchesSaved = batchesDone
    batchesLogged = batchesDone
    guard recorded != nil else { return }
    recorded?.last = batchesDone
    state = .paused
  }

  /// The training that a checkpoint goes on with; all that has been told about another one is forgotten.
  init(run: Int = 0, checkpoint: Checkpoint? = nil) {
    self.run = run
    guard let checkpoint else { return }
    start = checkpoint
    self.checkpoint = checkpoint
    earlier = TrainingCurves(epochs: checkpoint.epochs, samples: checkpoint.trainSamples)
    testAccuracy = earlier.epoch?.testAccuracy
    startAccuracy = testAccuracy
    batchesDone = checkpoint.state.batchesDone
    batchesShown = batchesDone
    batchesSaved = batchesDone
    batchesLogged = batchesDone
    epochsDone = checkpoint.state.epochsDone
    samplesDone = checkpoint.state.samplesDone
    seconds = checkpoint.times.elapsed / .seconds(1)
  }

  /// Takes in a report.
  mutating func add(_ report: TrainingReport) {
    start = nil
    curves = report.curves
    batchesDone = report.batchesDone
    recorded = report.recorded ?? recorded
    recording = report.isRunning ? nil : report.recording
    dynamics = report.dynamics ?? dynamics
    confusion = report.confusion ?? startConfusion
    testAccuracy = report.epoch?.testAccuracy ?? startAccuracy
    bestTested = report.bestAccuracy
    if report.confusion != nil { loadedTest = .none }
    nextBatch = report.nextBatch
    epochsDone = report.epochsDone
    epochsLeft = report.isRunning ? report.epochsLeft : 0
    samplesDone = report.samplesDone
    learningRate = report.learningRate
    samplesPerSecond = report.samplesPerSecond
    seconds = report.seconds
    if let divergence = report.divergence {
      state = .diverged(divergence)
      return
    }
    batchesShown = batchesDone
    checkpoint = report.checkpoint
    if !report.isRunning {
      state = .paused
    } else if state != .pausing {
      state = .running
    }
  }

  /// Takes in what another program has come to with this training.
  mutating func follow(_ curves: TrainingCurves) {
    earlier = curves
    testAccuracy = curves.epoch?.testAccuracy
    startAccuracy = testAccuracy
  }

  /// Takes in the test of weights that were loaded.
  mutating func add(_ test: Evaluation) {
    confusion = test.confusion
    loadedAccuracy = test.accuracy
    // Between two epochs the weights have moved on since the last test that the curves have.
    if earlier.epoch?.testAccuracy == nil { testAccuracy = test.accuracy }
    loadedTest = .done
    startConfusion = confusion
    startAccuracy = testAccuracy
  }

  /// Seconds until the last epoch ends at the present speed, or at so many samples a second at most; nil while that is
  /// unknown.
  func secondsLeft(
    epochs total: Int, samplesInEpoch: Int, atMost limit: Double = .infinity
  ) -> Double? {
    let samplesPerSecond = min(samplesPerSecond, limit)
    guard samplesPerSecond > 0, total > epochsDone else { return nil }
    if case .diverged = state { return nil }
    let samples = (total - epochsDone) * samplesInEpoch - samplesDone
    return Double(max(0, samples)) / samplesPerSecond
  }

  /// The best test accuracy so far.
  var bestAccuracy: Double? {
    [earlier.bestAccuracy, bestTested, testAccuracy].compactMap { $0 }.max()
  }
}
