import Glibc

/// Time on processors: what was used, whatever else the machine does.
enum ProcessorTime {
  /// What the calling thread has used since it began.
  static var ofThread: Duration { now(CLOCK_THREAD_CPUTIME_ID) }

  /// What all threads of the process have used since it began.
  static var ofProcess: Duration { now(CLOCK_PROCESS_CPUTIME_ID) }

  private static func now(_ clock: clockid_t) -> Duration {
    var time = timespec()
    guard clock_gettime(clock, &time) == 0 else { return .zero }
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
