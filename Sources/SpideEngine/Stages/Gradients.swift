/// The weight gradients of many samples, summed in the packed layout (TheMethod.md, "Gradients").
///
/// A gradient is the product of two firing rates, and a rate is a sum of spikes over a constant: the sums are multiplied
/// here, and the constants once in ``parameters(network:)``. Without a leak every product is a whole number.
public struct Gradients: Sendable {
  /// Forward rows for the input link, the links, the feedback and the classifier.
  private var rows: [[Float]]
  /// Sums over positions for each target channel; a dense link sees a single position.
  private var biases: [[Float]]

  /// Nothing summed yet.
  public init(network: PackedNetwork) {
    let maps = Gradients.links(network).map(\.link.map)
    rows = maps.map { [Float](repeating: 0, count: $0.weightCount) }
    biases = maps.map { [Float](repeating: 0, count: $0.targetChannels) }
  }

  private static func links(_ network: PackedNetwork) -> [(name: String, link: PackedLink)] {
    [("input", network.input)]
      + network.links.enumerated().map { ("links.\($0)", $1) }
      + (network.feedback.map { [("feedback", $0)] } ?? [])
      + [("classifier", network.classifier)]
  }

  /// Forgets everything.
  mutating func reset() {
    for index in rows.indices {
      rows[index].withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
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
    add(rows.count - 1, network.classifier, rate, logitGradient)
  }

  private func gated(_ backward: StageState, _ layer: Int, _ gate: [UInt8]) -> [Float] {
    zip(backward.layers[layer].spikeSum, gate).map { $1 == 0 ? 0 : $0 }
  }

  private mutating func add(_ index: Int, _ link: PackedLink, _ source: [Float], _ target: [Float])
  {
    link.map.accumulateOuter(source: source, target: target, into: &rows[index])
    guard link.bias != nil else { return }
    let channels = link.map.targetChannels
    for (unit, value) in target.enumerated() where value != 0 {
      biases[index][unit % channels] += value
    }
  }

  /// Adds what another shard has summed.
  mutating func add(_ other: Gradients) {
    for index in rows.indices {
      spikeAdd(&rows[index], other.rows[index])
      spikeAdd(&biases[index], other.biases[index])
    }
  }

  /// The gradients in PyTorch's layout, with `s_c / batch` in them as in TheMethod.md.
  public func parameters(network: PackedNetwork) -> Parameters {
    let (error, rate) = network.dynamics.gradientScales
    var result = Parameters(zerosFor: network.plan)
    for (index, entry) in Gradients.links(network).enumerated() where entry.link.map.window != nil {
      let isClassifier = entry.name == "classifier"
      let scale = isClassifier ? 1 : error * entry.link.scales.kept
      let sourceScale = isClassifier || entry.name == "input" ? 1 : rate
      let factor = entry.link.scales.weight
      result[entry.name + ".weight"] = entry.link.map.unpack(
        rows[index], scale: scale * sourceScale * factor)
      guard entry.link.bias != nil else { continue }
      result.withValues(of: entry.name + ".bias") { values in
        for (number, sum) in zip(entry.link.map.targetNumbers, biases[index]) {
          values[number] = sum * scale
        }
      }
    }
    return result
  }
}
