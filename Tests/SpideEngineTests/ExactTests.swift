import SpideEngine
import Testing

/// The fixed points, and what the stages' gradients come to as they approach them.
@Suite struct ExactTests {
  /// 6 inputs → 10 → 8 neurons with contractive feedback; rates spread over 0 … 1.
  static func network(seed: UInt64, feedback: Float = 1) throws -> (NetworkPlan, Parameters) {
    var draw = Draw(seed)
    let plan = try NetworkPlan(
      inputShape: LayerShape(units: 6), classes: 3, input: Link(.dense(units: 10)),
      links: [Link(.dense(units: 8))],
      feedback: feedback == 0 ? nil : Link(.dense(units: 10), hasBias: false))
    var parameters = Parameters(initial: .kaiming, plan: plan, seed: seed)
    parameters["input.bias"] = draw.normal(10, deviation: 0.3).map { $0 + 0.6 }
    parameters["links.0.bias"] = draw.normal(8, deviation: 0.3).map { $0 + 0.4 }
    if feedback != 0 {
      parameters["feedback.weight"] = parameters["feedback.weight"]?.map { $0 * feedback }
    }
    return (plan, parameters)
  }

  @Test(arguments: UInt64(0)..<20) func contractiveFeedbackConverges(_ seed: UInt64) throws {
    let (plan, parameters) = try ExactTests.network(seed: seed)
    var draw = Draw(seed)
    let input = InputSignal.constant(draw.normal(6))
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: Dynamics())
    var session = Session(network: network, input: input, label: 0)
    session.move(to: session.end)
    let rates = try #require(session.equilibrium()?.values)
    let betas = try #require(session.implicitDifferentiation()?.values)

    // Both solve their equations (TheMethod.md), written out with the dense twin. 1e-5: ten times the iteration's own 1e-6.
    func weight(_ name: String) -> [Double] { (parameters[name] ?? []).doubles }
    let (first, last) = (plan.layers[0], plan.layers[1])
    let (link, feedback) = (plan.links[0], Link(.dense(units: 10), hasBias: false))
    let inputCurrent = DenseTwin.forward(
      plan.input, source: plan.inputShape, target: first, weight: weight("input.weight"),
      bias: weight("input.bias"), input.mean.doubles)
    let fed = DenseTwin.forward(
      feedback, source: last, target: first, weight: weight("feedback.weight"), bias: nil,
      rates[1].doubles)
    let sent = DenseTwin.forward(
      link, source: first, target: last, weight: weight("links.0.weight"),
      bias: weight("links.0.bias"), rates[0].doubles)
    func clip(_ current: Double) -> Double { min(max(current / 2, 0), 1) }
    #expect(distance(rates[0], zip(inputCurrent, fed).map { clip($0 + $1) }) < 1e-5)
    #expect(distance(rates[1], sent.map(clip)) < 1e-5)

