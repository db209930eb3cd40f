import Dispatch
import Synchronization

/// Inspects samples on other threads than the screen's, and gives up when told to.
package final class BackgroundInspection: Sendable {
  /// Counts orders and stops: work for an older number is not wanted any more.
  private let newest = Atomic<Int>(0)
  private let queue = DispatchQueue(label: "inspection", qos: .utility)
  private let threads: Int
  private let publish: @Sendable (InspectionNews) -> Void

  /// `publish` is called from other threads, never with what was given up.
  package init(threads: Int, publish: @escaping @Sendable (InspectionNews) -> Void) {
    self.threads = threads
    self.publish = publish
  }

  /// Begins with an order; one that is being worked on is given up.
  package func take(_ order: InspectionOrder) {
    let number = newest.wrappingAdd(1, ordering: .relaxed).newValue
    queue.async { [self] in
      let isWanted = { @Sendable [self] in newest.load(ordering: .relaxed) == number }
      let clock = ContinuousClock()
      let began = clock.now
      guard isWanted(),
        var news = order.carryOut(
          threads: threads, while: isWanted,
          passing: { [self] news in if isWanted() { publish(news) } })
      else { return }
      news.seconds = (clock.now - began) / .seconds(1)
      publish(news)
    }
  }

  /// Gives up what is being worked on.
  package func stop() { newest.wrappingAdd(1, ordering: .relaxed) }
}
