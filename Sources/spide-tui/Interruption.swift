import Glibc
import Synchronization

/// Ctrl-C and SIGTERM as a flag that training looks at between batches.
enum Interruption {
  private static let flag = Atomic<Bool>(false)

  /// From now on the signals, and `others` like them, set the flag; a second one ends the program at once. One that whoever started the program has it
  /// ignore, as a script does for its background jobs, stays ignored.
  static func watch(_ others: [Int32] = []) {
    // Who started the program may have left the signals blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    for number in others { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] + others where !isIgnored(number) {
      signal(number) { number in
        Interruption.flag.store(true, ordering: .relaxed)
        Glibc.signal(number, SIG_DFL)
      }
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Whether one has come.
  static var hasCome: Bool { flag.load(ordering: .relaxed) }
}
