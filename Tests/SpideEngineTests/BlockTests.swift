import SpideEngine
import Testing

/// Blocks of samples, as training runs them, against the stages stepped for each sample: the same bits.
@Suite struct BlockTests {
  /// Three samples of one random network, in blocks of two.
  @Test(arguments: NetworkCase.Form.allCases) func blocksEqualSteps(_ form: NetworkCase.Form) {
    for seed in UInt64(1)...60 {
      let sample = NetworkCase(form, seed: seed)
      let set = NormalSet(sample, count: 3)
      let network = sample.network
      let block = BlockNetwork(
        plan: sample.plan, parameters: sample.parameters, dynamics: sample.dynamics,
        usesDropout: sample.masks != nil)
      let run = BlockRun(
        network: block, memory: BlockMemory(network: block, capacity: 2, frames: set.frames))
      let gradients = BlockGradients(network: block)
      for part in [0..<2, 2..<3] {
        run.begin()
        for index in part {
          run.add(
            index, of: set, augmentation: nil,
            masks: sample.masks == nil ? nil : seed &+ UInt64(index))
        }
        run.runForward()
        let potentials = (0..<part.count).map { number in
          sample.plan.layers.indices.map { run.potentials(number, layer: $0) }
        }
        run.runBackward(labels: part.map(set.label), batch: 3)
        gradients.add(run)
        let steps = part.map { index in
          SampleRun(
            network: network, input: set.signal(index), label: set.label(index), batch: 3,
            masks: sample.masks == nil
              ? nil : DropoutMasks(network: network, seed: seed &+ UInt64(index)))
        }
        compare(run, steps, potentials, "\(sample) seed \(seed)")
      }
      let runs = (0..<3).map { index in
        SampleRun(
          network: network, input: set.signal(index), label: set.label(index), batch: 3,
          masks: sample.masks == nil
            ? nil : DropoutMasks(network: network, seed: seed &+ UInt64(index)))
      }
      var sums = Gradients(network: network)
      for run in runs { run.addGradients(to: &sums, network: network) }
      let expected = sums.parameters(network: network)
      let found = gradients.parameters(network: block)
      for (index, specification) in expected.specifications.enumerated() {
        // The input's real numbers are summed sample by sample here and pair by pair there.
        #expect(
          distance(found.values[index], expected.values[index].map(Double.init)) < 1e-6,
          "\(specification.name) of \(sample) seed \(seed)")
      }
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
        #expect(run.potentials(number, layer: layer) == backward?.potential, what)
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

  init(_ sample: NetworkCase, count: Int) {
    shape = sample.plan.inputShape
    classNames = (0..<sample.plan.classes).map(String.init)
    if case .varying(let list) = sample.input { frames = list.count } else { frames = 1 }
    var draw = Draw(UInt64(count))
    let size = shape.count * frames
    samples = (0..<count).map { _ in draw.normal(size) }
    labels = (0..<count).map { ($0 + sample.label) % sample.plan.classes }
  }

  var count: Int { samples.count }
  func label(_ index: Int) -> Int { labels[index] }
  func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
    buffer = samples[index]
  }
}
