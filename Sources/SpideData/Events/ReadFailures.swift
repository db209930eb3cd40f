import SpideEngine

/// The first thing that went wrong while samples were read, where those who read cannot say so themselves.
final class ReadFailures: Sendable {
  private let failure = Guarded<DataError?>(nil)

  /// What went wrong first; nil while all is well.
  var first: DataError? { failure.withLock { $0 } }

  /// Notes a failure; only the first is kept.
  func note(_ error: DataError) {
    failure.withLock { if $0 == nil { $0 = error } }
  }
}
