import CSpikeKernels

extension BlockRun {
  /// The backward stage from the labels of the samples; `batch` is the method's divisor of `g`.
  package func runBackward(labels: [Int], batch: Int) {
    precondition(labels.count == samples, "\(labels.count) labels for \(samples) samples")
    setOutputGradients(labels, scale: dynamics.lossScale / Float(batch))
    for layer in 0...last { setGates(layer) }
    for layer in memory.layers { layer.start(samples, sums: layer.backwardSum) }
    for sample in 0..<samples { memory.layers[0].clearSpikes(sample) }
    for first in stride(from: 0, to: dynamics.backwardSteps, by: network.blocks.order.tile) {
      let steps = min(network.blocks.order.tile, dynamics.backwardSteps - first)
      for layers in network.blocks.order.backward {
        forEachPass(layers.count) { samples in
          for layer in layers.reversed() { stepBackward(layer, samples, steps) }
        }
      }
      flushCounts(after: first + steps, .backward)
    }
    for (link, own) in zip(network.links, memory.layers) {
      guard case .pool(var phase, _, _) = link.kind else { continue }
      let size = Int64(own.layout.stride * MemoryLayout<Float>.stride)
      for sample in 0..<samples {
        spike_pooled_expand(&phase, size, own.backwardSum.base + sample * own.layout.units)
      }
    }
    countGradientProducts()
  }

  /// `s_c / batch · (softmax(z) - onehot)` in place of the scores, and `g`.
  private func setOutputGradients(_ labels: [Int], scale: Float) {
    let classes = network.classifier.target
    guard case .values(_, let backward?) = network.classifier.kind else { return }
    for sample in 0..<samples {
      let scores = memory.scores.base + sample * classes.units
      for (index, value) in readouts[sample].logitGradient(label: labels[sample], scale: scale)
        .enumerated()
      {
        scores[index] = value
      }
      let gradient = memory.outputGradient.base + sample * network.layers[last].units
      backward.forEachPanel { phase, panel, weights in
        var phase = phase
        var panel = panel
        spike_values(&phase, &panel, weights, scores, gradient)
      }
    }
  }

  /// Which spikes of a layer travel back.
  private func setGates(_ layer: Int) {
    let own = memory.layers[layer]
    let layout = own.layout
    let whole = dynamics.forward.weightSum(dynamics.forwardSteps)
    let mask = layer == 0 ? memory.feedbackMask : own.mask
    func setGate(_ gate: AlignedBuffer<UInt8>, _ mask: AlignedBuffer<UInt8>?) {
      for sample in 0..<samples {
        let bits = gate.base + sample * layout.bytes
        spike_gate_bits(
          own.forwardSum.base + sample * layout.units, whole, Int32(layout.units), bits)
        guard let mask else { continue }
        for byte in 0..<layout.bytes { bits[byte] &= mask.base[sample * layout.bytes + byte] }
      }
    }
    setGate(own.backwardMask, mask)
    if layer == 0 { setGate(memory.inputGate, memory.inputMask) }
  }

  /// Some steps of a layer.
  func stepBackward(_ layer: Int, _ samples: Range<Int>, _ steps: Int) {
    let own = memory.layers[layer]
    let units = own.layout.units
    if let link = network.returning(layer) {
      switch link.kind {
      case .values: preconditionFailure("between layers there are spikes")
      case .spikes(_, let weights): sendBack(weights, to: layer, samples, steps)
      case .pool(let phase, _, let weight):
        return poolBack(phase, weight, to: layer, samples, steps)
      }
    } else {
      for sample in samples {
        for step in 0..<steps {
          var neurons = self.neurons(layer, sample, step, .backward, visitsAll: true)
          spike_fire_currents(
            &neurons, memory.outputGradient.base + sample * units, Int32(units))
        }
      }
    }
    for sample in samples {
      backwardCounts.base[layer] += own.count(sample, steps, .backward)
    }
  }

