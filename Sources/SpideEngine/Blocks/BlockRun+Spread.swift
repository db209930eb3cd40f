import CSpikeKernels

extension BlockRun {
  /// Spikes over a link with more weights than a cache holds, integrated and fired: all samples side by side where they
  /// take one step, else each sample with some of its steps.
  ///
  /// - Parameter prepare: sets what the layer of a sample gets besides these spikes.
  func spread(
    _ rows: BlockLink.Rows, from source: LayerMemory, to layer: Int, _ samples: Range<Int>,
    _ steps: Int, isTernary: Bool, visitsAll: Bool,
    prepare: (_ panel: inout spike_panel, _ sample: Int) -> Void
  ) {
    for sample in samples {
      countOperations(rows, source, to: layer, sample, steps, isTernary: isTernary)
    }
    func slots(_ samples: Range<Int>, _ steps: Range<Int>) {
      spreadSlots(
        rows, from: source, to: layer, samples, steps, isTernary: isTernary, visitsAll: visitsAll,
        prepare: prepare)
    }
    if steps == 1 { return slots(samples, 0..<1) }
    let most = network.blocks.order.slots
    for sample in samples {
      for first in stride(from: 0, to: steps, by: most) {
        slots(sample..<sample + 1, first..<min(first + most, steps))
      }
    }
  }

  /// As many samples and steps as there are slots.
  private func spreadSlots(
    _ rows: BlockLink.Rows, from source: LayerMemory, to layer: Int, _ samples: Range<Int>,
    _ steps: Range<Int>, isTernary: Bool, visitsAll: Bool,
    prepare: (_ panel: inout spike_panel, _ sample: Int) -> Void
  ) {
    guard let memory = self.memory.spread else { preconditionFailure("no memory to spread in") }
    let own = self.memory.layers[layer]
    let (places, stride) = (Int32(source.layout.places), Int32(source.layout.stride))
    var spread = rows.map.sending.spread
    var buckets = memory.buckets(rows.map, slots: network.blocks.order.slots)
    var slot: Int32 = 0
    for sample in samples {
      for step in steps {
        lists.base[sample] = source.collect(
          sample, step..<step + 1, isTernary: isTernary, whole: false, self.memory)
        spike_bucket(&lists.base[sample], places, stride, slot, &buckets)
        slot += 1
      }
    }
    let targets = own.layout.places
    rows.forEachPanel { _, panel in
      var panel = panel
      let width = Int(panel.width)
      spike_spread_block(&spread, &panel, &buckets, memory.sums.base)
      var sums = memory.sums.base
      for sample in samples {
        prepare(&panel, sample)
        for step in steps {
          var neurons = self.neurons(
            layer, sample, step, isTernary: isTernary, visitsAll: visitsAll)
          spike_fire_block(&panel, Int32(targets), Int32(own.layout.stride), sums, &neurons)
          sums += targets * width
        }
      }
    }
  }
}
