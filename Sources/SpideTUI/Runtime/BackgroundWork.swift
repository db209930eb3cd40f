import Dispatch
import Synchronization

/// Work on a thread of its own, one piece after another, that can be told to stop.
package final class BackgroundWork: Sendable {
  /// Counts the stops: work that began before the last of them is not wanted any more.
  private let stops = Atomic<Int>(0)
  private let queue: DispatchQueue

  /// A thread of that name, without work.
  package init(label: String) { queue = DispatchQueue(label: label, qos: .utility) }

  /// Does a piece of work after those before it, and tells it, whenever asked from any thread, whether it is wanted.
  package func begin(
    _ work: @escaping @Sendable (_ isWanted: @escaping @Sendable () -> Bool) -> Void
  ) {
    let number = stops.load(ordering: .relaxed)
    queue.async { [self] in work { [self] in stops.load(ordering: .relaxed) == number } }
  }

  /// What has begun, and what waits, is not wanted any more.
  package func stop() { stops.wrappingAdd(1, ordering: .relaxed) }

  /// Does a piece of work in place of those before it.
  package func beginAnew(
    _ work: @escaping @Sendable (_ isWanted: @escaping @Sendable () -> Bool) -> Void
  ) {
    stop()
    begin(work)
  }
}