  /// Spikes of a pooled layer to the layer that the pool reads. Its spikes are numbered by the pools' units.
  private func poolBack(
    _ phase: spike_phase, _ weight: PoolWeight, to layer: Int, _ samples: Range<Int>,
    _ steps: Int
  ) {
    let own = memory.layers[layer]
    let source = memory.layers[layer + 1]
    let pooled = source.layout
    let sources = Int(phase.rows * phase.columns)
    for sample in samples {
      var neurons = self.neurons(layer, sample, 0, .backward, visitsAll: true)
      var bits = source.bits(sample, 0, .backward)
      let (step, units) = (Int64(pooled.bytes), Int32(pooled.units))
      if var counter = weight.counter {
        spike_pooled_count(&counter, &bits, step, units, &neurons, Int32(steps))
      } else {
        spike_pooled_fire(weight.value, &bits, step, units, &neurons, Int32(steps))
      }
      let passing = source.count(sample, steps, .backward, passing: true)
      countOperations(passing * sources, to: layer, .backward)
      backwardCounts.base[layer] +=
        own.count(sample, steps, .backward, positions: pooled.positions) * sources
      // Where the layer is itself a pool's target, its spikes travel on over that pool, which numbers them by unit.
      if case .pool? = network.incoming(layer)?.kind {
        for step in 0..<steps { expand(phase, own, sample, step) }
      }
    }
  }

  /// Numbers a step's spikes of a layer under a pool by its own units.
  private func expand(_ phase: spike_phase, _ layer: LayerMemory, _ sample: Int, _ step: Int) {
    var phase = phase
    let bytes = Int64(layer.layout.stride / 8)
    spike_pooled_expand(&phase, bytes, layer.positive(sample, step))
    spike_pooled_expand(&phase, bytes, layer.negative(sample, step))
  }

  /// Spikes of the layer behind over a link with weights, integrated and fired.
  private func sendBack(
    _ weights: BlockLink.PackedWeights, to layer: Int, _ samples: Range<Int>, _ steps: Int
  ) {
    let from = layer == last ? 0 : layer + 1
    let source = memory.layers[from]
    if weights.map.layout != .pools, case .pool(let pool, _, _)? = network.returning(from)?.kind {
      for sample in samples { for step in 0..<steps { expand(pool, source, sample, step) } }
    }
    if weights.map.layout == .positions || weights.map.layout == .pools {
      return scatterBack(weights, from: source, to: layer, samples, steps)
    }
    let arriving = listSpikes(
      over: weights, from: source, to: layer, samples, steps, .backward)
    let visitsAll = layer == last || dynamics.backward.leak != 1
    integrate(
      weights, arriving: arriving, to: layer, samples, steps, .backward, visitsAll: visitsAll
    ) { $0.unit_start = outputGradient(layer, $1) }
  }

  /// `g` where the layer is the last one.
  func outputGradient(_ layer: Int, _ sample: Int) -> UnsafePointer<Float>? {
    guard layer == last else { return nil }
    return UnsafePointer(memory.outputGradient.base + sample * memory.layers[last].layout.units)
  }

  private func scatterBack(
    _ weights: BlockLink.PackedWeights, from source: LayerMemory, to layer: Int,
    _ samples: Range<Int>,
    _ steps: Int
  ) {
    var fanOut = weights.map.fanOut.table
    for sample in samples {
      for step in 0..<steps {
        var bits = source.bits(sample, step, .backward)
        var neurons = self.neurons(
          layer, sample, step, .backward, visitsAll: layer == last)
        let reached = spike_scatter_fire(
          &fanOut, weights.numbers.base, weights.scales.base, outputGradient(layer, sample), &bits,
          memory.current.base, memory.touched.base, memory.band.base, &neurons)
        countOperations(Int(reached) * weights.map.rowTargets, to: layer, .backward)
      }
    }
  }
}
