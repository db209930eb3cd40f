import SpideEngine
import Testing

/// Gradients against the exact ones, on random networks and on one that can be reckoned by hand.
@Suite struct InspectionTests {
  // MARK: Random networks

  /// What is made of a random network.
  enum Variant: String, CaseIterable {
    case plain
    /// A loss scale with which no spike runs backward.
    case silent
    /// One with which neurons spike at every step.
    case saturated
    /// A feedback that may let nothing settle.
    case expansive
  }

  private struct Case {
    let plan: NetworkPlan
    var parameters: Parameters
    var dynamics: Dynamics
    let input: InputSignal
    let label: Int
    let batch: Int

    init(_ form: NetworkCase.Form, _ variant: Variant, seed: UInt64) {
      let drawn = NetworkCase(form, seed: seed)
      plan = drawn.plan
      parameters = drawn.parameters
      dynamics = drawn.dynamics
      input = drawn.input
      label = drawn.label
      batch = [1, 2, 16][Int(seed % 3)]
      switch variant {
      case .plain: break
      case .silent: dynamics.lossScale = 1e-4
      case .saturated: dynamics.lossScale = 5e4
      case .expansive:
        if let weight = parameters["feedback.weight"] {
          parameters["feedback.weight"] = weight.map { $0 * 6 }
        }
      }
    }

    var network: PackedNetwork {
      PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    }
    var session: Session {
      var session = Session(network: network, input: input, label: label, batch: batch)
      session.move(to: session.end)
      return session
    }
    var twin: ExactTwin {
      ExactTwin(
        plan: plan, parameters: parameters, dynamics: dynamics, input: input, label: label,
        batch: batch)
    }
    var inspection: GradientInspection? {
      GradientInspection(network: network, input: input, label: label, batch: batch)
    }
  }

  /// How often something was seen, so that a test of nothing does not pass.
  private struct Seen {
    var counts: [String: Int] = [:]
    mutating func note(_ what: String, _ isSo: Bool = true) {
      if isSo { counts[what, default: 0] += 1 }
    }
  }

  @Test(arguments: Variant.allCases)
  func everyNumberRestated(_ variant: Variant) throws {
    var seen = Seen()
    for seed in UInt64(0)..<60 {
      let forms = NetworkCase.Form.small
      let sample = Case(forms[Int(seed) % forms.count], variant, seed: seed &* 7 &+ 3)
      try restate(sample, "\(variant) \(seed)", &seen)
    }
    func expect(_ what: String, atLeast count: Int) {
      #expect(seen.counts[what, default: 0] >= count, "\(what): \(seen.counts)")
    }
    expect("varying", atLeast: 8)
    expect("gradients", atLeast: 20)
    expect("flips", atLeast: variant == .expansive ? 5 : 10)
    switch variant {
    case .plain: expect("feedback that settles", atLeast: 15)
    case .silent: expect("silent", atLeast: 55)
    case .saturated: expect("saturated", atLeast: 20)
    case .expansive:
      expect("no equilibrium", atLeast: 3)
      expect("no β", atLeast: 1)
    }
  }

