import CSpikeKernels

extension BlockRun {
  /// Spikes over a link with more weights than a cache holds, integrated and fired: all samples side by side where they
  /// take one step, else each sample with some of its steps.
  ///
  /// - Parameter prepare: sets what else a panel of a sample gets.
  func spread(
    _ rows: BlockLink.Rows, from source: LayerMemory, to layer: Int, _ samples: Range<Int>,
    _ steps: Int, isTernary: Bool, visitsAll: Bool,
    _ prepare: (inout spike_panel, _ sample: Int) -> Void
  ) {
    let slots = network.blocks.order.slots
    for sample in samples {
      countOperations(rows, source, sample, steps, isTernary: isTernary)
    }
    func pass(_ samples: Range<Int>, _ steps: Range<Int>) {
      spreadSlots(
        rows, from: source, to: layer, samples, steps, isTernary: isTernary, visitsAll: visitsAll,
        prepare)
    }
    if steps == 1 { return pass(samples, 0..<1) }
    for sample in samples {
      for first in stride(from: 0, to: steps, by: slots) {
        pass(sample..<sample + 1, first..<min(first + slots, steps))
      }
    }
  }

  /// As many samples and steps as there are slots.
  private func spreadSlots(
    _ rows: BlockLink.Rows, from source: LayerMemory, to layer: Int, _ samples: Range<Int>,
    _ steps: Range<Int>, isTernary: Bool, visitsAll: Bool,
    _ prepare: (inout spike_panel, _ sample: Int) -> Void
  ) {
    guard let memory = self.memory.spread else { preconditionFailure("no memory to spread in") }
    let own = self.memory.layers[layer]
    let map = rows.map
    let (places, stride) = (Int32(source.layout.places), Int32(source.layout.stride))
    var spread = map.sending.spread
    let holds = !isTernary && source.holding != nil
    if holds { holdSlots(rows, from: source, to: own, samples, memory) }
    var buckets = memory.buckets(map, slots: network.blocks.order.slots)
    var slot: Int32 = 0
    for sample in samples {
      for step in steps {
        if !holds {
          lists[sample] = source.collect(
            sample, step..<step + 1, isTernary: isTernary, whole: false, self.memory)
        }
        spike_bucket(&lists[sample], places, stride, slot, &buckets)
        slot += 1
      }
    }
    let targets = own.layout.places
    rows.forEachPanel { _, panel in
      var panel = panel
      let width = Int(panel.width)
      spike_spread_block(
        &spread, &panel, &buckets, memory.sums.base, Int64(targets * width), Int64(width))
      var sums = memory.sums.base
      for sample in samples {
        prepare(&panel, sample)
        for step in steps {
          var neurons = self.neurons(
            layer, sample, step, isTernary: isTernary, visitsAll: visitsAll)
          spike_fire_block(
            &panel, Int32(targets), Int32(own.layout.stride), sums, &neurons)
          sums += targets * width
        }
      }
    }
  }

  /// Lists what differs from the held spikes of some samples, and holds what has changed.
  private func holdSlots(
    _ rows: BlockLink.Rows, from source: LayerMemory, to own: LayerMemory, _ samples: Range<Int>,
    _ memory: SpreadMemory
  ) {
    guard let arriving = source.holding, let held = own.holding else {
      preconditionFailure("nothing is held")
    }
    var buckets = memory.buckets(rows.map, slots: network.blocks.order.slots)
    var changes = false
    for sample in samples {
      lists[sample] = source.collectHeld(sample, whole: false, arriving, self.memory) {
        changes = true
        spike_bucket_units($0, $1, Int32(source.layout.stride), Int32(sample), &buckets)
      }
    }
    guard changes else { return }
    var spread = rows.map.sending.spread
    rows.forEachPanel { _, panel in
      var panel = panel
      spike_spread_block(
        &spread, &panel, &buckets, held.current.base + Int(panel.first_channel),
        Int64(own.layout.units), Int64(own.layout.stride))
    }
  }
}
