import CSpikeKernels

/// Multiply-accumulates of a micro-batch, counted once a sample where its numbers have just been written.
extension BlockRun {
  /// Counts those of the input link for one frame, or for a constant input.
  func countInputProducts(_ values: UnsafePointer<Float>) {
    let link = network.input.geometry
    let fanOut = link.connections.fanOut
    countActive(values, nil, link.source, positions: fanOut.count, into: memory.sourceCounts)
    var total = 0
    for position in fanOut.indices {
      total += Int(memory.sourceCounts.base[position]) * fanOut[position]
    }
    products.base[0] += total
  }

  /// Counts those of the classifier's way there: connections of units that spiked.
  func countClassifierProducts() {
    let link = network.classifier.geometry
    for sample in 0..<samples {
      let rates = memory.layers[last].forwardSum.base + sample * link.source.units
      countActive(rates, nil, link.source, positions: 1, into: memory.sourceCounts)
      products.base[1] += Int(memory.sourceCounts.base[0]) * link.connections.fanOut[0]
    }
  }

  /// Counts those of its way back, and those of all weight gradients, after the backward stage.
  func countGradientProducts() {
    for (number, link) in network.all.enumerated() where link.geometry.connections.hasWeights {
      let geometry = link.geometry
      let connections = geometry.connections
      let signals = gradientSignals(number)
      let (sources, targets) = (memory.sourceCounts, memory.targetCounts)
      for sample in 0..<samples {
        countActive(
          signals.source.base + sample * geometry.source.units, nil, geometry.source,
          positions: connections.fanOut.count, into: sources)
        countActive(
          signals.target.base + sample * geometry.target.units,
          signals.gate.map { UnsafePointer($0.base + sample * geometry.target.bytes) },
          geometry.target, positions: connections.fanIn.count, into: targets)
        gradientCounts.base[number] += connections.products(
          sources.base, targets.base, sums: memory.windowSums.base)
        // The classifier is the last of all.
        if number == network.all.count - 1 {
          products.base[2] += Int(targets.base[0]) * connections.fanIn[0]
        }
      }
    }
  }

  /// How many values of a layer are not 0 at each position, or in all where the link sees a single one.
  private func countActive(
    _ values: UnsafePointer<Float>, _ gate: UnsafePointer<UInt8>?, _ layout: PaddedLayout,
    positions: Int, into counts: AlignedBuffer<Int32>
  ) {
    spike_count_active(
      values, gate, Int32(positions), Int32(layout.units / positions), counts.base)
  }

  /// What the weight gradient of a link is made of, by its number in ``BlockPlan/links``: the sources' rates, the targets'
  /// errors, and which of these pass; nil for all of them. `[sample][unit]`.
  func gradientSignals(
    _ link: Int
  ) -> (source: AlignedBuffer<Float>, target: AlignedBuffer<Float>, gate: AlignedBuffer<UInt8>?) {
    let layers = memory.layers
    switch link {
    case 0: return (memory.inputs, layers[0].backwardSum, memory.inputGate)
    case network.all.count - 1: return (memory.rate, memory.scores, nil)
    case last + 1:
      return (layers[last].forwardSum, layers[0].backwardSum, layers[0].backwardMask)
    default:
      let (from, to) = (layers[link - 1], layers[link])
      return (from.forwardSum, to.backwardSum, to.backwardMask)
    }
  }

  /// Multiply-accumulates by link in the order of ``NetworkPlan/allLinks``, then the classifier's.
  package var forwardProducts: [Int] { ends(products.base[0], products.base[1]) }
  package var backwardProducts: [Int] { ends(0, products.base[2]) }
  package var gradientProducts: [Int] { gradientCounts.elements }

  private func ends(_ input: Int, _ classifier: Int) -> [Int] {
    [input] + [Int](repeating: 0, count: network.all.count - 2) + [classifier]
  }
}
