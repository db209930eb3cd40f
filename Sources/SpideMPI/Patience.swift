import Glibc

/// How long a rank is waited for before it is taken for lost: ten times as long as this one has ever worked without waiting, for
/// they all work about as long, and never less than a minute.
///
/// `SPIDE_RANK_TIMEOUT` is the least number of seconds instead of 60. Before training has begun it is five times as long, for
/// files may come slowly then.
struct Patience {
  private let least: Duration
  private var longest = Duration.zero
  private var isStarting = true

  init(environment: String? = getenv("SPIDE_RANK_TIMEOUT").map { String(cString: $0) }) {
    let seconds = environment.flatMap(Int.init).flatMap { (1...1_000_000).contains($0) ? $0 : nil }
    least = .seconds(seconds ?? 60)
  }

  /// Between two messages to others that this rank waits, too.
  var beat: Duration { min(.seconds(5), least / 8) }

  var limit: Duration { max(isStarting ? least * 5 : least, longest * 10) }

  /// Longer than a rank that is well is waited for.
  var suspicious: Duration { max(.seconds(3), longest * 3) }

  mutating func note(work: Duration) { longest = max(longest, work) }

  mutating func settle() { (isStarting, longest) = (false, .zero) }
}

/// One wait: a short while without sleep, for what comes at once, then with sleeps that leave the processor to others.
struct Wait {
  let start: ContinuousClock.Instant
  /// Time that has passed while the process ran: one that was stopped for an hour has not waited for an hour.
  private(set) var time = Duration.zero
  private(set) var isBeatDue = false
  private var last: ContinuousClock.Instant
  private var lastBeat = Duration.zero

  private let beat: Duration

  init(since start: ContinuousClock.Instant, beat: Duration) {
    (self.start, last, self.beat) = (start, start, beat)
  }

  mutating func pause(_ clock: ContinuousClock) {
    if time > .microseconds(50) { usleep(time > .milliseconds(20) ? 500 : 50) }
    let now = clock.now
    time += min(now - last, .seconds(1))
    last = now
    isBeatDue = time - lastBeat >= beat
    if isBeatDue { lastBeat = time }
  }
}
