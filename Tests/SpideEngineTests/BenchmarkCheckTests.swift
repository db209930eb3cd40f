import SpideEngine
import Testing

/// What `bench` says of a network: right where only the dense program's precision is another, wrong where there is a fault.
@Suite struct BenchmarkCheckTests {
  /// A neuron whose potential comes as near to its threshold as its numbers allow: 1 - 0.25^t is 1 in single precision
  /// from step 13 on, and below 1 in double precision for the whole stage.
  @Test func asNearToTheThresholdAsNumbersAllow() throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(units: 1), classes: 2,
      input: Link(.dense(units: 1), hasBias: false), links: [])
    var parameters = Parameters(zerosFor: plan)
    parameters["input.weight"] = [0.75]
    parameters["classifier.weight"] = [1, -1]
    let trial = Trial(
      plan: plan, parameters: parameters,
      dynamics: Dynamics(forward: NeuronParameters(leak: 0.25), forwardSteps: 20),
      samples: Constant(values: [1]))
    #expect(trial.drift() == .infinity)
    trial.expectGood()
  }

  /// Long stages and a leak that forgets: potentials settle next to the threshold, and a spike that comes a step later sets
  /// off others.
  @Test func driftIsNoFault() throws {
    var drifted = 0
    for seed in UInt64(0)..<10 {
      let plan = try NetworkPlan(
        inputShape: LayerShape(units: 8), classes: 5, input: Link(.dense(units: 60)),
        links: [Link(.dense(units: 40))], feedback: Link(.dense(units: 60)))
      var parameters = Parameters(initial: .kaiming, plan: plan, seed: seed)
      parameters.values = parameters.values.map { $0.map { $0 * 2 } }
      let trial = Trial(
        plan: plan, parameters: parameters,
        dynamics: Dynamics(
          forward: NeuronParameters(leak: 0.5), backward: NeuronParameters(threshold: 0.05),
          forwardSteps: 400, backwardSteps: 400),
        samples: NormalSet(plan, count: 1, frames: 1))
      trial.expectGood()
      if trial.drift() > 0.02 { drifted += 1 }
    }
    #expect(drifted >= 5, "\(drifted) of 10: the networks are too tame to show anything")
  }

  /// A trainer whose weights are off by a hundredth, or without a bias.
  @Test(arguments: [
    "input.weight", "links.0.weight", "feedback.weight", "classifier.weight", "bias",
  ])
  func aFaultIsFound(_ name: String) throws {
    for seed in UInt64(0)..<20 {
      let (plan, parameters) = try ExactTests.network(seed: seed)
      let trial = Trial(
        plan: plan, parameters: parameters, dynamics: Dynamics(),
        samples: NormalSet(plan, count: 1, frames: 1))
      trial.expectGood()
      var faulty = parameters
      if name == "bias" {
        faulty["links.0.bias"] = faulty["links.0.bias"]?.map { _ in 0 }
      } else {
        faulty[name] = faulty[name]?.map { $0 * 1.01 }
      }
      let check = trial.check(faulty)
      #expect(!check.isGood && check.fault != nil, "\(name), seed \(seed)")
    }
  }

  /// Logits whose exponentials single precision and double precision have no room for.
  @Test func largeLogitsAreNoFault() throws {
    var (plan, parameters) = try ExactTests.network(seed: 2)
    parameters["classifier.weight"] = parameters["classifier.weight"]?.map { $0 * 3000 }
    Trial(
      plan: plan, parameters: parameters, dynamics: Dynamics(),
      samples: NormalSet(plan, count: 1, frames: 1)
    ).expectGood()
    plan = try NetworkPlan(
      inputShape: LayerShape(units: 6), classes: 1, input: Link(.dense(units: 10)), links: [])
    Trial(
      plan: plan, parameters: Parameters(initial: .kaiming, plan: plan, seed: 1),
      dynamics: Dynamics(), samples: NormalSet(plan, count: 1, frames: 1)
    ).expectGood()
  }
}

private struct Trial {
  let plan: NetworkPlan
  let parameters: Parameters
  let dynamics: Dynamics
  let samples: any SampleSource

  /// The check of a trainer with the right weights, or with others.
  func check(_ fast: Parameters? = nil) -> BenchmarkCheck {
    BenchmarkCheck(
      plan: plan, parameters: parameters, judging: fast ?? parameters, dynamics: dynamics,
      samples: samples)
  }

  func expectGood(_ location: SourceLocation = #_sourceLocation) {
    let check = check()
    #expect(check.fault == nil && check.isGood, sourceLocation: location)
    // A thousand sums of numbers with 24 bits.
    #expect(check.distance < 1e-5, sourceLocation: location)
  }

  /// How far the gradients of the dense program by itself are from the stepper's, as a share of their size, in the
  /// parameter where it is most.
  func drift() -> Double {
    let (input, label) = (samples.signal(0), samples.label(0))
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    var sums = Gradients(network: network)
    SampleRun(network: network, input: input, label: label).addGradients(
      to: &sums, network: network)
    let fast = sums.parameters(network: network)
    let twin = DenseStages(plan: plan, parameters: parameters, dynamics: dynamics)
    let forward = twin.forward(input)
    let scores = twin.logitGradient(
      twin.logits(forward.rates[plan.layers.count - 1]), label: label)
    let gates = twin.gates(forward.rates)
    let backward = twin.backward(twin.outputGradient(scores), gates: gates)
    let dense = twin.gradients(
      input, rates: forward.rates, gates: gates, betas: twin.betas(backward),
      logitGradient: scores)
    return zip(fast.specifications, fast.values).map { specification, values in
      let exact = dense[specification.name] ?? []
      let off = zip(values, exact).map { Double($0) - $1 }
      func size(_ numbers: [Double]) -> Double { numbers.reduce(0) { $0 + $1 * $1 } }
      return size(off) == 0 ? 0 : (size(off) / size(exact)).squareRoot()
    }.max() ?? 0
  }
}

/// The same sample over and over.
private struct Constant: SampleSource {
  let values: [Float]
  let count = 1
  let frames = 1
  let classNames = ["a", "b"]
  var shape: LayerShape { LayerShape(units: values.count) }
  func label(_ index: Int) -> Int { 0 }
  func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) { buffer = values }
}
