import CSpikeKernels

/// Runs a micro-batch together through both stages: what training and testing do.
///
/// The same equations and the same bits as ``ForwardStage`` and ``BackwardStage`` stepped for each sample; what differs
/// is the order of the work. Samples go through a layer together, so that its weights are fetched once for all of
/// them, and without feedback they do so for a whole tile of time steps. One thread at a time.
package final class BlockRun {
  let network: BlockNetwork
  let memory: BlockMemory
  /// Samples of the micro-batch that is running.
  private(set) var samples = 0
  /// Spikes of each layer since the start of the micro-batch, over all samples; forward and backward.
  package var forwardSpikes: [Int] { forwardCounts.elements }
  package var backwardSpikes: [Int] { backwardCounts.elements }
  /// Additions of a weight to a potential, by link in the order of ``NetworkPlan/allLinks``; forward and backward.
  package var forwardOperations: [Int] { operations(forwardOperationCounts) }
  package var backwardOperations: [Int] { operations(backwardOperationCounts) }
  /// All of them.
  package var synapticOperations: Int {
    forwardOperations.reduce(0, +) + backwardOperations.reduce(0, +)
  }
  package internal(set) var readouts: [Readout] = []
  /// The spikes that arrive at the layer at hand, by sample.
  let lists: AlignedBuffer<spike_list>
  /// By layer, in plain memory: an array would be checked for exclusive access at every step.
  let forwardCounts: AlignedBuffer<Int>
  let backwardCounts: AlignedBuffer<Int>
  /// Synaptic operations by link: the input's, those between layers, the feedback's.
  private let forwardOperationCounts: AlignedBuffer<Int>
  private let backwardOperationCounts: AlignedBuffer<Int>
  /// Multiply-accumulates of the input link, of the classifier, and of its way back.
  let products: AlignedBuffer<Int>
  /// Those of the weight gradients, in the order of ``BlockPlan/links``.
  let gradientCounts: AlignedBuffer<Int>

  package init(network: BlockNetwork, memory: BlockMemory) {
    self.network = network
    self.memory = memory
    forwardCounts = AlignedBuffer(count: network.layers.count)
    backwardCounts = AlignedBuffer(count: network.layers.count)
    forwardOperationCounts = AlignedBuffer(count: network.layers.count + 1)
    backwardOperationCounts = AlignedBuffer(count: network.layers.count + 1)
    products = AlignedBuffer(count: 3)
    gradientCounts = AlignedBuffer(count: network.all.count)
    lists = AlignedBuffer(count: memory.capacity)
  }

  var last: Int { network.layers.count - 1 }
  var dynamics: Dynamics { network.dynamics }

  /// Counts additions to a layer's potentials over the link that brings it spikes in a stage.
  func countOperations(_ count: Int, to layer: Int, _ stage: Stage) {
    if stage == .backward {
      backwardOperationCounts.base[layer + 1] += count
    } else {
      forwardOperationCounts.base[layer == 0 ? last + 1 : layer] += count
    }
  }

  private func operations(_ counts: AlignedBuffer<Int>) -> [Int] {
    Array(counts.elements.prefix(network.plan.allLinks.count))
  }

  /// Calls `body` for all samples at once where they go through a single layer, else for each of them.
  func forEachPass(_ layers: Int, _ body: (Range<Int>) -> Void) {
    if layers == 1 { return body(0..<samples) }
    for sample in 0..<samples { body(sample..<sample + 1) }
  }

  /// Adds to the sums what has been counted in a stage: before the counts are full, and at the end.
  func flushCounts(after steps: Int, _ stage: Stage) {
    let tile = network.blocks.order.tile
    // The most whole tiles of steps in which no count can overflow.
    let often = Int(SPIKE_MOST_COUNTED) / tile * tile
    guard steps == dynamics.steps(of: stage) || steps % often == 0 else { return }
    guard network.blocks.hasCounts(stage) else { return }
    for layer in memory.layers {
      layer.flushCounts(samples, sums: layer.sums(stage))
    }
  }

  // MARK: A micro-batch

  /// Takes in the next sample of the micro-batch.
  ///
  /// - Parameters:
  ///   - augmentation: seeds crop and flip; nil leaves the sample as it is.
  ///   - masks: seeds the dropout; required where the network drops out.
  package func add(
    _ index: Int, of source: any SampleSource, augmentation: UInt64?, masks: UInt64?
  ) {
    precondition(samples < memory.capacity, "more than \(memory.capacity) samples in a micro-batch")
    let shape = network.plan.inputShape
    let size = shape.count
    source.read(index, augmentation: augmentation, into: &memory.sample)
    let inputs = memory.inputs.base + samples * size
    if let frames = memory.frames {
      precondition(
        source.frames == dynamics.forwardSteps,
        "\(source.frames) frames for \(dynamics.forwardSteps) steps")
      let values = frames.base + samples * source.frames * size
      for frame in 0..<source.frames {
        shape.writeChannelsLast(
          memory.sample[frame * size..<(frame + 1) * size], to: values + frame * size)
        countInputProducts(values + frame * size)
      }
      // The gradient of the input link takes the mean over time.
      for unit in 0..<size {
        var sum: Float = 0
        for frame in 0..<source.frames { sum += values[frame * size + unit] }
        inputs[unit] = sum / Float(source.frames)
      }
    } else {
      shape.writeChannelsLast(memory.sample[...], to: inputs)
      countInputProducts(inputs)
    }
    if let masks { drawMasks(seed: masks) }
    precondition(masks != nil || !network.usesDropout, "a network that drops out needs masks")
    samples += 1
  }

  /// The masks of the sample that is being added, drawn in the order of ``DropoutMasks``.
  private func drawMasks(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func draw(_ link: BlockLink?, _ mask: AlignedBuffer<UInt8>?) {
      guard let link, link.scales.dropout > 0, let mask else { return }
      let layout = link.target
      generator.drawMask(
        layout.shape, stride: layout.stride, dropout: link.scales.dropout,
        into: mask.base + samples * layout.bytes)
    }
    draw(network.input, memory.inputMask)
    for (link, layer) in zip(network.links, memory.layers.dropFirst()) { draw(link, layer.mask) }
    draw(network.feedback, memory.feedbackMask)
  }

  /// Forgets the samples of the last micro-batch.
  package func begin() {
    samples = 0
    readouts.removeAll(keepingCapacity: true)
    forwardCounts.clear(0, forwardCounts.count)
    backwardCounts.clear(0, backwardCounts.count)
    forwardOperationCounts.clear(0, forwardOperationCounts.count)
    backwardOperationCounts.clear(0, backwardOperationCounts.count)
    products.clear(0, products.count)
    gradientCounts.clear(0, gradientCounts.count)
  }

  // MARK: What came of it

  /// The samples' cross-entropies, without the loss scale.
  func losses(_ labels: [Int]) -> [Double] {
    zip(readouts, labels).map { Double($0.loss(label: $1)) }
  }

  /// The numerators of a sample's firing rates in a layer, in engine order.
  package func forwardSums(_ sample: Int, layer: Int) -> [Float] {
    unpadded(memory.layers[layer].forwardSum, sample, layer)
  }

  /// The same of the backward stage.
  package func backwardSums(_ sample: Int, layer: Int) -> [Float] {
    unpadded(memory.layers[layer].backwardSum, sample, layer)
  }

  /// The potentials of a layer after the forward stage, in engine order.
  package func forwardPotentials(_ sample: Int, layer: Int) -> [Float] {
    unpadded(memory.layers[layer].potential, sample, layer)
  }

  /// The same after the backward stage, which numbers those of a layer under pools by the pools' units.
  package func backwardPotentials(_ sample: Int, layer: Int) -> [Float] {
    let own = memory.layers[layer]
    guard case .pool(var phase, _, _)? = network.returning(layer)?.kind else {
      return unpadded(own.potential, sample, layer)
    }
    let units = own.layout.units
    let expanded = AlignedBuffer(
      Array(UnsafeBufferPointer(start: own.potential.base + sample * units, count: units)))
    let size = own.layout.stride * MemoryLayout<Float>.stride
    spike_pooled_expand(&phase, Int64(size), expanded.base)
    return unpadded(expanded, 0, layer)
  }

  private func unpadded(_ buffer: AlignedBuffer<Float>, _ sample: Int, _ layer: Int) -> [Float] {
    let layout = network.layers[layer]
    return (0..<layout.shape.count).map { buffer.base[sample * layout.units + layout.padded($0)] }
  }

  // MARK: Neurons

  /// A layer's neurons of one sample as a kernel sees them.
  func neurons(
    _ layer: Int, _ sample: Int, _ step: Int, _ stage: Stage, visitsAll: Bool,
    isCounted: Bool = false
  ) -> spike_layer {
    let own = memory.layers[layer]
    let units = own.layout.units
    let neuron = dynamics[stage]
    return spike_layer(
      leak: neuron.leak, threshold: neuron.threshold, reset_amount: neuron.resetAmount,
      is_ternary: stage == .backward, visits_all: visitsAll,
      potential: own.potential.base + sample * units,
      sum: isCounted ? nil : own.sums(stage).base + sample * units,
      suprathreshold: own.suprathreshold.base + sample * own.layout.bytes,
      positive: own.positive(sample, step), negative: own.negative(sample, step),
      bits_step: Int64(own.layout.bytes))
  }
}
