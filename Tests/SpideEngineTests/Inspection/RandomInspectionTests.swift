import SpideEngine
import Testing

/// Gradients of random networks against the exact ones, restated plainly.
@Suite struct RandomInspectionTests {
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
    expectParameters(found, terms, name)
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
}
