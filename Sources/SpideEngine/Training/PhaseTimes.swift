/// Time that threads spent in each phase of their samples, in seconds.
package struct PhaseTimes: Sendable, Equatable {
  /// Reading the samples, the forward stage and the readout.
  package internal(set) var forward = 0.0
  package internal(set) var backward = 0.0
  package internal(set) var gradients = 0.0
  /// Exchanging gradients and counts with other ranks, waiting for them included; of one thread.
  package internal(set) var exchange = 0.0

  /// None.
  init() {}

  /// Adds the times of others.
  static func += (times: inout PhaseTimes, other: PhaseTimes) {
    times.forward += other.forward
    times.backward += other.backward
    times.gradients += other.gradients
    times.exchange += other.exchange
  }
}
