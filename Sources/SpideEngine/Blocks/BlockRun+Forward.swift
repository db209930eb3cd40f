import CSpikeKernels

extension BlockRun {
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
          frames[sample].withUnsafeBufferPointer { values in
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
}
