/// What the loop tells its owner.
public enum LoopEvent: Hashable, Sendable {
  case input(InputEvent)
  /// `Waker.wake` was called, once or more.
  case wake
  /// `TerminalLoop.nextDeadline` was reached; it is nil again.
  case tick
  case signal(LoopSignal)
}

/// A signal that asks the program to end.
public enum LoopSignal: Int32, Hashable, Sendable {
  /// SIGHUP: the terminal went away. The process ends by it after the owner was told.
  case hangup = 1
  /// SIGINT, Ctrl-C: the owner decides.
  case interrupt = 2
  /// SIGQUIT. The process ends by it after the owner was told.
  case quit = 3
  /// SIGTERM. The process ends by it after the owner was told.
  case terminate = 15
}

/// What the loop does after its owner handled an event.
public enum LoopControl: Hashable, Sendable {
  /// Nothing to show has changed.
  case wait
  /// Ask for a frame, within one thirtieth of a second.
  case redraw
  /// Ask for a frame that a person waits for, within one sixtieth of a second.
  case answer
  /// The same, but give what makes it worth drawing some milliseconds to come.
  case answerSoon
  /// Return from `run`.
  case stop
}

/// Why `run` returned.
public enum LoopEnd: Hashable, Sendable {
  /// The owner said `stop`.
  case stopped
  /// The terminal hung up.
  case terminalGone
}
