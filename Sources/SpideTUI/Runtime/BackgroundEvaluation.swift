import Dispatch
import Synchronization

/// Tests weights on other threads than the screen's, and gives up when told to.
package final class BackgroundEvaluation: Sendable {
  /// Counts orders and stops: work for an older number is not wanted any more.
  private let newest = Atomic<Int>(0)
  private let queue = DispatchQueue(label: "evaluation", qos: .utility)
  private let threads: Int
  private let publish: @Sendable (EvaluationAnswer) -> Void

  /// `publish` is called from another thread, never with an answer that was given up.
  package init(threads: Int, publish: @escaping @Sendable (EvaluationAnswer) -> Void) {
    self.threads = threads
    self.publish = publish
  }

  /// Begins with an order; one that is being worked on is given up.
  package func take(_ order: EvaluationOrder) {
    let number = newest.wrappingAdd(1, ordering: .relaxed).newValue
    queue.async { [self] in
      let isWanted = { @Sendable [self] in newest.load(ordering: .relaxed) == number }
      guard isWanted(), let answer = order.carryOut(threads: threads, while: isWanted) else {
        return
      }
      publish(answer)
    }
  }

  /// Gives up what is being worked on.
  package func stop() { newest.wrappingAdd(1, ordering: .relaxed) }
}
