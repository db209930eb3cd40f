import CSpikeKernels

extension BlockRun {
  /// The forward stage and the readout.
  package func runForward() {
    for layer in memory.layers {
      layer.start(samples, sums: layer.forwardSum)
      layer.holding?.clear()
    }
    for sample in 0..<samples {
      memory.layers[last].clearSpikes(sample)
      if memory.frames == nil { setInputCurrent(sample, memory.inputs.base + sample * inputSize) }
    }
    for first in stride(from: 0, to: dynamics.forwardSteps, by: network.blocks.order.tile) {
      let steps = min(network.blocks.order.tile, dynamics.forwardSteps - first)
      for layers in network.blocks.order.forward {
        forEachPass(layers.count) { samples in
          for layer in layers { stepForward(layer, samples, from: first, steps) }
        }
      }
      flushCounts(after: first + steps, .forward)
    }
    countClassifierProducts()
    readOut()
  }

  private var inputSize: Int { network.inputLayout.units }

  /// `mask ⊙ (F x + b_x)`: all that layer 0 gets at the first step.
  private func setInputCurrent(_ sample: Int, _ values: UnsafePointer<Float>) {
    let layout = network.layers[0]
    let inputCurrent = memory.inputCurrent.base + sample * layout.units
    let mask = memory.inputMask.map { UnsafePointer($0.base + sample * layout.bytes) }
    switch network.input.kind {
    case .spikes: preconditionFailure("an input has real values")
    case .values(let forward, _):
      forward.forEachPanel { phase, panel, weights in
        var phase = phase
        var panel = panel
        panel.channel_start = network.input.bias.map {
          UnsafePointer($0.base + Int(panel.first_channel))
        }
        panel.mask = mask
        spike_values(&phase, &panel, weights, values, inputCurrent)
      }
    case .pool(var phase, let weight, _):
      spike_pool_values(&phase, weight.value, values, mask, inputCurrent)
    }
  }

  /// The feedback's bias, where no mask comes between: layer 0 gets it too from the second step on.
  private func addFeedbackBias(_ samples: Range<Int>) {
    guard memory.feedbackMask == nil, let bias = network.feedback?.bias else { return }
    let units = network.layers[0].units
    for sample in samples {
      let inputCurrent = memory.inputCurrent.base + sample * units
      for unit in 0..<units { inputCurrent[unit] += bias.base[unit % bias.count] }
    }
  }

  /// Some steps of a layer; `first` is the first one's number in the stage.
  func stepForward(_ layer: Int, _ samples: Range<Int>, from first: Int, _ steps: Int) {
    let own = memory.layers[layer]
    if layer == 0, first == 1, memory.frames == nil { addFeedbackBias(samples) }
    if layer == 0, let frames = memory.frames {
      // A varying input has feedback or runs its steps one after the other all the same.
      for step in 0..<steps {
        for sample in samples { stepVarying(frames, sample, first + step, step) }
      }
    } else if let link = network.incoming(layer) {
      switch link.kind {
      case .values: preconditionFailure("between layers there are spikes")
      case .spikes(let forward, _): sendForward(layer, link, forward, samples, from: first, steps)
      case .pool(let phase, let weight, _): poolForward(layer, phase, weight, samples, steps)
      }
    } else {
      for sample in samples {
        var neurons = self.neurons(layer, sample, 0, .forward, visitsAll: true)
        spike_fire_steps(
          &neurons, memory.inputCurrent.base + sample * own.layout.units, Int32(own.layout.units),
          Int32(steps))
      }
    }
    for sample in samples {
      forwardCounts.base[layer] += own.count(sample, steps, .forward)
    }
  }

  /// Layer 0 of one sample under a varying input, at a step of the stage which is one of the tile.
  private func stepVarying(
    _ frames: AlignedBuffer<Float>, _ sample: Int, _ frame: Int, _ step: Int
  ) {
    setInputCurrent(sample, frames.base + (sample * dynamics.forwardSteps + frame) * inputSize)
    if let link = network.feedback, case .spikes(let forward, _) = link.kind {
      if frame > 0 { addFeedbackBias(sample..<sample + 1) }
      return sendForward(0, link, forward, sample..<sample + 1, from: frame, 1)
    }
    var neurons = self.neurons(0, sample, step, .forward, visitsAll: true)
    let units = memory.layers[0].layout.units
    spike_fire_currents(&neurons, memory.inputCurrent.base + sample * units, Int32(units))
  }

  private func poolForward(
    _ layer: Int, _ phase: spike_phase, _ weight: PoolWeight, _ samples: Range<Int>,
    _ steps: Int
  ) {
    var phase = phase
    let own = memory.layers[layer]
    let source = memory.layers[layer - 1]
    let step = Int64(source.layout.bytes)
    for sample in samples {
      var neurons = self.neurons(layer, sample, 0, .forward, visitsAll: true)
      let mask = own.mask.map { UnsafePointer($0.base + sample * own.layout.bytes) }
      let spikes = source.positive(sample, 0)
      if var counter = weight.counter {
        spike_pool_count(&phase, &counter, spikes, step, mask, &neurons, Int32(steps))
      } else {
        spike_pool_fire(&phase, weight.value, spikes, step, mask, &neurons, Int32(steps))
      }
      let reaching = source.count(
        sample, steps, .forward, fanOut: network.blocks.pooled[layer - 1])
      countOperations(reaching, to: layer, .forward)
    }
  }

