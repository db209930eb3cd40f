import CSpikeKernels

extension BlockRun {
  /// Spikes of the backward stage over a link with more weights than a cache holds, integrated and fired: all samples
  /// side by side where they take one step, else each sample with some of its steps.
  func spreadBack(
    _ rows: BlockLink.Rows, from source: LayerMemory, to layer: Int, _ samples: Range<Int>,
    _ steps: Int
  ) {
    for sample in samples {
      countOperations(rows, source, to: layer, sample, steps, isTernary: true)
    }
    if steps == 1 { return spreadSlots(rows, from: source, to: layer, samples, 0..<1) }
    let slots = network.blocks.order.slots
    for sample in samples {
      for first in stride(from: 0, to: steps, by: slots) {
        spreadSlots(
          rows, from: source, to: layer, sample..<sample + 1, first..<min(first + slots, steps))
      }
    }
  }

  /// As many samples and steps as there are slots.
  private func spreadSlots(
    _ rows: BlockLink.Rows, from source: LayerMemory, to layer: Int, _ samples: Range<Int>,
    _ steps: Range<Int>
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
          sample, step..<step + 1, isTernary: true, whole: false, self.memory)
        spike_bucket(&lists.base[sample], places, stride, slot, &buckets)
        slot += 1
      }
    }
    let targets = own.layout.places
    let visitsAll = layer == last || dynamics.leak != 1
    rows.forEachPanel { _, panel in
      var panel = panel
      let width = Int(panel.width)
      spike_spread_block(&spread, &panel, &buckets, memory.sums.base)
      var sums = memory.sums.base
      for sample in samples {
        panel.unit_start = outputGradient(layer, sample)
        for step in steps {
          var neurons = self.neurons(layer, sample, step, isTernary: true, visitsAll: visitsAll)
          spike_fire_block(&panel, Int32(targets), Int32(own.layout.stride), sums, &neurons)
          sums += targets * width
        }
      }
    }
  }
}
