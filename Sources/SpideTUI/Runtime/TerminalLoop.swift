internal import CTerminal

/// Waits for what happens, tells its owner one event at a time, and draws when asked to: at most
/// thirty times a second, or sixty where a person waits for it. With nothing to do it sleeps without a time limit.
public final class TerminalLoop {
  /// The terminal.
  public let screen: TerminalScreen
  /// When to deliver the next `LoopEvent.tick`; set it anew after each. Nil: no tick.
  public var nextDeadline: ContinuousClock.Instant?

  private let clock = ContinuousClock()
  /// The least time between two frames.
  private static let frameTime = Duration.milliseconds(33)
  /// The least time between two frames where a person waits for the second.
  private static let answerTime = Duration.milliseconds(16)
  /// How long a frame is put off for an answer that another thread may give at any moment.
  private static let patience = Duration.milliseconds(10)
  /// A paste from which nothing has come for so long has lost its end.
  private static let longestPausePasting = Duration.seconds(2)
  /// Events handled before looking for signals again: a flood of input does not keep one out.
  private static let eventsPerTurn = 256

  /// Takes the terminal over; see `TerminalScreen.init`.
  public init(_ options: TerminalOptions = TerminalOptions()) throws(TerminalError) {
    screen = try TerminalScreen(options)
  }

  /// Runs until the owner says `stop` or the terminal is gone, and gives the terminal back.
  ///
  /// The first event is the terminal's size. Ctrl-Z is dealt with inside. After SIGTERM, SIGHUP
  /// and SIGQUIT the owner is told, then the process ends by that signal, the terminal restored.
  /// - Parameters:
  ///   - frame: what to show on so many columns and rows; nil leaves the screen as it is.
  ///   - handle: deals with one event. What it throws comes out, the terminal given back.
  public func run<Failure: Error>(
    frame: (_ width: Int, _ height: Int) throws(Failure) -> Frame?,
    handle: (LoopEvent) throws(Failure) -> LoopControl
  ) throws(Failure) -> LoopEnd {
    defer { screen.close() }
    var lastFrame = clock.now - Self.frameTime
    /// When to draw; nil where nothing has changed.
    var nextFrame: ContinuousClock.Instant? = clock.now
    var mayHaveInput = false
    var pasteDeadline: ContinuousClock.Instant?

    func draw(after frameTime: Duration, patience: Duration = .zero) {
      let due = max(lastFrame + frameTime, clock.now + patience)
      nextFrame = min(nextFrame ?? due, due)
    }
    /// Returns true if the owner said to stop.
    func tell(_ event: LoopEvent) throws(Failure) -> Bool {
      switch try handle(event) {
      case .wait: break
      case .redraw: draw(after: Self.frameTime)
      case .answer: draw(after: Self.answerTime)
      case .answerSoon: draw(after: Self.answerTime, patience: Self.patience)
      case .stop: return true
      }
      return false
    }

    if try tell(resizedEvent) { return .stopped }
    while true {
      if let due = nextFrame, clock.now >= due {
        lastFrame = clock.now
        nextFrame = nil
        let (width, height) = screen.size
        if let shown = try frame(width, height) { screen.show(shown.canvas, cursor: shown.cursor) }
      }
      let happenings = screen.wait(
        milliseconds: mayHaveInput
          ? 0 : milliseconds(until: [nextFrame, nextDeadline, pasteDeadline]))

      if let signal = happenings.endingSignal {
        _ = try handle(.signal(signal))
        sct_end_by_signal(signal.rawValue)
      }
      if happenings.contains(.gone) { return .terminalGone }
      if happenings.contains(.interrupt), try tell(.signal(.interrupt)) { return .stopped }
      if !happenings.isDisjoint(with: [.stop, .continued, .resized]) {
        draw(after: Self.frameTime)
        if adapt(to: happenings), try tell(resizedEvent) { return .stopped }
      }
      if mayHaveInput || !happenings.isEmpty {
        mayHaveInput = true
        var hasRead = false
        for _ in 0..<Self.eventsPerTurn {
          guard let events = screen.readEvents() else {
            mayHaveInput = false
            break
          }
          hasRead = true
          for event in events where try tell(.input(event)) { return .stopped }
        }
        if hasRead {
          pasteDeadline = screen.isPasting ? clock.now + Self.longestPausePasting : nil
        }
      }
      if let deadline = pasteDeadline, !mayHaveInput, clock.now >= deadline {
        pasteDeadline = nil
        for event in screen.endPaste() where try tell(.input(event)) { return .stopped }
      }
      if happenings.contains(.woken), try tell(.wake) { return .stopped }
      if let deadline = nextDeadline, clock.now >= deadline {
        nextDeadline = nil
        if try tell(.tick) { return .stopped }
      }
    }
  }

  private var resizedEvent: LoopEvent {
    .input(.resized(width: screen.size.width, height: screen.size.height))
  }

  /// Stops, goes on or takes the new size. Returns true if the size changed.
  private func adapt(to happenings: Happenings) -> Bool {
    let former = screen.size
    if happenings.contains(.stop) {
      screen.suspend()
    } else if happenings.contains(.continued) {
      screen.resume()
    }
    return screen.adoptSize() || screen.size != former
  }

  /// To the first of some moments, rounded up, so that it has come when the wait is over; nil without any.
  private func milliseconds(until moments: [ContinuousClock.Instant?]) -> Int32? {
    guard let moment = moments.compactMap({ $0 }).min() else { return nil }
    let (seconds, attoseconds) = (moment - clock.now).components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return Int32(min(seconds, 3600) * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
  }
}

extension Happenings {
  /// The signal that ends the process, the most pressing of several.
  fileprivate var endingSignal: LoopSignal? {
    contains(.terminate)
      ? .terminate : contains(.hangup) ? .hangup : contains(.quit) ? .quit : nil
  }
}
