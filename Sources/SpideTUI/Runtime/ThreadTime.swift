import Glibc

/// Processor time of a thread: what the thread itself used, whatever else the machine does.
enum ThreadTime {
  /// What the calling thread has used since it began.
  static var now: Duration {
    var time = timespec()
    guard clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return .zero }
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