    let sources = try #require(session.sources)
    func gated(_ layer: Int) -> [Double] {
      zip(betas[layer], sources.gates[layer]).map { Double($0) * Double($1) / 2 }
    }
    let fedBack = DenseTwin.transposed(
      feedback, source: last, target: first, weight: weight("feedback.weight"), gated(0))
    let sentBack = DenseTwin.transposed(
      link, source: first, target: last, weight: weight("links.0.weight"), gated(1))
    #expect(
      distance(betas[1], zip(sources.outputGradient, fedBack).map { Double($0) + $1 }) < 1e-5)
    #expect(distance(betas[0], sentBack) < 1e-5)
  }

  @Test func withoutFeedbackOneSweepIsExact() throws {
    let (plan, parameters) = try ExactTests.network(seed: 1, feedback: 0)
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: Dynamics())
    var session = Session(network: network, input: .constant([1, -1, 0, 1, 0, 2]), label: 1)
    session.move(to: session.end)
    for result in [session.equilibrium(), session.implicitDifferentiation()] {
      guard case .converged(_, iterations: 1) = result else {
        Issue.record("\(String(describing: result))")
        continue
      }
    }
  }

  /// One neuron that feeds itself `w` times its spike: `a = clip((x + w a) / 2, 0, 1)`, `β = g + w β / 2` for `0 < a < 1`.
  @Test(arguments: [(Float(-3), false), (-5, false), (1, true), (-1, true)])
  func expansiveFeedbackIsTold(_ weight: Float, settles: Bool) throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(units: 1), classes: 2, input: Link(.dense(units: 1)), links: [],
      feedback: Link(.dense(units: 1), hasBias: false))
    var parameters = Parameters(zerosFor: plan)
    parameters["input.weight"] = [0.7]
    parameters["feedback.weight"] = [weight]
    parameters["classifier.weight"] = [1, -1]
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: Dynamics())
    var session = Session(network: network, input: .constant([1]), label: 0)
    session.move(to: session.end)
    #expect(session.sources?.gates == [[1]])
    for result in [session.equilibrium(), session.implicitDifferentiation()] {
      switch try #require(result) {
      case .converged: #expect(settles)
      case .doesNotConverge(_, let iterations):
        #expect(!settles && iterations <= Exact.iterationLimit)
      }
    }
  }

  @Test func whatIsNoNumberDoesNotConverge() throws {
    let (plan, parameters) = try ExactTests.network(seed: 1)
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: Dynamics())
    let inputCurrent = InputCurrent(network: network, input: .constant([.nan, 0, 0, 0, 0, 0]))
    #expect(Exact.equilibrium(network: network, inputCurrent: inputCurrent).values == nil)
  }

  // MARK: Gradients

  /// `β ⊗ a` of the exact solutions is the slope of the loss at the equilibrium. Central differences of a loss known to 1e-6
  /// over ± 5e-3 are good to 1e-3 or so of gradients near 0.1.
  @Test(arguments: UInt64(0)..<5) func exactGradientIsTheSlope(_ seed: UInt64) throws {
    let sample = try ExactSample(seed: seed)
    let exact = try sample.exactGradient()
    for (tensor, specification) in exact.specifications.enumerated() {
      let slopes = try exact.values[tensor].indices.map { index in
        let losses = try [Float(5e-3), -5e-3].map { offset in
          var moved = sample.parameters
          moved.values[tensor][index] += offset
          return try sample.loss(moved)
        }
        return (losses[0] - losses[1]) / 1e-2
      }
      let angle = cosine(slopes, exact.values[tensor])
      #expect(angle > 0.99, "\(specification.name): cosine \(angle)")
      let length = (dot(slopes, slopes) / dot(exact.values[tensor], exact.values[tensor]))
        .squareRoot()
      #expect(abs(length - 1) < 0.05, "\(specification.name): length \(length)")
    }
  }

  /// The spikes' gradient turns towards the exact one as both stages get longer (TheMethod.md, "Gradients"). Exact means: for the
  /// measured gates. A neuron at rest that fired once before its inhibition came has an open gate, however long the stage.
  @Test func longerStagesTurnTowardsTheExactGradient() throws {
    for seed in UInt64(0)..<10 {
      let sample = try ExactSample(seed: seed)
      let cosines = try [30, 300, 2000].map { steps in
        let (gradient, gates) = try sample.spikingGradient(steps: steps)
        let exact = try sample.exactGradient(gates: gates)
        return cosine(gradient.values.flatMap { $0 }, exact.values.flatMap { $0 })
      }
      #expect(cosines[0] < cosines[1] && cosines[1] < cosines[2], "seed \(seed): \(cosines)")
      #expect(cosines[2] > 0.99, "seed \(seed)")
    }
  }
}

/// One network and input whose gradient is wanted.
private struct ExactSample {
  let plan: NetworkPlan
  let parameters: Parameters
  let input: InputSignal
  let label = 1

  init(seed: UInt64) throws {
    (plan, parameters) = try ExactTests.network(seed: seed)
    var draw = Draw(seed ^ 0xE4AC)
    input = .constant(draw.normal(6))
  }

  func network(_ parameters: Parameters, steps: Int) -> PackedNetwork {
    PackedNetwork(
      plan: plan, parameters: parameters,
      dynamics: Dynamics(forwardSteps: steps, backwardSteps: steps, lossScale: 1))
  }

  /// The loss at the exact equilibrium.
  func loss(_ parameters: Parameters) throws -> Float {
    let network = network(parameters, steps: 1)
    let inputCurrent = InputCurrent(network: network, input: input)
    let rates = try #require(Exact.equilibrium(network: network, inputCurrent: inputCurrent).values)
    return Readout(network: network, rate: rates[rates.count - 1]).loss(label: label)
  }

  /// The method's gradient formulas on `a*` and on the `β` that solves its equation, for the gates of `a*` or for given ones.
  func exactGradient(gates measured: [[Double]]? = nil) throws -> Parameters {
    let network = network(parameters, steps: 1)
    let twin = DenseStages(plan: plan, parameters: parameters, dynamics: network.dynamics)
    let inputCurrent = InputCurrent(network: network, input: input)
    let rates = try #require(Exact.equilibrium(network: network, inputCurrent: inputCurrent).values)
      .map(
        \.doubles)
    let scores = twin.logitGradient(twin.logits(rates[rates.count - 1]), label: label)
    let gates = measured ?? twin.gates(rates)
    let betas = twin.implicitDifferentiation(
      twin.outputGradient(scores), gates: gates, sweeps: 500)
    let gradients = twin.gradients(
      input, rates: rates, gates: gates, betas: betas, logitGradient: scores)
    var result = Parameters(zerosFor: plan)
    for (name, values) in gradients { result[name] = values.map(Float.init) }
    return result
  }

  /// What the spikes give, and the gates that they left. No |β| may pass V_b = 1: the loss scale of 1 sees to that.
  func spikingGradient(steps: Int) throws -> (Parameters, gates: [[Double]]) {
    let network = network(parameters, steps: steps)
    var sums = Gradients(network: network)
    let run = SampleRun(network: network, input: input, label: label)
    run.addGradients(to: &sums, network: network)
    let gates = try #require(run.backward).sources.gates.map { $0.map(Double.init) }
    return (sums.parameters(network: network), gates)
  }
}
