import SpideEngine
import Testing

/// TheMethod.md, "Reset variants": with one V, and so one equilibrium, the reset at minus the threshold leaves the smaller errors.
/// Means over 20 networks, because a single sample may go either way.
@Suite struct ResetComparisonTests {
  ///
  /// The loss scale is 1, because spikes cannot carry a |β| above V_b.
  @Test func minusThresholdIsLessBiased() throws {
    let comparisons = try (UInt64(0)..<20).map { seed in
      let (plan, parameters) = try ExactTests.network(seed: seed)
      var draw = Draw(seed)
      return ResetComparison(
        plan: plan, parameters: parameters,
        dynamics: Dynamics(forwardSteps: 30, backwardSteps: 250, lossScale: 1),
        basis: .sameResetAmount, input: .constant(draw.normal(6)), label: 1)
    }
    func mean(_ variant: Int, _ value: (ResetVariant) -> [Float]) throws -> Float {
      try comparisons.reduce(0) { try $0 + #require(value($1.variants[variant]).last) } / 20
    }
    let (minus, zero) = (0, 2)
    #expect(try mean(minus, \.rateError) < mean(zero, \.rateError))
    #expect(try mean(minus, \.betaError) < mean(zero, \.betaError))
    let (centred, low) = (try mean(minus, \.rateBias), try mean(zero, \.rateBias))
    // Measured elsewhere, on 64 neurons with T_F = 30: -0.0002 and -0.0127; a residual potential of half a threshold in 30 steps is ½ · 1/30.
    #expect(low < -0.005, "zero: \(low)")
    #expect(abs(centred) < -low / 10, "minus threshold: \(centred), zero: \(low)")
  }

  @Test func variantsShareWhatTheirBasisSays() throws {
    let (plan, parameters) = try ExactTests.network(seed: 0)
    for basis in ResetComparison.Basis.allCases {
      let dynamics = Dynamics(forwardSteps: 12, backwardSteps: 20)
      let comparison = ResetComparison(
        plan: plan, parameters: parameters, dynamics: dynamics, basis: basis,
        input: .constant([1, 0, 1, 0, 1, 0]), label: 0)
      #expect(comparison.variants.map(\.resetShare) == [1, 0.5, 0])
      for variant in comparison.variants {
        for (changed, given) in [
          (variant.dynamics.forward, dynamics.forward),
          (variant.dynamics.backward, dynamics.backward),
        ] {
          switch basis {
          case .sameThreshold: #expect(changed.threshold == given.threshold)
          // V is 4/3 of a threshold that is 3/4 of V: two roundings.
          case .sameResetAmount: #expect(abs(changed.resetAmount - given.resetAmount) < 1e-6)
          }
          #expect(
            abs(changed.resetPotential + variant.resetShare * changed.threshold) < 1e-6)
        }
        #expect(variant.rateError.count == 12 && variant.rateBias.count == 12)
        #expect(variant.betaError.count == 20 && variant.betaBias.count == 20)
        #expect(variant.residual.count == 12 && variant.backwardResidual.count == 20)
        #expect(variant.residual.allSatisfy { $0.count == ResetVariant.binEdges.count - 1 })
      }
    }
  }

  /// Neurons that never fire or fire at every step have no residual potential that would tell anything; of the backward
  /// stage all that have fired count.
  @Test func residualsAreThoseOfWhoFiresNowAndThen() throws {
    let (plan, drawn) = try ExactTests.network(seed: 4)
    var parameters = drawn
    parameters["input.bias"]?[0] = 99
    parameters["input.bias"]?[1] = -99
    let dynamics = Dynamics(forwardSteps: 20, backwardSteps: 30, lossScale: 4)
    let input = InputSignal.constant([1, 0, 1, 0, 1, 0])
    let comparison = ResetComparison(
      plan: plan, parameters: parameters, dynamics: dynamics, basis: .sameThreshold, input: input,
      label: 0)
    var session = Session(
      network: PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics), input: input,
      label: 0)
    session.move(to: session.end)
    let rates = plan.layers.indices.flatMap { session.forward.rate($0) }
    #expect(rates[0] == 1 && rates[1] == 0)
    let betas = plan.layers.indices.flatMap { session.backward?.rate($0) ?? [] }
    let variant = comparison.variants[0]
    #expect(variant.residual.last?.reduce(0, +) == rates.count { $0 > 0 && $0 < 1 })
    #expect(variant.backwardResidual.last?.reduce(0, +) == betas.count { $0 != 0 })
  }

  /// The potential left in a neuron that neither rests nor fires at every step lies in [reset, threshold).
  @Test func residualPotentialLiesBetweenResetAndThreshold() throws {
    let (plan, parameters) = try ExactTests.network(seed: 2)
    let comparison = ResetComparison(
      plan: plan, parameters: parameters, dynamics: Dynamics(forwardSteps: 200, backwardSteps: 1),
      basis: .sameResetAmount, input: .constant([1, 0, 1, 0, 1, 0]), label: nil)
    for variant in comparison.variants {
      let neuron = variant.dynamics.forward
      let last = try #require(variant.residual.last)
      // Inside by one bin: inhibition may push a potential out for a step or two, so a tenth may lie elsewhere.
      let inside = last.indices.filter {
        ResetVariant.binEdges[$0 + 1] > neuron.resetPotential / neuron.resetAmount - 0.01
          && ResetVariant.binEdges[$0] < neuron.threshold / neuron.resetAmount + 0.01
      }
      let all = last.reduce(0, +)
      #expect(all > 0)
      #expect(inside.reduce(0) { $0 + last[$1] } * 10 >= all * 9, "reset \(neuron.resetPotential)")
    }
  }
}
