/// How long the steps of a session take: each step of both stages of one sample, once.
public struct StepTimes: Sendable {
  /// In milliseconds.
  public let median: Double
  /// In milliseconds.
  public let longest: Double

  /// Steps through sample 0 from its start to the update.
  public init(
    plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics, samples: any SampleSource
  ) {
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    var session = Session(network: network, input: samples.signal(0), label: samples.label(0))
    let clock = ContinuousClock()
    let times = (1...session.end).map { position in
      clock.measure { session.move(to: position) } / .milliseconds(1)
    }
    median = times.median
    longest = times.max() ?? 0
  }
}
