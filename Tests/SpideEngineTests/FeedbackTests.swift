import SpideEngine
import Testing

/// What of the feedback arrives when.
@Suite struct FeedbackTests {
  /// One neuron that gets 0.25 from its input at every step, and 0.5 + 0.25 s(t - 1) from its feedback from the second
  /// step on; `V_th` is 1 and `V` 2. By hand: h = 0.25, 1.0 (a spike), 0.0, 0.75.
  ///
  /// - Parameters:
  ///   - dropout: of the feedback: 0.5 doubles what is half as large. A mask that keeps the neuron is looked for.
  ///   - varies: the input as four equal frames.
  private static func neuron(dropout: Bool, varies: Bool) throws -> Case {
    let plan = try NetworkPlan(
      inputShape: LayerShape(units: 1), classes: 2, input: Link(.dense(units: 1)), links: [],
      feedback: Link(.dense(units: 1), dropout: dropout ? 0.5 : 0))
    var parameters = Parameters(zerosFor: plan)
    let half: Float = dropout ? 0.5 : 1
    parameters["input.weight"] = [0.125]
    parameters["input.bias"] = [0.125]
    parameters["feedback.weight"] = [0.25 * half]
    parameters["feedback.bias"] = [0.5 * half]
    return Case(
      plan: plan, parameters: parameters,
      input: varies ? .varying(Array(repeating: [1], count: 4)) : .constant([1]))
  }

  private struct Case {
    let plan: NetworkPlan
    let parameters: Parameters
    let input: InputSignal
    let dynamics = Dynamics(forwardSteps: 4, backwardSteps: 3)

