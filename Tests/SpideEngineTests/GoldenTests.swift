import SpideEngine
import Testing

/// Every tensor of the golden networks. Spikes must be the very same, because every comparison with a threshold is at
/// least 2e-4 from a tie; the tolerances of the rest are shares of a tensor's size, what single precision leaves after ~100
/// additions.
@Suite struct GoldenTests {
  @Test(arguments: GoldenCase.names) func everyTensor(_ name: String) throws {
    let golden = try GoldenCase.load(name)
    let want = golden.expected
    let (plan, parameters, dynamics) = try golden.network()
    #expect(plan.layers.map(\.dimensions) == golden.layers)
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    func spikes(_ state: StageState, _ layer: Int) -> [Int] {
      var dense = [Int](repeating: 0, count: plan.layers[layer].count)
      state.layers[layer].spikes.forEach { dense[$0] = $1 }
      return plan.layers[layer].channelsFirst(dense)
    }

    let inputCurrent = InputCurrent(network: network, input: golden.signal)
    let stage = ForwardStage(network)
    var forward = stage.start()
    for step in 0..<golden.forwardSteps {
      stage.step(&forward, inputCurrent)
      for (layer, shape) in plan.layers.enumerated() {
        #expect(spikes(forward, layer) == want.forwardSpikes[layer][step], "F\(step + 1) L\(layer)")
        close(
          "F\(step + 1) potential \(layer)", shape.channelsFirst(forward.layers[layer].potential),
          want.forwardPotential[layer][step], 2e-5)
      }
    }
    for (layer, shape) in plan.layers.enumerated() {
      close("rate \(layer)", shape.channelsFirst(forward.rate(layer)), want.firingRate[layer], 1e-5)
    }

    let last = plan.layers.count - 1
    let readout = Readout(network: network, rate: forward.rate(last))
    close("logits", readout.logits, want.logits, 1e-5)
    close("loss", [readout.loss(label: golden.label)], [want.loss], 1e-5)
    let scores = readout.logitGradient(label: golden.label, scale: golden.lossScale)
    let outputGradient = Readout.outputGradient(network: network, logitGradient: scores)
    close("g", plan.layers[last].channelsFirst(outputGradient), want.outputGradient, 1e-5)

    let sources = BackwardStage.Sources(
      forward: forward, inputCurrent: inputCurrent, outputGradient: outputGradient)
    let backwardStage = BackwardStage(network)
    var backward = backwardStage.start()
    for step in 0..<golden.backwardSteps {
      backwardStage.step(&backward, sources)
      for (layer, shape) in plan.layers.enumerated() {
        #expect(
          spikes(backward, layer) == want.backwardSpikes[layer][step], "B\(step + 1) L\(layer)")
        close(
          "B\(step + 1) potential \(layer)", shape.channelsFirst(backward.layers[layer].potential),
          want.backwardPotential[layer][step], 2e-5)
      }
    }
    for (layer, shape) in plan.layers.enumerated() {
      close(
        "β \(layer)", shape.channelsFirst(backwardStage.beta(backward, layer)), want.beta[layer],
        1e-5)
    }

    var sums = Gradients(network: network)
    let run = SampleRun(network: network, input: golden.signal, label: golden.label)
    run.addGradients(to: &sums, network: network)
    let gradients = sums.parameters(network: network)
    #expect(gradients.specifications.count == want.gradients.count)
    for (name, tensor) in want.gradients {
      close(name, try #require(gradients[golden.parameter(name)]), tensor.data, 2e-5)
    }

    if let equilibrium = want.equilibrium, let implicit = want.implicitBeta {
      let rates = try #require(
        Exact.equilibrium(network: network, inputCurrent: inputCurrent).values)
      let betas = try #require(
        Exact.implicitDifferentiation(network: network, sources: sources).values)
      for (layer, shape) in plan.layers.enumerated() {
        close("a* \(layer)", shape.channelsFirst(rates[layer]), equilibrium[layer], 1e-4)
        close("exact β \(layer)", shape.channelsFirst(betas[layer]), implicit[layer], 1e-3)
      }
    }
  }

  /// What training runs, and the twin that judges it: the same spikes, potentials at the end, and gradients.
  @Test(arguments: GoldenCase.names) func blocksAndTwin(_ name: String) throws {
    let golden = try GoldenCase.load(name)
    let want = golden.expected
    let (plan, parameters, dynamics) = try golden.network()
    let block = BlockNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    let source = OneSample(golden.signal, label: golden.label, plan)
    let run = BlockRun(
      network: block, memory: BlockMemory(network: block, capacity: 1, frames: source.frames))
    run.begin()
    run.add(0, of: source, augmentation: nil, masks: nil)
    run.runForward()
    for (layer, shape) in plan.layers.enumerated() {
      close(
        "potential \(layer)", shape.channelsFirst(run.forwardPotentials(0, layer: layer)),
        want.forwardPotential[layer].last ?? [], 2e-5)
    }
    run.runBackward(labels: [golden.label], batch: 1)
    for (layer, shape) in plan.layers.enumerated() {
      close(
        "backward potential \(layer)", shape.channelsFirst(run.backwardPotentials(0, layer: layer)),
        want.backwardPotential[layer].last ?? [], 2e-5)
    }
    let sums = BlockGradients(network: block)
    sums.add(run)
    let gradients = sums.parameters(network: block)

    let twin = DenseStages(plan: plan, parameters: parameters, dynamics: dynamics)
    let forward = twin.forward(golden.signal)
    let scores = twin.logitGradient(
      twin.logits(forward.rates[plan.layers.count - 1]), label: golden.label)
    let gates = twin.gates(forward.rates)
    let backward = twin.backward(twin.outputGradient(scores), gates: gates)
    for layer in plan.layers.indices {
      func spikes(_ trajectory: DenseStages.Trajectory) -> [[Int]] {
        trajectory.steps.map { $0.spikes[layer].map { Int($0) } }
      }
      #expect(spikes(forward) == want.forwardSpikes[layer])
      #expect(spikes(backward) == want.backwardSpikes[layer])
    }
    let slow = twin.gradients(
      golden.signal, rates: forward.rates, gates: gates, betas: twin.betas(backward),
      logitGradient: scores)
    for (name, tensor) in want.gradients {
      let ours = golden.parameter(name)
      close(name, try #require(gradients[ours]), tensor.data, 2e-5)
      close("twin's \(name)", try #require(slow[ours]).map(Float.init), tensor.data, 2e-5)
    }
  }

  private func close(
    _ what: String, _ value: [Float], _ expected: [Double], _ tolerance: Double,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let off = distance(value, expected)
    #expect(off <= tolerance, "\(what) is off by \(off)", sourceLocation: location)
  }
}
