import CSpikeKernels

extension BlockRun {
  /// The backward stage from the labels of the samples; `batch` is METHOD.md's divisor of `g`.
  package func runBackward(labels: [Int], batch: Int) {
    precondition(labels.count == samples, "\(labels.count) labels for \(samples) samples")
    setOutputGradients(labels, scale: dynamics.lossScale / Float(batch))
    for layer in 0...last { setGates(layer) }
    for layer in memory.layers { layer.start(samples, sums: layer.backwardSum) }
    for sample in 0..<samples { memory.layers[0].clearList(sample, 0) }
    for first in stride(from: 0, to: dynamics.backwardSteps, by: memory.tile) {
      let steps = min(memory.tile, dynamics.backwardSteps - first)
      for layer in (0...last).reversed() { stepBackward(layer, steps) }
    }
    for (layer, link) in network.links.enumerated() {
      guard case .pool(var phase, _, _) = link.kind else { continue }
      let own = memory.layers[layer]
      let size = Int64(own.layout.stride * MemoryLayout<Float>.stride)
      for sample in 0..<samples {
        spike_pooled_expand(&phase, size, own.potential.base + sample * own.layout.units)
        spike_pooled_expand(&phase, size, own.backwardSum.base + sample * own.layout.units)
      }
    }
  }

  /// `s_c / batch · (softmax(z) - onehot)` in place of the scores, and `g`.
  private func setOutputGradients(_ labels: [Int], scale: Float) {
    let classes = network.classifier.target
    guard case .weights(_, let backward?) = network.classifier.kind else { return }
    for sample in 0..<samples {
      let scores = memory.scores.base + sample * classes.units
      for (index, value) in readouts[sample].scoreGradient(label: labels[sample], scale: scale)
        .enumerated()
      {
        scores[index] = value
      }
      let gradient = memory.outputGradient.base + sample * network.layers[last].units
      backward.forEachPanel { phase, panel in
        var phase = phase
        var panel = panel
        spike_values(&phase, &panel, scores, gradient)
      }
    }
  }

  /// Which spikes of a layer travel back.
  private func setGates(_ layer: Int) {
    let own = memory.layers[layer]
    let layout = own.layout
    let whole = dynamics.weightSum(dynamics.forwardSteps)
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
    setGate(own.leaving, mask)
    if layer == 0 { setGate(memory.inputGate, memory.inputMask) }
  }

  private func stepBackward(_ layer: Int, _ steps: Int) {
    let own = memory.layers[layer]
    let layout = own.layout
    let source = memory.layers[layer == last ? 0 : layer + 1]
    let visitsAll = layer == last || dynamics.leak != 1
    if let link = network.returning(layer) {
      switch link.kind {
      case .weights(_, let rows):
        guard let rows else { preconditionFailure("layer \(layer) gets no errors") }
        sendBack(rows, from: source, to: layer, steps, visitsAll: visitsAll)
      case .pool(let phase, _, let weight):
        return spreadBack(phase, weight, from: source, to: layer, steps)
      }
    } else {
      for sample in 0..<samples {
        for step in 0..<steps {
          var neurons = self.neurons(layer, sample, step, isTernary: true, visitsAll: true)
          spike_fire_currents(
            &neurons, memory.outputGradient.base + sample * layout.units, Int32(layout.units))
        }
      }
    }
    let isRead = network.incoming(layer)?.readsLists ?? false
    let bytes = Int64(layout.bytes)
    for sample in 0..<samples {
      for step in 0..<steps {
        backwardSpikes[layer] +=
          Int(spike_count(own.positive(sample, step), bytes))
          + Int(spike_count(own.negative(sample, step), bytes))
        if isRead { own.collect(sample, step, isTernary: true) }
      }
    }
  }

  /// Spikes of a pooled layer to the layer that the pool reads.
  private func spreadBack(
    _ phase: spike_phase, _ weight: Float, from source: LayerMemory, to layer: Int, _ steps: Int
  ) {
    var phase = phase
    let own = memory.layers[layer]
    let pooled = source.layout
    let sources = Int(phase.rows * phase.columns)
    for sample in 0..<samples {
      var neurons = self.neurons(layer, sample, 0, isTernary: true, visitsAll: true)
      var bits = spike_bits(
        positive: source.positive(sample, 0), negative: source.negative(sample, 0),
        passes: source.leaving.base + sample * pooled.bytes, step: Int64(pooled.bytes))
      spike_pooled_fire(weight, &bits, Int32(pooled.units), &neurons, Int32(steps))
      let incoming = network.incoming(layer)
      for step in 0..<steps {
        bits.positive = UnsafePointer(source.positive(sample, step))
        bits.negative = UnsafePointer(source.negative(sample, step))
        let bytes = Int64(pooled.bytes)
        synapticOperations += Int(spike_count_passing(&bits, bytes)) * sources
        let (positive, negative) = (own.positive(sample, step), own.negative(sample, step))
        backwardSpikes[layer] +=
          Int(spike_count(positive, bytes) + spike_count(negative, bytes)) * sources
        guard let incoming else { continue }
        if incoming.readsLists {
          own.collect(sample, step, isTernary: true, pool: phase)
        } else {
          spike_pooled_expand(&phase, Int64(pooled.stride / 8), positive)
          spike_pooled_expand(&phase, Int64(pooled.stride / 8), negative)
        }
      }
    }
  }

  /// Spikes of `source` over a link with weights, integrated and fired.
  private func sendBack(
    _ rows: BlockLink.Rows, from source: LayerMemory, to layer: Int, _ steps: Int, visitsAll: Bool
  ) {
    // Where steps may be scattered a layer has one panel, and goes through its steps one by one.
    if !visitsAll, let scattered = rows.scattered, var spread = rows.map.spread {
      for sample in 0..<samples {
        for step in 0..<steps {
          guard rows.map.scatters(source.listCount(sample, step)) else {
            rows.forEachPanel {
              gatherBack(rows, $0, $1, from: source, to: layer, sample, step, 1, visitsAll: false)
            }
            continue
          }
          var neurons = self.neurons(layer, sample, step, isTernary: true, visitsAll: false)
          var list = source.list(sample, step, whole: false, window: memory.window)
          let added = spike_scatter_fire(
            &spread, scattered.base, &list, memory.current.base, memory.touched.base, &neurons)
          synapticOperations += Int(added) * rows.map.rowTargets
        }
      }
      return
    }
    rows.forEachPanel { phase, panel in
      for sample in 0..<samples {
        gatherBack(
          rows, phase, panel, from: source, to: layer, sample, 0, steps, visitsAll: visitsAll)
      }
    }
  }

  private func gatherBack(
    _ rows: BlockLink.Rows, _ phase: spike_phase, _ panel: spike_panel, from source: LayerMemory,
    to layer: Int, _ sample: Int, _ step: Int, _ steps: Int, visitsAll: Bool
  ) {
    var phase = phase
    var panel = panel
    if layer == last {
      panel.unit_start = UnsafePointer(
        memory.outputGradient.base + sample * network.layers[last].units)
    }
    var neurons = self.neurons(
      layer, sample, step, isTernary: true, visitsAll: visitsAll, panel: panel,
      whole: rows.map.readsWhole)
    var list = source.list(sample, step, whole: rows.map.readsWhole, window: memory.window)
    let added = spike_gather_fire(&phase, &panel, &list, &neurons, Int32(steps))
    if panel.first_channel == 0 { synapticOperations += Int(added) * rows.map.rowTargets }
  }
}
