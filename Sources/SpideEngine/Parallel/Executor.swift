import Dispatch
import Synchronization

/// Runs tasks that do not depend on each other. What they come to must not depend on who runs them.
package protocol Executor: Sendable {
  /// Tasks that may run side by side, at least 1.
  var workers: Int { get }

  /// Calls `body` with the number of a worker, of which each runs one task at a time, and with each of `0 ..< count`,
  /// in any order; returns when all are done.
  func forEach(_ count: Int, _ body: @escaping @Sendable (_ worker: Int, _ task: Int) -> Void)
}

/// The threads of this process; with one of them a plain loop.
package struct ThreadExecutor: Executor {
  package let workers: Int

  /// At least one thread.
  package init(threads: Int) { workers = max(1, threads) }

  package func forEach(
    _ count: Int, _ body: @escaping @Sendable (_ worker: Int, _ task: Int) -> Void
  ) {
    let workers = min(workers, count)
    if workers <= 1 { return (0..<count).forEach { body(0, $0) } }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < count else { return }
        body(worker, task)
      }
    }
  }
}
