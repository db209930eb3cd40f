import SpideEngine
import Testing

/// A network's samples in blocks of two, as training runs them, against the stages stepped for each of them: the same bits.
func blocksEqualSteps(of sample: NetworkCase, seed: UInt64) {
  compareBlocks(
    sample.plan, sample.parameters, sample.dynamics, usesDropout: sample.masks != nil,
    frames: sample.frames, cached: sample.cached, seed: seed, "\(sample) seed \(seed)")
}

/// Three samples in blocks of two.
///
/// - Parameter isLively: whether every layer spikes in both stages.
func compareBlocks(
  _ plan: NetworkPlan, _ parameters: Parameters, _ dynamics: Dynamics, usesDropout: Bool,
  frames: Int, cached: Int = BlockPlan.l2Cache, isLively: Bool = false, seed: UInt64,
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
    var tally = Tally(plan: plan)
    for index in part { tally += steps[index].tally(plan, label: set.label(index)) }
    #expect(Tally(run, labels: part.map(set.label), hasRunBackward: true) == tally, what)
  }
  var sums = Gradients(network: network)
  for step in steps { step.addGradients(to: &sums, network: network) }
  let expected = sums.parameters(network: network)
  let found = gradients.parameters(network: block)
  for (index, specification) in expected.specifications.enumerated() {
    // Real numbers, which those of a leak are too, are summed in another order: over some thousand places at most.
    #expect(
      distance(found.values[index], expected.values[index].map(Double.init)) < 1e-5,
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
}

/// Random samples of a network's input shape.
struct NormalSet: SampleSource {
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
