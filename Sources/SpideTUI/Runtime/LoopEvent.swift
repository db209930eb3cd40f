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

/// What to show.
public struct Frame: Sendable {
  /// The cells.
  public var canvas: Canvas
  /// Where the terminal's cursor stands; nil hides it.
  public var cursor: CellPosition?

  /// A frame.
  public init(_ canvas: Canvas, cursor: CellPosition? = nil) {
    self.canvas = canvas
    self.cursor = cursor
  }
}

/// The place of a cell.
public struct CellPosition: Hashable, Sendable {
  /// Column, from 0.
  public var x: Int
  /// Row, from 0.
  public var y: Int

  /// A place.
  public init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }
}
