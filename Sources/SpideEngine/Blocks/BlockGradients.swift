import CSpikeKernels

/// The weight gradients of many samples, summed as the kernels lay them out (TheMethod.md, "Gradients").
///
/// A gradient is the product of two firing rates, and a rate is a sum of spikes over a constant: the sums are multiplied
/// here, and the constants once in ``parameters(network:)``. Without a leak every product is a whole number.
package final class BlockGradients {
  /// Where one link's numbers begin.
  private struct Part {
    var weights: Int
    var biases: Int
  }

  private let values: AlignedBuffer<Float>
  /// In the order of ``BlockPlan/links``.
  private let parts: [Part]
  /// Samples summed so far: the first block overwrites what was there.
  private var samples = 0

  package init(network: BlockNetwork) {
    var next = 0
    parts = network.all.map { link in
      let weights = next
      if let map = link.geometry.forward { next += map.gradientCount }
      let biases = next
      next += link.bias?.count ?? 0
      return Part(weights: weights, biases: biases)
    }
    values = AlignedBuffer(count: next)
  }

  /// Numbers, padding included.
  package var count: Int { values.count }

  /// Forgets everything.
  func reset() { samples = 0 }

  /// Adds a block after both of its stages.
  package func add(_ run: BlockRun) {
    let network = run.network
    let memory = run.memory
    let layers = memory.layers
    let last = layers.count - 1
    add(
      0, network.input, run, source: memory.inputs.base, target: layers[0].backwardSum.base,
      gate: memory.inputGate.base)
    for (index, link) in zip(layers.indices, network.links) {
      add(
        index + 1, link, run, source: layers[index].forwardSum.base,
        target: layers[index + 1].backwardSum.base, gate: layers[index + 1].backwardMask.base)
    }
    if let feedback = network.feedback {
      add(
        last + 1, feedback, run, source: layers[last].forwardSum.base,
        target: layers[0].backwardSum.base, gate: layers[0].backwardMask.base)
    }
    add(
      parts.count - 1, network.classifier, run, source: memory.rate.base,
      target: memory.scores.base, gate: nil)
    samples += run.samples
  }

  private func add(
    _ index: Int, _ link: BlockLink, _ run: BlockRun, source: UnsafePointer<Float>,
    target: UnsafePointer<Float>, gate: UnsafePointer<UInt8>?
  ) {
    guard let map = link.geometry.forward else { return }
    let weights = values.base + parts[index].weights
    let bias = link.bias == nil ? nil : values.base + parts[index].biases
    if samples == 0 { values.clear(parts[index].biases, link.bias?.count ?? 0) }
    let (sourceStep, targetStep) = (link.source.units, link.target.units)
    guard !map.readsWhole else {
      return spike_outer_dense(
        Int32(map.sourceStride), Int32(map.targetStride), Int32(run.samples), source,
        Int64(sourceStep), target, Int64(targetStep), gate, samples > 0, weights, bias)
    }
    if samples == 0 { values.clear(parts[index].weights, map.gradientCount) }
    for sample in 0..<run.samples {
      var next = weights
      for var phase in map.phases {
        spike_outer_window(
          &phase.shape, Int64(map.run(phase)), source + sample * sourceStep,
          target + sample * targetStep, gate.map { $0 + sample * link.target.bytes }, next, bias)
        next += map.gradientCount(phase)
      }
    }
  }

  /// Adds what another shard has summed, in a part of all numbers.
  func add(_ other: BlockGradients, _ range: Range<Int>) {
    spike_add(
      values.base + range.lowerBound, other.values.base + range.lowerBound, Int32(range.count))
  }

  /// The gradients in PyTorch's layout, with `s_c / batch` in them as in TheMethod.md.
  package func parameters(network: BlockNetwork) -> Parameters {
    let (error, rate) = network.dynamics.gradientScales
    var result = Parameters(zerosFor: network.plan)
    for (part, link) in zip(parts, network.all) {
      guard let map = link.geometry.forward else { continue }
      let name = link.geometry.name
      let isClassifier = name == "classifier"
      let scale = isClassifier ? 1 : error * link.scales.kept
      let sourceScale = isClassifier || name == "input" ? 1 : rate
      let factor = link.scales.weight
      result.withValues(of: name + ".weight") {
        map.unpack(values.base + part.weights, scale: scale * sourceScale * factor, into: &$0)
      }
      guard link.bias != nil else { continue }
      result.withValues(of: name + ".bias") { values in
        for (channel, number) in link.geometry.biasNumbers.enumerated() where number >= 0 {
          values[number] = self.values.base[part.biases + channel] * scale
        }
      }
    }
    return result
  }
}
