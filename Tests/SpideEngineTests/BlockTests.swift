import SpideEngine
import Testing

/// Blocks of samples, as training runs them, against the stages stepped for each sample: the same bits.
@Suite struct BlockTests {
  @Test(arguments: NetworkCase.Form.allCases) func blocksEqualSteps(_ form: NetworkCase.Form) {
    for seed in UInt64(1)...60 {
      let sample = NetworkCase(form, seed: seed)
      var frames = 1
      if case .varying(let list) = sample.input { frames = list.count }
      check(
        sample.plan, sample.parameters, sample.dynamics, usesDropout: sample.masks != nil,
        frames: frames, seed: seed, "\(sample) seed \(seed)")
    }
  }

  /// Layers of more than one panel of channels, whose last one is not full; strides that give a feedback several
  /// phases; pools that leave a row over, behind few channels and many, with strides and without.
  @Test(arguments: [(1, 1), (0.9, 0.9), (0.9, 1), (1, 0.9)] as [(Float, Float)])
  func wideLayers(leak: Float, backwardLeak: Float) throws {
    let maps = LayerShape(channels: 2, height: 7, width: 5)
    func convolution(_ channels: Int, _ kernel: Int, stride: Int = 1) -> Connection {
      Connection(
        .convolution(channels: channels, kernel: kernel, stride: stride, padding: kernel / 2),
        dropout: 0.2)
    }
    let plans = try [
      NetworkPlan(
        inputShape: maps, classes: 11, input: convolution(70, 3),
        links: [
          Connection(.averagePool(size: 2)), convolution(41, 5), Connection(.averagePool(size: 2)),
          Connection(.dense(units: 150), dropout: 0.5),
        ], feedback: nil, feedbackMaxNorm: nil),
      NetworkPlan(
        inputShape: LayerShape(channels: 1, height: 22, width: 19), classes: 5,
        input: convolution(12, 5),
        links: [
          Connection(.averagePool(size: 2)), convolution(41, 5), Connection(.averagePool(size: 2)),
          convolution(17, 3, stride: 2), Connection(.averagePool(size: 2)),
          Connection(.dense(units: 20)),
        ], feedback: nil, feedbackMaxNorm: nil),
      NetworkPlan(
        inputShape: LayerShape(channels: 2, height: 8, width: 6), classes: 3,
        input: convolution(72, 3), links: [convolution(66, 3, stride: 2), convolution(80, 3)],
        feedback: Connection(
          .transposedConvolution(channels: 72, kernel: 3, stride: 2, padding: 1, outputPadding: 1),
          hasBias: false, dropout: 0.2), feedbackMaxNorm: 2),
      NetworkPlan(
        inputShape: LayerShape(units: 30), classes: 4, input: Connection(.dense(units: 133)),
        links: [Connection(.dense(units: 70))],
        feedback: Connection(.dense(units: 133), dropout: 0.3), feedbackMaxNorm: 2),
      // Dense onto feature maps of which places are padded, with a mask between and without.
      NetworkPlan(
        inputShape: maps, classes: 4, input: convolution(13, 3),
        links: [Connection(.averagePool(size: 2)), convolution(20, 3)],
        feedback: Connection(.dense(units: 13 * 35), dropout: 0.3), feedbackMaxNorm: 2),
      NetworkPlan(
        inputShape: maps, classes: 4, input: convolution(13, 3),
        links: [convolution(66, 3), Connection(.dense(units: 70))],
        feedback: Connection(.dense(units: 13 * 35)), feedbackMaxNorm: 2),
    ]
    for (number, plan) in plans.enumerated() {
      let seed = UInt64(number)
      // Strong enough that spikes reach the last layer and come back to the first; where neurons leak, a pool's quarters
      // may not.
      var parameters = Parameters(initial: .kaiming, plan: plan, seed: seed)
      for specification in parameters.specifications {
        let stronger = parameters[specification.name]?.map { $0 * 4 }
        parameters[specification.name] = stronger
      }
      // As if no weights stayed in a cache, too: they then lie by source. More steps than a tally can count.
      for cached in [BlockPlan.secondCache, 0] {
        check(
          plan, parameters,
          Dynamics(
            forward: NeuronParameters(leak: leak),
            backward: NeuronParameters(threshold: 0.004, leak: backwardLeak), forwardSteps: 20,
            backwardSteps: 140),
          usesDropout: true, frames: 1, cached: cached, isLively: leak == 1 && backwardLeak == 1,
          seed: seed,
          "plan \(number), leaks \(leak) and \(backwardLeak), \(cached) bytes cached")
      }
    }
  }