  private func sendForward(
    _ layer: Int, _ link: BlockLink, _ weights: BlockLink.PackedWeights, _ samples: Range<Int>,
    from first: Int, _ steps: Int
  ) {
    let own = memory.layers[layer]
    let source = memory.layers[layer == 0 ? last : layer - 1]
    let arriving = listSpikes(
      over: weights, from: source, to: layer, samples, steps, .forward)
    let visitsAll =
      layer == 0 || link.bias != nil || dynamics.forward.leak != 1 || own.holding != nil
    integrate(
      weights, arriving: arriving, to: layer, samples, steps, .forward, visitsAll: visitsAll
    ) { prepare(&$0, layer, link, $1, hasArrived: layer > 0 || first > 0) }
  }

  /// What a layer of a sample gets besides the spikes of a link; of the link's own, where anything of it has arrived yet.
  private func prepare(
    _ panel: inout spike_panel, _ layer: Int, _ link: BlockLink, _ sample: Int, hasArrived: Bool
  ) {
    let own = memory.layers[layer]
    let units = own.layout.units
    let mask = layer == 0 ? memory.feedbackMask : own.mask
    panel.mask = mask.map { UnsafePointer($0.base + sample * own.layout.bytes) }
    panel.held = own.holding.map { UnsafePointer($0.current.base + sample * units) }
    let inputCurrent = UnsafePointer(memory.inputCurrent.base + sample * units)
    if layer > 0 || mask != nil {
      let bias = hasArrived ? link.bias : nil
      panel.channel_start = bias.map { UnsafePointer($0.base + Int(panel.first_channel)) }
      if layer == 0 { panel.added = inputCurrent }
    } else {
      panel.unit_start = inputCurrent
    }
  }

  /// Lists the spikes of some steps that travel over a link, and counts their synaptic operations. Where spikes are held,
  /// what they differ in from the held ones is listed.
  ///
  /// - Returns: how many events are listed, over all samples.
  func listSpikes(
    over weights: BlockLink.PackedWeights, from source: LayerMemory, to layer: Int,
    _ samples: Range<Int>,
    _ steps: Int, _ stage: Stage
  ) -> Int {
    let whole = weights.map.readsWhole
    var total = 0
    for sample in samples {
      countOperations(weights, source, to: layer, sample, steps, stage)
      let listed: (list: spike_list, count: Int)
      if stage == .forward, let holding = source.holding {
        listed = source.collectHeld(sample, whole: whole, holding, memory) {
          hold($0, $1, over: weights, to: layer, sample)
        }
      } else {
        listed = source.collect(
          sample, 0..<steps, stage, whole: whole,
          byFours: weights.map.layout == .fours, memory)
      }
      lists.base[sample] = listed.list
      total += listed.count
    }
    return total
  }

  /// Holds some units of the layer before, and lets go of others.
  private func hold(
    _ units: UnsafePointer<Int32>, _ count: Int32, over weights: BlockLink.PackedWeights,
    to layer: Int,
    _ sample: Int
  ) {
    let own = memory.layers[layer]
    guard let current = own.holding?.current.base else { return }
    var fanOut = weights.map.fanOut.table
    weights.forEachPanel { phase, panel in
      var (phase, panel) = (phase, panel)
      let held = current + sample * own.layout.units
      if weights.map.layout == .panels {
        spike_hold_panel(&fanOut, &panel, units, count, held)
      } else {
        spike_hold(&phase, &panel, units, count, held)
      }
    }
  }

  /// Counts the synaptic operations of some steps' spikes over a link.
  private func countOperations(
    _ weights: BlockLink.PackedWeights, _ source: LayerMemory, to layer: Int, _ sample: Int,
    _ steps: Int,
    _ stage: Stage
  ) {
    let spikes = source.count(
      sample, steps, stage, passing: stage == .backward,
      fanOut: weights.map.readsWhole ? nil : weights.map.fanOut.counts)
    countOperations(spikes * weights.map.rowTargets, to: layer, stage)
  }

  private func readOut() {
    let layout = network.layers[last]
    let whole = dynamics.forward.weightSum(dynamics.forwardSteps)
    let classes = network.classifier.target
    guard case .values(let forward, _) = network.classifier.kind else { return }
    for sample in 0..<samples {
      let rate = memory.rate.base + sample * layout.units
      let sum = memory.layers[last].forwardSum.base + sample * layout.units
      for unit in 0..<layout.units { rate[unit] = sum[unit] / whole }
      let scores = memory.scores.base + sample * classes.units
      forward.forEachPanel { phase, panel, weights in
        var phase = phase
        var panel = panel
        panel.channel_start = network.classifier.bias.map {
          UnsafePointer($0.base + Int(panel.first_channel))
        }
        spike_values(&phase, &panel, weights, rate, scores)
      }
      readouts.append(
        Readout(logits: Array(UnsafeBufferPointer(start: scores, count: classes.shape.count))))
    }
  }
}