  private func restate(_ sample: Case, _ name: String, _ seen: inout Seen) throws {
    let found = try #require(sample.inspection)
    let (session, twin, shapes) = (sample.session, sample.twin, sample.plan.layers)
    let varies = if case .varying = sample.input { true } else { false }
    seen.note("varying", varies)
    func first<Element>(_ layer: Int, _ values: [Element]) -> [Element] {
      shapes[layer].channelsFirst(values)
    }
    // What the spikes came to.
    let backward = try #require(session.backward)
    let sources = try #require(session.sources)
    let stage = BackwardStage(session.network)
    let rates = shapes.indices.map { first($0, session.forward.rate($0)).doubles }
    let betas = shapes.indices.map { first($0, stage.beta(backward, $0)).doubles }
    let gates = shapes.indices.map { first($0, sources.gates[$0]).map(Double.init) }
    let g = first(shapes.count - 1, sources.outputGradient).doubles
    let scores = twin.scores(rates[shapes.count - 1])

    let exact = varies ? nil : twin.equilibrium()
    // Close to the edge either program may be right.
    let slow = [exact?.sweeps ?? 0].contains { $0 > 600 }
    if slow { return }
    let settles = found.settled == 1
    #expect(settles == (exact != nil), "\(name): equilibrium")
    seen.note("no equilibrium", !varies && exact == nil)
    guard settles == (exact != nil) else { return }
    let starGates = exact.map { twin.gates($0.values) }
    let starScores = exact.map { twin.scores($0.values[shapes.count - 1]) }
    let starBetas = exact.flatMap { _ in
      twin.implicit(twin.outputGradient(starScores ?? []), gates: starGates ?? [])
    }
    let implicit = twin.implicit(g, gates: gates)
    let between = exact.flatMap { _ in twin.implicit(g, gates: starGates ?? []) }
    if [starBetas, implicit, between].contains(where: { ($0?.sweeps ?? 0) > 600 }) { return }
    seen.note("no β", implicit == nil)
    seen.note("feedback that settles", sample.plan.feedback != nil && exact != nil)

    // Units whose gate at equilibrium rounding decides.
    let doubtful = shapes.indices.map { layer in
      exact.map { $0.raw[layer].count { min(abs($0), abs($0 - 1)) < 1e-4 } } ?? 0
    }
    for (layer, measure) in found.layers.enumerated() {
      let place = "\(name), L\(layer)"
      let units = Double(shapes[layer].count)
      #expect(
        near(
          measure.forwardRate,
          Double(session.forward.layers[layer].spikeTotal)
            / units / Double(sample.dynamics.forwardSteps)), "\(place)")
      #expect(
        near(
          measure.backwardRate,
          Double(backward.layers[layer].spikeTotal)
            / units / Double(sample.dynamics.backwardSteps)), "\(place)")
      let differences = exact.map { zip(rates[layer], $0.values[layer]).map { $0 - $1 } }
      expectNear(
        measure.rateError, differences.map { $0.reduce(0) { $0 + abs($1) } / units }, 1e-4, place)
      expectNear(measure.rateBias, differences.map { $0.reduce(0, +) / units }, 1e-4, place)
      let flips = starGates.map { zip(gates[layer], $0[layer]).count { $0 != $1 } }
      seen.note("flips", (flips ?? 0) > 0)
      expectNear(
        measure.gateFlips, flips.map { Double($0) / units },
        Double(doubtful[layer]) / units + 1e-9, "\(place): flips")
      let betaError = implicit.flatMap { implicit -> Double? in
        let size = norm(implicit.values[layer])
        return size == 0
          ? nil : norm(zip(betas[layer], implicit.values[layer]).map { $0 - $1 }) / size
      }
      expectNear(
        measure.betaError, betaError, 1e-3 * max(1, betaError ?? 0), "\(place): β error")
      let total = backward.layers[layer].spikeTotal
      #expect(measure.silent == (total == 0 ? 1 : 0), "\(place)")
      seen.note("silent", total == 0)
      seen.note("saturated", measure.saturated > 0)
    }
    expectSteps(found, sample, name)
    expectBelow(found, sample, starBetas, doubtful, name)
    #expect(near(found.loss, Double(try #require(session.readout).loss(label: sample.label))))
    expectLoop(found, sample, twin, starGates ?? gates, exact, doubtful, name)

    if doubtful.contains(where: { $0 > 0 }) { return }
    let none = found.parameters.map { _ in [Double]?.none }
    let terms: [[[Double]?]] = [
      exact.map {
        twin.gradients(
          rates: $0.values, gates: starGates ?? [], betas: starBetas?.values,
          scores: starScores ?? [])
      } ?? none,
      exact.map { _ in
        twin.gradients(
          rates: rates, gates: starGates ?? [], betas: between?.values, scores: scores)
      } ?? none,
      twin.gradients(rates: rates, gates: gates, betas: implicit?.values, scores: scores),
      twin.gradients(rates: rates, gates: gates, betas: betas, scores: scores),
    ]
    expect(found, terms, name)
    seen.note("gradients", found.parameters.contains { $0.relativeError != nil })
  }

  /// What depends on every step of the backward stage: saturation and the largest potential.
  private func expectSteps(_ found: GradientInspection, _ sample: Case, _ name: String) {
    var session = Session(
      network: sample.network, input: sample.input, label: sample.label, batch: sample.batch)
    session.move(to: session.timeline.position(of: .readout))
    let shapes = sample.plan.layers
    var largest = shapes.map { _ in Float(0) }
    var runs = shapes.map { [Int](repeating: 0, count: $0.count) }
    for _ in 0..<sample.dynamics.backwardSteps {
      session.move(to: session.position + 1)
      guard let backward = session.backward else { return }
      for (layer, state) in backward.layers.enumerated() {
        largest[layer] = state.potential.reduce(largest[layer]) { max($0, abs($1)) }
        state.spikes.forEach { runs[layer][$0] += $1 }
      }
    }
    for (layer, measure) in found.layers.enumerated() {
      let full = runs[layer].count { abs($0) == sample.dynamics.backwardSteps }
      #expect(
        near(measure.saturated, Double(full) / Double(runs[layer].count)), "\(name), L\(layer)")
      #expect(
        near(measure.largestPotential, Double(largest[layer] / sample.dynamics.backward.threshold)),
        "\(name), L\(layer)")
    }
  }

  private func expectBelow(
    _ found: GradientInspection, _ sample: Case, _ exact: ExactTwin.Solution?, _ doubtful: [Int],
    _ name: String
  ) {
    let leak = Double(sample.dynamics.backward.leak)
    let whole = (0..<sample.dynamics.backwardSteps).reduce(0.0) { sum, _ in leak * sum + 1 }
    let resolution = Double(sample.dynamics.backward.resetAmount) / whole
    #expect(abs(found.resolution / resolution - 1) < 1e-4)
    for (layer, measure) in found.layers.enumerated() {
      guard let exact else {
        #expect(measure.belowResolution == nil && measure.exactBetas == nil, "\(name), L\(layer)")
        continue
      }
      // A gate that rounding decides changes any β.
      if doubtful.contains(where: { $0 > 0 }) { continue }
      let sizes = exact.values[layer].map { abs($0) }
      let units = Double(sizes.count)
      let below = sizes.count { $0 > 0 && $0 < resolution / 2 }
      // Sums that cancel come to 0 in one precision and to next to nothing in the other.
      let largest = sizes.max() ?? 0
      let doubt = sizes.count {
        abs($0 / resolution * 2 - 1) < 1e-3 || ($0 > 0 && $0 < 1e-5 * largest)
      }
      expectNear(
        measure.belowResolution, Double(below) / units, Double(doubt) / units + 1e-9,
        "\(name), L\(layer): below")
      let bins = measure.exactBetas?.bins ?? []
      #expect(bins.reduce(measure.exactBetas?.zeros ?? 0, +) == sizes.count)
      expectNear(measure.exactBetas?.largest, largest, 1e-3 * largest + 1e-12, "\(name), L\(layer)")
    }
  }

  private func expectLoop(
    _ found: GradientInspection, _ sample: Case, _ twin: ExactTwin, _ gates: [[Double]],
    _ exact: ExactTwin.Solution?, _ doubtful: [Int], _ name: String
  ) {
    guard sample.plan.feedback != nil else {
      #expect(found.loop == nil)
      return
    }
    guard let loop = found.loop else {
      Issue.record("\(name): no loop")
      return
    }
    #expect(loop.isAtEquilibrium == (exact != nil), "\(name)")
    #expect((loop.iterations == nil) == (exact == nil), "\(name)")
    let weight = (sample.parameters["feedback.weight"] ?? []).doubles
    #expect(near(loop.feedbackNorm, norm(weight)), "\(name)")
    #expect(loop.feedbackLimit.map(Float.init) == sample.plan.feedbackMaxNorm)
    if doubtful.contains(where: { $0 > 0 }) { return }
    let radius = twin.radius(gates: gates)
    expectNear(loop.spectralRadius, radius, 2e-3 * radius + 1e-9, "\(name): radius")
  }

  /// Every parameter's figures from the four gradients.
  private func expect(
    _ found: GradientInspection, _ terms: [[[Double]?]], _ name: String
  ) {
    for (index, error) in found.parameters.enumerated() {
      let place = "\(name), \(error.name)"
      let parts = terms.map { $0[index] }
      let size = parts[0].map(norm)
      let spikes = parts[3] ?? []
      expectNear(error.gradientNorm, norm(spikes), 1e-4 * norm(spikes) + 1e-9, place)
      expectNear(error.exactNorm, size, 1e-3 * (size ?? 0) + 1e-7, place)
      guard let size, size > 1e-6, let exact = parts[0] else {
        if size == nil { #expect(error.relativeError == nil && error.cosine == nil, "\(place)") }
        continue
      }
      func share(_ from: Int, _ to: Int) -> Double? {
        guard let x = parts[from], let y = parts[to] else { return nil }
        return norm(zip(x, y).map { $0 - $1 }) / size
      }
      for (value, expected, what) in [
        (error.relativeError, share(0, 3), "whole"), (error.forward, share(0, 1), "forward"),
        (error.gates, share(1, 2), "gates"), (error.backward, share(2, 3), "backward"),
      ] {
        expectNear(value, expected, 2e-3 * max(1, expected ?? 0), "\(place): \(what)")
      }
      let angle = zip(exact, spikes).reduce(0) { $0 + $1.0 * $1.1 } / size / norm(spikes)
      expectNear(error.cosine, norm(spikes) == 0 ? nil : angle, 1e-3, "\(place): cosine")
    }
  }

  // MARK: By hand

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

  // MARK: Several samples

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
    expect(found, sums, "sum")
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

  // MARK: Curves

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

  // MARK: Comparing

  private func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  private func near(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= 1e-6 * max(1, abs(y)) }

  private func expectNear(
    _ value: Double?, _ expected: Double?, _ tolerance: Double, _ name: String
  ) {
    switch (value, expected) {
    case (nil, nil): return
    case (let value?, let expected?):
      #expect(abs(value - expected) <= tolerance, "\(name): \(value), not \(expected)")
    default:
      Issue.record("\(name): \(String(describing: value)), not \(String(describing: expected))")
    }
  }
}