  /// Three samples in blocks of two.
  ///
  /// - Parameter isLively: whether every layer spikes in both stages.
  private func check(
    _ plan: NetworkPlan, _ parameters: Parameters, _ dynamics: Dynamics, usesDropout: Bool,
    frames: Int, cached: Int = BlockPlan.secondCache, isLively: Bool = false, seed: UInt64,
    _ what: Comment
  ) {
    let set = NormalSet(plan, count: 3, frames: frames)
    let network = PackedNetwork(
      plan: plan, parameters: parameters, dynamics: dynamics, usesDropout: usesDropout,
      cached: cached)
    let block = BlockNetwork(
      BlockPlan(plan, leaks: dynamics.leaks, cached: cached), parameters: parameters,
      dynamics: dynamics, usesDropout: usesDropout)
    let run = BlockRun(
      network: block, memory: BlockMemory(network: block, capacity: 2, frames: frames))
    func masks(_ index: Int) -> UInt64? { network.usesDropout ? seed &+ UInt64(index) : nil }
    let steps = (0..<3).map { index in
      SampleRun(
        network: network, input: set.signal(index), label: set.label(index), batch: 3,
        masks: masks(index).map { DropoutMasks(network: network, seed: $0) })
    }
    let gradients = BlockGradients(network: block)
    for part in [0..<2, 2..<3] {
      run.begin()
      for index in part { run.add(index, of: set, augmentation: nil, masks: masks(index)) }
      run.runForward()
      let potentials = (0..<part.count).map { number in
        plan.layers.indices.map { run.forwardPotentials(number, layer: $0) }
      }
      run.runBackward(labels: part.map(set.label), batch: 3)
      gradients.add(run)
      if isLively {
        #expect(!(run.forwardSpikes + run.backwardSpikes).contains(0), "a silent layer in \(what)")
      }
      compare(run, Array(steps[part]), potentials, what)
    }
    var sums = Gradients(network: network)
    for step in steps { step.addGradients(to: &sums, network: network) }
    let expected = sums.parameters(network: network)
    let found = gradients.parameters(network: block)
    for (index, specification) in expected.specifications.enumerated() {
      // The input's real numbers are summed sample by sample here and pair by pair there.
      #expect(
        distance(found.values[index], expected.values[index].map(Double.init)) < 1e-6,
        "\(specification.name) of \(what)")
    }
  }

  private func compare(
    _ run: BlockRun, _ steps: [SampleRun], _ potentials: [[[Float]]], _ what: Comment
  ) {
    #expect(run.readouts == steps.map(\.readout), what)
    for (number, step) in steps.enumerated() {
      for layer in step.forward.layers.indices {
        #expect(run.forwardSums(number, layer: layer) == step.forward.layers[layer].spikeSum, what)
        #expect(potentials[number][layer] == step.forward.layers[layer].potential, what)
        let backward = step.backward?.state.layers[layer]
        #expect(run.backwardSums(number, layer: layer) == backward?.spikeSum, what)
        #expect(run.backwardPotentials(number, layer: layer) == backward?.potential, what)
      }
    }
    for layer in run.forwardSpikes.indices {
      #expect(
        run.forwardSpikes[layer] == steps.reduce(0) { $0 + $1.forward.layers[layer].spikeTotal },
        what)
      #expect(
        run.backwardSpikes[layer]
          == steps.reduce(0) { $0 + ($1.backward?.state.layers[layer].spikeTotal ?? 0) }, what)
    }
    let operations = steps.reduce(0) {
      $0 + $1.forward.synapticOperations + ($1.backward?.state.synapticOperations ?? 0)
    }
    #expect(run.synapticOperations == operations, what)
  }
}

/// Random samples of a network's input shape.
private struct NormalSet: SampleSource {
  let shape: LayerShape
  let classNames: [String]
  let frames: Int
  private let samples: [[Float]]
  private let labels: [Int]

  init(_ plan: NetworkPlan, count: Int, frames: Int) {
    self.frames = frames
    shape = plan.inputShape
    classNames = (0..<plan.classes).map(String.init)
    var draw = Draw(UInt64(count))
    let size = shape.count * frames
    samples = (0..<count).map { _ in draw.normal(size) }
    labels = (0..<count).map { ($0 + 1) % plan.classes }
  }

  var count: Int { samples.count }
  func label(_ index: Int) -> Int { labels[index] }
  func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
    buffer = samples[index]
  }
}
