import SpideEngine
import Testing

/// Gradients against the exact ones on a network that can be reckoned by hand, and over several samples.
@Suite struct InspectionTests {
  /// One neuron that feeds itself `w` times its spike, of a norm of 2 at most: the loop turns by `w / 2`. At -1 the equilibrium swings
  /// for ever: `a = 0.35 - a`.
  @Test(arguments: [-3, -1, 1] as [Float]) func oneNeuron(_ weight: Float) throws {
    let (plan, parameters) = try Self.oneNeuron(weight)
    let dynamics = Dynamics(lossScale: 1)
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    let found = try #require(
      GradientInspection(network: network, input: .constant([1]), label: 0, batch: 1))
    let loop = try #require(found.loop)
    expectNear(loop.spectralRadius, Double(min(2, abs(weight)) / 2), 1e-6, "radius")
    #expect(loop.isAtEquilibrium == (weight != -3) && found.settled == (weight == -3 ? 0 : 1))
    #expect(loop.feedbackNorm == Double(abs(weight)) && loop.feedbackLimit == 2)
    #expect(loop.isBound == (weight == -3))
    #expect(found.resolution == 0.01)
    // a = 0.7 / (2 - w); β = g / (1 - w / 2)
    let rate = 0.7 / (2 - Double(weight))
    if weight == -3 { return }
    var session = Session(network: network, input: .constant([1]), label: 0)
    session.move(to: session.end)
    let measured = Double(session.forward.rate(0, unit: 0))
    expectNear(found.layers[0].rateBias, measured - rate, 1e-6, "bias")
    expectNear(found.layers[0].rateError, abs(measured - rate), 1e-6, "error")
    #expect(found.layers[0].gateFlips == 0)
  }

  private static func oneNeuron(_ weight: Float) throws -> (NetworkPlan, Parameters) {
    let plan = try NetworkPlan(
      inputShape: LayerShape(units: 1), classes: 2, input: Link(.dense(units: 1)), links: [],
      feedback: Link(.dense(units: 1), hasBias: false), feedbackMaxNorm: 2)
    var parameters = Parameters(zerosFor: plan)
    parameters["input.weight"] = [0.7]
    parameters["feedback.weight"] = [weight]
    parameters["classifier.weight"] = [1, -1]
    return (plan, parameters)
  }

  @Test func severalSamples() throws {
    let (plan, parameters) = try ExactTests.network(seed: 5)
    let dynamics = Dynamics(lossScale: 20)
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    let samples = Drawn(count: 20)
    let range = 3..<14
    func inspect(threads: Int) throws -> GradientInspection {
      try #require(
        GradientInspection(
          network: network, samples: samples, indices: range, batch: 4, threads: threads))
    }
    let found = try inspect(threads: 1)
    #expect(try inspect(threads: 2) == found)
    #expect(try inspect(threads: 5) == found)

    let singles = try range.map { index in
      try #require(
        GradientInspection(
          network: network, input: samples.signal(index), label: samples.label(index), batch: 4))
    }
    func mean(_ value: (GradientInspection) -> Double) -> Double {
      singles.reduce(0) { $0 + value($1) } / Double(singles.count)
    }
    #expect(found.samples == 11 && found.settled == 11)
    #expect(found.tally.samples == 11)
    #expect(found.tally == singles.reduce(into: Tally(plan: plan)) { $0 += $1.tally })
    #expect(near(found.loss, mean(\.loss)) && near(found.accuracy, mean(\.accuracy)))
    #expect(near(found.loop?.iterations ?? 0, mean { $0.loop?.iterations ?? 0 }))
    #expect(near(found.loop?.spectralRadius ?? 0, mean { $0.loop?.spectralRadius ?? 0 }))
    for layer in plan.layers.indices {
      let measure = found.layers[layer]
      #expect(near(measure.betaError ?? 0, mean { $0.layers[layer].betaError ?? 0 }))
      #expect(near(measure.rateBias ?? 0, mean { $0.layers[layer].rateBias ?? 0 }))
      #expect(near(measure.largestPotential, mean { $0.layers[layer].largestPotential }))
      #expect(
        measure.exactBetas?.largest
          == singles.compactMap { $0.layers[layer].exactBetas?.largest }.max())
    }
    // The errors are those of the sums.
    var sums: [[[Double]?]] = []
    for index in range {
      let twin = ExactTwin(
        plan: plan, parameters: parameters, dynamics: dynamics, input: samples.signal(index),
        label: samples.label(index), batch: 4)
      var session = Session(
        network: network, input: samples.signal(index), label: samples.label(index), batch: 4)
      session.move(to: session.end)
      let rates = plan.layers.indices.map { session.forward.rate($0).doubles }
      let gates = try #require(session.sources).gates.map { $0.map(Double.init) }
      let backward = try #require(session.backward)
      let betas = plan.layers.indices.map { BackwardStage(network).beta(backward, $0).doubles }
      let scores = twin.scores(rates[1])
      let exact = try #require(twin.equilibrium()).values
      let star = twin.gates(exact)
      let starScores = twin.scores(exact[1])
      let terms = [
        twin.gradients(
          rates: exact, gates: star,
          betas: twin.implicit(twin.outputGradient(starScores), gates: star)?.values,
          scores: starScores),
        twin.gradients(
          rates: rates, gates: star,
          betas: twin.implicit(twin.outputGradient(scores), gates: star)?.values, scores: scores),
        twin.gradients(
          rates: rates, gates: gates,
          betas: twin.implicit(twin.outputGradient(scores), gates: gates)?.values, scores: scores),
        twin.gradients(rates: rates, gates: gates, betas: betas, scores: scores),
      ]
      sums =
        sums.isEmpty
        ? terms
        : zip(sums, terms).map {
          zip($0, $1).map { pair in
            pair.0.flatMap { x in pair.1.map { y in zip(x, y).map { $0 + $1 } } }
          }
        }
    }
    expectParameters(found, sums, "sum")
  }

  /// A single sample without an equilibrium leaves the means and the sums without a value, not without the sample.
  @Test func whatOneSampleLacksTheMeanLacks() throws {
    let (plan, parameters) = try Self.oneNeuron(-3)
    let network = PackedNetwork(
      plan: plan, parameters: parameters, dynamics: Dynamics(lossScale: 1))
    // At 1 the neuron swings; at -1 it rests, and so does its equilibrium.
    let samples = Two(inputs: [[-1], [1]])
    let both = try #require(
      GradientInspection(network: network, samples: samples, indices: 0..<2, batch: 1, threads: 2))
    let rests = try #require(
      GradientInspection(network: network, samples: samples, indices: 0..<1, batch: 1, threads: 2))
    #expect(
      rests.settled == 1 && rests.loop?.isAtEquilibrium == true && rests.loop?.spectralRadius == 0)
    #expect(both.samples == 2 && both.settled == 1)
    #expect(both.layers[0].rateError == nil && both.parameters[0].cosine == nil)
    #expect(both.loop?.isAtEquilibrium == false && both.loop?.iterations == nil)
    #expect(both.parameters[0].gradientNorm > 0)
  }

  /// Normal numbers, six a sample.
  private struct Drawn: SampleSource {
    let count: Int
    var shape: LayerShape { LayerShape(units: 6) }
    var classNames: [String] { ["a", "b", "c"] }
    var frames: Int { 1 }
    func label(_ index: Int) -> Int { index * 7 % 3 }
    func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
      var draw = Draw(UInt64(index))
      buffer = draw.normal(6)
    }
  }

  private struct Two: SampleSource {
    let inputs: [[Float]]
    var count: Int { inputs.count }
    var shape: LayerShape { LayerShape(units: 1) }
    var classNames: [String] { ["a", "b"] }
    var frames: Int { 1 }
    func label(_ index: Int) -> Int { 0 }
    func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
      buffer = inputs[index]
    }
  }

  @Test func canBeGivenUpAndTellsHowFar() throws {
    let (plan, parameters) = try ExactTests.network(seed: 5)
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: Dynamics())
    let samples = Drawn(count: 20)
    let told = Guarded([Int]())
    let asked = Guarded(0)
    func inspect(until limit: Int) -> GradientInspection? {
      GradientInspection(
        network: network, samples: samples, indices: 0..<20, batch: 1, threads: 2,
        while: {
          asked.withLock {
            $0 += 1; return $0 <= limit
          }
        },
        progress: { done in told.withLock { $0.append(done) } })
    }
    #expect(inspect(until: .max) != nil)
    #expect(told.withLock { $0.sorted() } == Array(1...20))
    let all = asked.withLock { $0 }
    for limit in [0, 1, all / 3, all / 2] {
      asked.withLock { $0 = 0 }
      #expect(inspect(until: limit) == nil)
      #expect(asked.withLock { $0 } < limit + 200, "it went on")
    }
  }
}
