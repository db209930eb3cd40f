import Glibc
import Synchronization

/// Ctrl-C and SIGTERM as a flag that training looks at between batches.
enum Interruption {
  private static let flag = Atomic<Bool>(false)

  /// From now on the signals set the flag; a second one ends the program at once.
  static func watch() {
    // Who started the program may have left the signals blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.flag.store(true, ordering: .relaxed)
        Glibc.signal(number, SIG_DFL)
      }
    }
  }

  /// Whether one has come.
  static var hasCome: Bool { flag.load(ordering: .relaxed) }
}
