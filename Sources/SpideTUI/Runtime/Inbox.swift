import SpideEngine

/// What other threads tell, on its way to the loop.
///
/// It does not grow while nobody reads: a report of training, and what more has been computed of a sample, takes the place
/// of one that still waits.
package final class Inbox: Sendable {
  private let messages = Guarded<[Message]>([])
  private let wake: @Sendable () -> Void

  /// `wake` is called after each message, on the thread that tells it.
  package init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  /// Adds a message, from any thread.
  package func put(_ message: Message) {
    messages.withLock { messages in
      switch message {
      case .training: messages.removeAll { if case .training = $0 { true } else { false } }
      case .simulated: messages.removeAll { if case .simulated = $0 { true } else { false } }
      default: break
      }
      messages.append(message)
    }
    wake()
  }

  /// What has come since the last time, oldest first.
  package func take() -> [Message] {
    messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
