internal import CTerminal

/// Wakes the terminal's loop from any thread, in a fraction of a microsecond; many wakes before
/// the loop looks are one. Does nothing where no loop has been opened.
public struct Waker: Sendable {
  /// The waker of this process's loop.
  public init() {}

  /// Makes the loop deliver `LoopEvent.wake`.
  public func wake() { sct_wake() }
}
