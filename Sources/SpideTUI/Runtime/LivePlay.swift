/// A session that is being played on a terminal: one line after the other, each once nothing that the one before has started
/// is still going on. A training takes its time here; what a person does ends the playing.
struct LivePlay {
  private let session: PlayedSession
  private var steps: ArraySlice<PlayedSession.Step>
  /// The line that is being played, less what has happened of it.
  private var step: PlayedSession.Step?
  /// Until when a `wait` lasts.
  private var end: ContinuousClock.Instant?
  /// The batches that a wait for a training lasts until.
  private var batches: Int?
  /// Whether a `:` has just been typed, which should have opened the command line.
  private var opensCommand = false
  /// Why it did not.
  private var obstacle: String?

  init(_ session: PlayedSession) {
    self.session = session
    steps = session.steps[...]
  }

  /// What is said when it is over.
  var lastWords: String { "\(session.file) has been played" }
  /// What is said when a person ends it.
  var wordsWhenEnded: String { "\(session.file) was ended by you: from here on the keys are yours" }

  /// What is to be done next.
  enum Turn {
    /// Give this message to the model.
    case message(Message)
    /// Wait until this moment; where it is nil, until something happens.
    case wait(until: ContinuousClock.Instant?)
    case over
    /// A command has failed or could not be typed, so that what follows it would mean something else. What is said of it,
    /// where the screen does not say it already.
    case failed(words: String?)
  }

  /// The next turn of a model at a moment.
  mutating func turn(_ model: Model, now: ContinuousClock.Instant) -> Turn {
    while true {
      if let end {
        if now < end { return .wait(until: end) }
        self.end = nil
      }
      if let target = batches {
        if model.training.state == .running, model.training.batchesDone < target {
          return .wait(until: nil)
        }
        batches = nil
      }
      guard model.isSettled else { return .wait(until: nil) }
      guard let act = nextAct(model) else {
        guard let step else { return .over }
        return .failed(words: obstacle.map { "\(session.error(step, obstacle: $0))" })
      }
      switch act {
      case .input(.resized): continue
      case .input(.key(.control("c"))): return .message(.interrupt)
      case .input(let event): return .message(.input(event))
      case .wait(let seconds): end = now + .seconds(seconds)
      case .beats(let count): end = model.tickInterval.map { now + $0 * count }
      case .batches(let count): batches = model.training.batchesDone + count
      }
    }
  }

  /// Nil where nothing is left, or where a command has failed or could not be typed, which stays ``step`` then.
  private mutating func nextAct(_ model: Model) -> PlayedSession.Act? {
    if opensCommand {
      opensCommand = false
      obstacle = model.obstacleToCommand
      if obstacle != nil { return nil }
    }
    while step?.acts.isEmpty ?? true {
      if step?.isCommand == true, model.failure != nil { return nil }
      step = steps.popFirst()
      if step == nil { return nil }
      opensCommand = step?.isCommand ?? false
    }
    return step?.acts.removeFirst()
  }
}
