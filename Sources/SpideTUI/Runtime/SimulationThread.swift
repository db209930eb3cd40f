import Dispatch
import Foundation
import SpideEngine

/// Computes samples on a thread of its own, and tells how far it has come.
///
/// Of orders that wait only the newest counts. One that a person waits for has what is being computed give way; what has been
/// computed by then is kept.
package final class SimulationThread: Sendable {
  private struct Control: Sendable {
    var next: SimulationOrder?
    /// Counts the orders that nothing may keep waiting.
    var urgent = 0
  }

  /// Time between two answers to one order.
  private static let interval = Duration.milliseconds(100)

  private let control = Guarded(Control())
  private let ordered = DispatchSemaphore(value: 0)
  private let publish: @Sendable (SimulationAnswer) -> Void

  /// A thread that waits for orders. `publish` is called from it.
  package init(publish: @escaping @Sendable (SimulationAnswer) -> Void) {
    self.publish = publish
    let thread = Thread { self.work() }
    thread.name = "simulation"
    thread.start()
  }

  /// Takes an order; what comes of it is published.
  package func take(_ order: SimulationOrder) {
    control.withLock { control in
      control.next = order
      if order.isUrgent { control.urgent += 1 }
    }
    ordered.signal()
  }

  private func work() {
    let clock = ContinuousClock()
    var kept: Computed?
    while true {
      ordered.wait()
      let (next, urgent) = control.withLock { control in
        defer { control.next = nil }
        return (control.next, control.urgent)
      }
      guard let order = next else { continue }
      var computed = kept ?? order.shown
      // Nothing else holds it while it grows.
      kept = nil
      var told = clock.now
      let isWanted = { [self] in control.withLock { $0.urgent == urgent } }
      computed.pursue(order, while: isWanted) { passing in
        guard clock.now - told >= Self.interval else { return }
        told = clock.now
        publish(SimulationAnswer(passing))
      }
      if computed.isComplete { publish(SimulationAnswer(computed)) }
      // The time until the next order tells who is going to spike.
      let isAhead = computed.session.frontier >= order.dynamics.forwardSteps
      if computed.isComplete, order.isUrgent, !isAhead {
        computed.session.lookAhead(while: isWanted)
        if isWanted() { publish(SimulationAnswer(computed)) }
      }
      kept = computed
    }
  }
}
