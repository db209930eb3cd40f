import SpideEngine
import Testing

/// The error of the gradient over both stages' steps.
@Suite struct GradientCurvesTests {
  /// The curves end in the numbers of the inspection, and hold what a shorter stage would have come to.
  @Test(arguments: UInt64(0)..<4) func curves(_ seed: UInt64) throws {
    let (plan, parameters) = try ExactTests.network(seed: seed)
    var draw = Draw(seed)
    let input = InputSignal.constant(draw.normal(6))
    let dynamics = Dynamics(forwardSteps: 20, backwardSteps: 90, lossScale: 8)
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    let one = OneSample(input, label: 1, plan)
    let curves = try #require(
      GradientCurves(network: network, samples: one, indices: 0..<1, batch: 2, threads: 1))
    let found = try #require(
      GradientInspection(network: network, input: input, label: 1, batch: 2))
    #expect(curves.forward.steps == Array(1...20))
    #expect(curves.backward.steps.count == 60 && curves.backward.steps.last == 90)
    for (index, error) in found.parameters.enumerated() {
      expectNear(curves.backward.errors[index].last ?? nil, error.relativeError, 1e-9, error.name)
    }
    var shorter = dynamics
    shorter.backwardSteps = curves.backward.steps[20]
    let cut = try #require(
      GradientInspection(
        network: PackedNetwork(plan: plan, parameters: parameters, dynamics: shorter),
        input: input, label: 1, batch: 2))
    for (index, error) in cut.parameters.enumerated() {
      expectNear(curves.backward.errors[index][20], error.relativeError, 1e-9, error.name)
    }
    // With a backward stage that is as good as exact, the spikes' gradient after 7 forward steps.
    shorter.forwardSteps = 7
    shorter.backwardSteps = 20_000
    let early = try #require(
      GradientInspection(
        network: PackedNetwork(plan: plan, parameters: parameters, dynamics: shorter),
        input: input, label: 1, batch: 2))
    if early.layers.allSatisfy({ $0.saturated == 0 }) {
      for (index, error) in early.parameters.enumerated() {
        expectNear(curves.forward.errors[index][6], error.relativeError, 2e-2, error.name)
      }
    }
  }
}
