/// When play moves on: at even intervals, whatever the time that drawing takes.
package struct Beat {
  package init() {}

  private var deadline: ContinuousClock.Instant?
  /// When the last beat was due.
  private var last: ContinuousClock.Instant?

  /// The next beat; nil without an interval, while time stands. A beat that was missed is made up for at once, more of
  /// them are not. An interval that has become shorter holds from now on.
  package mutating func next(interval: Duration?, now: ContinuousClock.Instant) -> ContinuousClock
    .Instant?
  {
    guard let interval else {
      self = Beat()
      return nil
    }
    let first = max(now, (last ?? now) + interval)
    let next = deadline.map { min($0, now + interval) } ?? first
    deadline = next
    return next
  }

  /// Says that the next beat is done.
  package mutating func strike() {
    last = deadline
    deadline = nil
  }
}
