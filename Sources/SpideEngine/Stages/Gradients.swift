/// The weight gradients of many samples, summed in the packed layout (TheMethod.md, "Gradients").
///
/// A gradient is the product of two firing rates, and a rate is a sum of spikes over a constant: the sums are multiplied
/// here, and the constants once in ``parameters(network:)``. Without a leak every product is a whole number.
public struct Gradients: Sendable {
  /// For the input link, the links, the feedback and the classifier, in the layout of the forward packed weights.
  private var weights: [[Float]]
  /// Sums over positions for each target channel; a dense link sees a single position.
  private var biases: [[Float]]

  /// Nothing summed yet.
  public init(network: PackedNetwork) {
    let maps = Gradients.links(network).map(\.link.map)
    weights = maps.map { [Float](repeating: 0, count: $0.weightCount) }
    biases = maps.map { [Float](repeating: 0, count: $0.targetChannels) }
  }

  /// Every link that may learn, in file order; the classifier has no identifier.
  private static func links(_ network: PackedNetwork) -> [(id: LinkID?, link: PackedLink)] {
    var links: [(id: LinkID?, link: PackedLink)] = [(.input, network.input)]
    links += network.links.enumerated().map { (.link($0), $1) }
    if let feedback = network.feedback { links.append((.feedback, feedback)) }
    return links + [(nil, network.classifier)]
  }

  /// Forgets everything.
  mutating func reset() {
    for index in weights.indices {
      weights[index].withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
      biases[index].withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    }
  }

  /// Adds one sample after both of its stages.
  public mutating func add(
    network: PackedNetwork, inputCurrent: InputCurrent, forward: StageState, backward: StageState,
    sources: BackwardStage.Sources, rate: [Float], logitGradient: [Float]
  ) {
    let last = network.layerCount - 1
    add(0, network.input, inputCurrent.meanInput, gated(backward, 0, sources.inputGate))
    for (index, link) in network.links.enumerated() {
      add(
        index + 1, link, forward.layers[index].spikeSum,
        gated(backward, index + 1, sources.backwardMask[index + 1]))
    }
    if let feedback = network.feedback {
      add(
        last + 1, feedback, forward.layers[last].spikeSum,
        gated(backward, 0, sources.backwardMask[0]))
    }
    add(weights.count - 1, network.classifier, rate, logitGradient)
  }

  private func gated(_ backward: StageState, _ layer: Int, _ gate: [UInt8]) -> [Float] {
    zip(backward.layers[layer].spikeSum, gate).map { $1 == 0 ? 0 : $0 }
  }

  private mutating func add(_ index: Int, _ link: PackedLink, _ source: [Float], _ target: [Float])
  {
    link.map.accumulateOuter(source: source, target: target, into: &weights[index])
    guard link.bias != nil else { return }
    let channels = link.map.targetChannels
    for (unit, value) in target.enumerated() where value != 0 {
      biases[index][unit % channels] += value
    }
  }

  /// Adds what another shard has summed.
  mutating func add(_ other: Gradients) {
    for index in weights.indices {
      spikeAdd(&weights[index], other.weights[index])
      spikeAdd(&biases[index], other.biases[index])
    }
  }

  /// The gradients in PyTorch's layout, with `s_c / batch` in them as in TheMethod.md.
  public func parameters(network: PackedNetwork) -> Parameters {
    var result = Parameters(zerosFor: network.plan)
    for (index, entry) in Gradients.links(network).enumerated() where entry.link.map.window != nil {
      let scale = GradientScale(entry.id, entry.link.scales, network.dynamics)
      let name = entry.id?.name ?? "classifier"
      result[name + ".weight"] = entry.link.map.unpack(weights[index], scale: scale.weight)
      guard entry.link.bias != nil else { continue }
      result.withValues(of: name + ".bias") { values in
        for (number, sum) in zip(entry.link.map.targetNumbers, biases[index]) {
          values[number] = sum * scale.bias
        }
      }
    }
    return result
  }
}
