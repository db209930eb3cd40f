import Synchronization

/// A value that one thread at a time may use: a `Mutex`, and a mark that lets the thread sanitizer see who came after whom.
///
/// Where threads wait for a `Mutex`, it is handed on inside the standard library and the kernel, which are not built with the
/// sanitizer: two uses in turn would look like a race. The mark costs one store.
package struct Guarded<Value: Sendable>: ~Copyable, Sendable {
  private let value: Mutex<Value>
  private let turn = Atomic<Bool>(false)

  /// A value to be guarded.
  package init(_ value: Value) { self.value = Mutex(value) }

  /// Calls `body` with the value while no other thread has it.
  package borrowing func withLock<Result: Sendable>(
    _ body: (inout Value) throws -> Result
  ) rethrows -> Result {
    try value.withLock { value in
      _ = turn.load(ordering: .acquiring)
      defer { turn.store(false, ordering: .releasing) }
      return try body(&value)
    }
  }
}