    var network: PackedNetwork {
      PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics, usesDropout: true)
    }
    /// The first seed of which the mask keeps, or drops, the neuron.
    func seed(keeps: Bool) throws -> UInt64 {
      try #require(
        (0..<100).first {
          DropoutMasks(network: network, seed: $0).feedback.map { $0 == [keeps ? 1 : 0] } ?? keeps
        })
    }

    /// `u` after each step: of the stepper, the twin and, for runs that end there, the trainer's block.
    func potentials(seed: UInt64) -> [String: [Float]] {
      let masks = DropoutMasks(network: network, seed: seed)
      let inputCurrent = InputCurrent(network: network, input: input, masks: masks)
      let stage = ForwardStage(network)
      var state = stage.start()
      let steps = (1...4).map { _ in
        stage.step(&state, inputCurrent)
        return state.layers[0].potential[0]
      }
      let twin = DenseStages(plan: plan, parameters: parameters, dynamics: dynamics, masks: masks)
      let blocks = (1...4).map { steps in
        var dynamics = dynamics
        dynamics.forwardSteps = steps
        var input = input
        if case .varying(let frames) = input { input = .varying(Array(frames[..<steps])) }
        let source = OneSample(input, label: 0, plan)
        let block = BlockNetwork(
          plan: plan, parameters: parameters, dynamics: dynamics, usesDropout: true)
        let run = BlockRun(
          network: block, memory: BlockMemory(network: block, capacity: 1, frames: source.frames))
        run.begin()
        run.add(0, of: source, augmentation: nil, masks: seed)
        run.runForward()
        return run.forwardPotentials(0, layer: 0)[0]
      }
      return [
        "stepper": steps, "twin": twin.forward(input).steps.map { Float($0.potentials[0][0]) },
        "block": blocks,
      ]
    }
  }

  @Test(arguments: [false, true], [false, true])
  func theBiasArrivesWithTheSecondStep(dropout: Bool, varies: Bool) throws {
    let one = try FeedbackTests.neuron(dropout: dropout, varies: varies)
    for (engine, potentials) in one.potentials(seed: try one.seed(keeps: true)) {
      // A block cannot be of one frame that varies: its first step is then a constant input's.
      #expect(potentials == [0.25, -1, 0, 0.75], "\(engine)")
    }
    guard dropout else { return }
    for (engine, potentials) in one.potentials(seed: try one.seed(keeps: false)) {
      #expect(potentials == [0.25, 0.5, 0.75, -1], "\(engine)")
    }
  }

  /// The equilibrium has the bias at every step: a = (0.25 + 0.5 + 0.25 a) / 2.
  @Test func theEquilibriumHasTheBias() throws {
    let one = try FeedbackTests.neuron(dropout: false, varies: false)
    let network = one.network
    let solution = Exact.equilibrium(
      network: network, inputCurrent: InputCurrent(network: network, input: one.input))
    let rate = try #require(solution.values)[0][0]
    #expect(abs(rate - 3 / 7) < 1e-5)
  }

  /// Two batches of training with a dense feedback onto feature maps, against the twin's gradients in double precision and
  /// The method's update by hand. Spikes are the same where potentials keep away from thresholds, so weights differ by
  /// rounding: 1e-5 of a tensor's largest.
  @Test(arguments: [(1, 1), (0.9, 1), (1, 0.9)] as [(Float, Float)])
  func twoBatchesByHand(leak: Float, backwardLeak: Float) throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(channels: 1, height: 4, width: 4), classes: 3,
      input: Link(.convolution(channels: 3, kernel: 3, stride: 1, padding: 1)),
      links: [Link(.convolution(channels: 4, kernel: 3, stride: 2, padding: 1))],
      feedback: Link(.dense(units: 48)), feedbackMaxNorm: 2)
    let dynamics = Dynamics(
      forward: NeuronParameters(leak: leak),
      backward: NeuronParameters(threshold: 0.25, leak: backwardLeak),
      forwardSteps: 8, backwardSteps: 10, lossScale: 40)
    let training = TrainingPlan(
      epochs: 1, batch: 4, optimizer: .sgd(momentum: 0.9),
      learningRate: LearningRateSchedule(base: 0.4), weightDecay: 5e-3)
    // Weights by hand, so that every element of the feedback has something to say.
    var weights = Parameters(initial: .kaiming, plan: plan, seed: 4)
    var draw = Draw(4)
    for name in ["input.bias", "links.0.bias", "feedback.bias"] {
      weights[name] = draw.normal(weights[name]?.count ?? 0, deviation: 0.3).map { $0 + 0.2 }
    }
    let samples = Still()
    let trainer = Trainer(
      plan: plan, dynamics: dynamics, training: training, trainSet: samples, testSet: nil, seed: 3,
      threads: 2, parameters: weights)

    var expected = weights.values.map { $0.map(Double.init) }
    var momentum = expected.map { $0.map { _ in 0.0 } }
    for number in 1...2 {
      let batch = trainer.nextBatch
      var rounded = weights
      rounded.values = expected.map { $0.map(Float.init) }
      let twin = DenseStages(plan: plan, parameters: rounded, dynamics: dynamics)
      var sums: [String: [Double]] = [:]
      for index in batch {
        let input = samples.signal(index)
        let forward = twin.forward(input)
        let scores = twin.logitGradient(
          twin.logits(forward.rates[1]), label: samples.label(index), batch: batch.count)
        let gates = twin.gates(forward.rates)
        let backward = twin.backward(twin.outputGradient(scores), gates: gates)
        let margin = min(forward.margin, backward.margin)
        try #require(margin > 1e-5, "batch \(number), sample \(index) is too near a tie: \(margin)")
        let gradients = twin.gradients(
          input, rates: forward.rates, gates: gates, betas: twin.betas(backward),
          logitGradient: scores)
        sums.merge(gradients) { zip($0, $1).map { $0 + $1 } }
      }
      _ = trainer.trainBatch()
      for (tensor, specification) in weights.specifications.enumerated() {
        let gradient = try #require(sums[specification.name])
        #expect(gradient.contains { $0 != 0 }, "\(specification.name) learnt nothing")
        for index in gradient.indices {
          momentum[tensor][index] =
            0.9 * momentum[tensor][index] + gradient[index] + 5e-3 * expected[tensor][index]
          expected[tensor][index] -= 0.4 / 40 * momentum[tensor][index]
        }
        let off = distance(trainer.parameters.values[tensor], expected[tensor])
        #expect(off < 1e-5, "batch \(number), \(specification.name) is off by \(off)")
      }
    }
  }
}
