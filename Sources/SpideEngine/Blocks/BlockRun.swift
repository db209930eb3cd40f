import CSpikeKernels

/// Runs a block of samples together through both stages: what training and testing do.
///
/// The same equations and the same bits as ``ForwardStage`` and ``BackwardStage`` stepped for each sample; what differs
/// is the order of the work. Samples go through a layer together, so that its weights are fetched once for all of
/// them, and without feedback they do so for a whole tile of time steps. One thread at a time.
package final class BlockRun {
  let network: BlockNetwork
  let memory: BlockMemory
  /// Samples of the block that is running.
  private(set) var samples = 0
  /// Spikes of each layer since the start of the block, over all samples; forward and backward.
  package private(set) var forwardSpikes: [Int]
  package private(set) var backwardSpikes: [Int]
  /// Additions of a weight to a potential.
  package private(set) var synapticOperations = 0
  package private(set) var readouts: [Readout] = []
  private var frames: [InputFrames] = []

  /// A varying input in the kernels' order.
  private struct InputFrames {
    var values: [Float]
    var count: Int
  }

  /// A run in memory that is kept from one network of the same plan to the next.
  static func run(_ network: BlockNetwork, frames: Int, _ memory: inout BlockMemory?) -> BlockRun {
    if let memory, memory.fits(network, frames: frames) {
      return BlockRun(network: network, memory: memory)
    }
    let fresh = BlockMemory(
      network: network, capacity: BlockMemory.capacity(network.plan), frames: frames)
    memory = fresh
    return BlockRun(network: network, memory: fresh)
  }

  /// The parts of `range` that run as one block each.
  func blocks(of range: Range<Int>) -> [Range<Int>] {
    stride(from: range.lowerBound, to: range.upperBound, by: memory.capacity).map {
      $0..<min($0 + memory.capacity, range.upperBound)
    }
  }

  package init(network: BlockNetwork, memory: BlockMemory) {
    self.network = network
    self.memory = memory
    forwardSpikes = [Int](repeating: 0, count: network.layers.count)
    backwardSpikes = forwardSpikes
  }

  private var last: Int { network.layers.count - 1 }
  private var dynamics: Dynamics { network.dynamics }

  // MARK: A block

  /// Takes in the next sample of the block.
  ///
  /// - Parameters:
  ///   - augmentation: seeds crop and flip; nil leaves the sample as it is.
  ///   - masks: seeds the dropout; required where the network drops out.
  package func add(
    _ index: Int, of source: any SampleSource, augmentation: UInt64?, masks: UInt64?
  ) {
    precondition(samples < memory.capacity, "more than \(memory.capacity) samples in a block")
    let shape = network.plan.inputShape
    let size = shape.count
    source.read(index, augmentation: augmentation, into: &memory.sample)
    let inputs = memory.inputs.base + samples * size
    if source.frames == 1 {
      shape.writeChannelsLast(memory.sample[...], to: inputs)
    } else {
      precondition(
        source.frames == dynamics.forwardSteps,
        "\(source.frames) frames for \(dynamics.forwardSteps) steps")
      var values = [Float](repeating: 0, count: source.frames * size)
      values.withUnsafeMutableBufferPointer { values in
        guard let base = values.baseAddress else { return }
        for frame in 0..<source.frames {
          shape.writeChannelsLast(
            memory.sample[frame * size..<(frame + 1) * size], to: base + frame * size)
        }
        // The gradient of the input link takes the mean over time.
        for place in 0..<size {
          var sum: Float = 0
          for frame in 0..<source.frames { sum += base[frame * size + place] }
          inputs[place] = sum / Float(source.frames)
        }
      }
      frames.append(InputFrames(values: values, count: source.frames))
    }
    if let masks { drawMasks(seed: masks) }
    precondition(masks != nil || !network.usesDropout, "a network that drops out needs masks")
    samples += 1
  }

  /// The masks of the sample that is being added, drawn in the order of ``DropoutMasks``.
  private func drawMasks(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func draw(_ link: BlockLink?, _ mask: AlignedBuffer<UInt8>?) {
      guard let link, link.dropout > 0, let mask else { return }
      let layout = link.target
      let bits = mask.base + samples * layout.bytes
      bits.update(repeating: 0, count: layout.bytes)
      for place in 0..<layout.places {
        for code in place * layout.stride..<place * layout.stride + layout.shape.channels
        where generator.unit() >= link.dropout {
          bits[code >> 3] |= 1 << UInt8(code & 7)
        }
      }
    }
    draw(network.input, memory.inputMask)
    for (index, link) in network.links.enumerated() { draw(link, memory.layers[index + 1].mask) }
    draw(network.feedback, memory.feedbackMask)
  }

  /// Forgets the samples of the last block.
  package func begin() {
    samples = 0
    readouts.removeAll(keepingCapacity: true)
    frames.removeAll(keepingCapacity: true)
    for layer in forwardSpikes.indices {
      forwardSpikes[layer] = 0
      backwardSpikes[layer] = 0
    }
    synapticOperations = 0
  }

  // MARK: Forward stage

  /// The forward stage and the readout.
  package func runForward() {
    for layer in memory.layers { layer.start(samples, sums: layer.forwardSum) }
    for sample in 0..<samples {
      memory.layers[last].clearList(sample, 0)
      if frames.isEmpty { setDrive(sample, memory.inputs.base + sample * inputSize) }
    }
    for first in stride(from: 0, to: dynamics.forwardSteps, by: memory.tile) {
      let steps = min(memory.tile, dynamics.forwardSteps - first)
      for layer in 0...last { stepForward(layer, from: first, steps) }
    }
    readOut()
  }

  private var inputSize: Int { network.inputLayout.units }

  /// `mask ⊙ (F x + b_x)`, and the feedback's bias where no mask comes between.
  private func setDrive(_ sample: Int, _ values: UnsafePointer<Float>) {
    let layout = network.layers[0]
    let drive = memory.drive.base + sample * layout.units
    let mask = memory.inputMask.map { UnsafePointer($0.base + sample * layout.bytes) }
    switch network.input.kind {
    case .weights(let forward, _):
      forward.forEachPanel { phase, panel in
        var phase = phase
        var panel = panel
        panel.channel_start = network.input.bias.map {
          UnsafePointer($0.base + Int(panel.first_channel))
        }
        panel.mask = mask
        spike_values(&phase, &panel, values, drive)
      }
    case .pool(var phase, let weight, _):
      spike_pool_values(&phase, weight, values, mask, drive)
    }
    guard memory.feedbackMask == nil, let bias = network.feedback?.bias else { return }
    for place in 0..<layout.places {
      for channel in 0..<layout.stride {
        drive[place * layout.stride + channel] += bias.base[channel]
      }
    }
  }

  private func stepForward(_ layer: Int, from first: Int, _ steps: Int) {
    let memory = memory.layers[layer]
    let layout = memory.layout
    if layer == 0, !frames.isEmpty {
      // A varying input has feedback or runs its steps one after the other all the same.
      for step in 0..<steps {
        for sample in 0..<samples {
          frames[sample].values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            setDrive(sample, base + (first + step) * inputSize)
          }
          fireForward(layer, sample: sample, step)
        }
      }
    } else if let link = network.incoming(layer) {
      switch link.kind {
      case .weights(let forward, _):
        gatherForward(layer, link, forward, steps)
      case .pool(var phase, let weight, _):
        for sample in 0..<samples {
          for step in 0..<steps {
            var neurons = self.neurons(layer, sample, step, isTernary: false, visitsAll: true)
            synapticOperations += Int(
              spike_pool_fire(
                &phase, weight, self.memory.layers[layer - 1].positive(sample, step),
                memory.mask.map { UnsafePointer($0.base + sample * layout.bytes) }, &neurons))
          }
        }
      }
    } else {
      for sample in 0..<samples {
        var neurons = self.neurons(layer, sample, 0, isTernary: false, visitsAll: true)
        spike_fire_steps(
          &neurons, self.memory.drive.base + sample * layout.units, Int32(layout.units),
          Int32(steps))
      }
    }
    let isRead = (layer == last ? network.feedback : network.links[layer])?.readsLists ?? false
    for sample in 0..<samples {
      for step in 0..<steps {
        forwardSpikes[layer] += Int(
          spike_count(memory.positive(sample, step), Int64(layout.bytes)))
        if isRead { memory.collect(sample, step, isTernary: false) }
      }
    }
  }

  /// Layer 0 under a varying input: one step of one sample.
  private func fireForward(_ layer: Int, sample: Int, _ step: Int) {
    guard let link = network.feedback, case .weights(let forward, _) = link.kind else {
      var neurons = self.neurons(layer, sample, step, isTernary: false, visitsAll: true)
      let layout = memory.layers[layer].layout
      spike_fire_currents(
        &neurons, memory.drive.base + sample * layout.units, Int32(layout.units))
      return
    }
    gatherForward(layer, link, forward, 1, only: sample, from: step)
  }

  private func gatherForward(
    _ layer: Int, _ link: BlockLink, _ rows: BlockLink.Rows, _ steps: Int, only: Int? = nil,
    from step: Int = 0
  ) {
    let own = memory.layers[layer]
    let source = memory.layers[layer == 0 ? last : layer - 1]
    let mask = layer == 0 ? memory.feedbackMask : own.mask
    let visitsAll = layer == 0 || link.bias != nil || dynamics.leak != 1
    rows.forEachPanel { phase, panel in
      var phase = phase
      for sample in only.map({ $0..<$0 + 1 }) ?? 0..<samples {
        var panel = panel
        let drive = UnsafePointer(memory.drive.base + sample * own.layout.units)
        panel.mask = mask.map { UnsafePointer($0.base + sample * own.layout.bytes) }
        if layer > 0 || mask != nil {
          panel.channel_start = link.bias.map { UnsafePointer($0.base + Int(panel.first_channel)) }
          if layer == 0 { panel.added = drive }
        } else {
          panel.unit_start = drive
        }
        var neurons = self.neurons(
          layer, sample, step, isTernary: false, visitsAll: visitsAll, panel: panel,
          whole: rows.map.readsWhole)
        var list = source.list(
          sample, step, whole: rows.map.readsWhole, window: memory.window)
        let added = spike_gather_fire(&phase, &panel, &list, &neurons, Int32(steps))
        if panel.first_channel == 0 { synapticOperations += Int(added) * rows.map.rowTargets }
      }
    }
  }

  private func readOut() {
    let layout = network.layers[last]
    let whole = dynamics.weightSum(dynamics.forwardSteps)
    let classes = network.classifier.target
    guard case .weights(let forward, _) = network.classifier.kind else { return }
    for sample in 0..<samples {
      let rate = memory.rate.base + sample * layout.units
      let sum = memory.layers[last].forwardSum.base + sample * layout.units
      for unit in 0..<layout.units { rate[unit] = sum[unit] / whole }
      let scores = memory.scores.base + sample * classes.units
      forward.forEachPanel { phase, panel in
        var phase = phase
        var panel = panel
        panel.channel_start = network.classifier.bias.map {
          UnsafePointer($0.base + Int(panel.first_channel))
        }
        spike_values(&phase, &panel, rate, scores)
      }
      readouts.append(
        Readout(logits: Array(UnsafeBufferPointer(start: scores, count: classes.shape.count))))
    }
  }

  // MARK: Backward stage

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
      var spikes: Int64 = 0
      let arrived = spike_pooled_fire(
        weight, &bits, Int32(pooled.units), &neurons, Int32(steps), &spikes)
      synapticOperations += Int(arrived) * sources
      backwardSpikes[layer] += Int(spikes) * sources
      guard let incoming = network.incoming(layer) else { continue }
      for step in 0..<steps {
        spike_pooled_expand(&phase, Int64(pooled.stride / 8), own.positive(sample, step))
        spike_pooled_expand(&phase, Int64(pooled.stride / 8), own.negative(sample, step))
        if incoming.readsLists { own.collect(sample, step, isTernary: true) }
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

  // MARK: What came of it

  /// The numerators of a sample's firing rates in a layer, in engine order.
  package func forwardSums(_ sample: Int, layer: Int) -> [Float] {
    unpadded(memory.layers[layer].forwardSum, sample, layer)
  }

  /// The same of the backward stage.
  package func backwardSums(_ sample: Int, layer: Int) -> [Float] {
    unpadded(memory.layers[layer].backwardSum, sample, layer)
  }

  /// The potentials of a layer after the last step that was run, in engine order.
  package func potentials(_ sample: Int, layer: Int) -> [Float] {
    unpadded(memory.layers[layer].potential, sample, layer)
  }

  private func unpadded(_ buffer: AlignedBuffer<Float>, _ sample: Int, _ layer: Int) -> [Float] {
    let layout = network.layers[layer]
    return (0..<layout.shape.count).map { buffer.base[sample * layout.units + layout.padded($0)] }
  }

  // MARK: Neurons

  /// A layer's neurons of one sample as a kernel sees them.
  private func neurons(
    _ layer: Int, _ sample: Int, _ step: Int, isTernary: Bool, visitsAll: Bool,
    panel: spike_panel? = nil, whole: Bool = false
  ) -> spike_layer {
    let own = memory.layers[layer]
    let units = own.layout.units
    let neuron = isTernary ? dynamics.backward : dynamics.forward
    // Every panel has flags of its own.
    let flags =
      Int(panel?.first_channel ?? 0) / SPIKE_PANEL * (whole ? 1 : own.layout.places)
    return spike_layer(
      leak: neuron.leak, threshold: neuron.threshold, drop: neuron.spikeDrop,
      is_ternary: isTernary, visits_all: visitsAll,
      potential: own.potential.base + sample * units,
      sum: (isTernary ? own.backwardSum : own.forwardSum).base + sample * units,
      restless: own.restless.base + sample * own.layout.bytes + flags,
      positive: own.positive(sample, step), negative: own.negative(sample, step),
      bits_step: Int64(own.layout.bytes))
  }
}

extension BlockLink.Rows {
  /// Calls `body` for every phase and every panel of its targets, in order.
  func forEachPanel(_ body: (spike_phase, spike_panel) -> Void) {
    for (phase, entry) in map.phases.enumerated() {
      for (index, panel) in map.panels.enumerated() {
        body(
          entry.shape,
          spike_panel(
            first_channel: Int32(panel.first), width: Int32(panel.width),
            rows: values.base + map.start(phase: phase, panel: index), channel_start: nil,
            unit_start: nil, mask: nil, added: nil))
      }
    }
  }
}
