import CSpikeKernels

extension BlockRun {
  /// The spikes that have been listed, over a link with weights, integrated and fired.
  ///
  /// - Parameters:
  ///   - arriving: how many spikes have been listed, over all samples.
  ///   - prepare: sets what the layer of a sample gets besides these spikes.
  func integrate(
    _ rows: BlockLink.Rows, arriving: Int, to layer: Int, _ samples: Range<Int>, _ steps: Int,
    isTernary: Bool, visitsAll: Bool,
    prepare: (_ panel: inout spike_panel, _ sample: Int) -> Void
  ) {
    let isTallied = network.blocks.tallies(rows.map)
    let isByPanel = rows.map.layout == .panels
    var spread = rows.map.sending.spread
    rows.forEachPanel { phase, panel in
      var (phase, panel) = (phase, panel)
      // Rows that are wanted sooner or later come faster in order than in that of the spikes.
      if isByPanel, arriving >= rows.map.sourceStride {
        spike_fetch_panel(&spread, &panel)
      }
      for sample in samples {
        prepare(&panel, sample)
        var list = lists.base[sample]
        for step in stride(from: 0, to: steps, by: isByPanel ? 1 : steps) {
          var neurons = self.neurons(
            layer, sample, step, isTernary: isTernary, visitsAll: visitsAll, isTallied: isTallied)
          if isByPanel {
            spike_scatter_panel(&spread, &panel, &list, memory.current.base, &neurons)
            list.starts += Int(list.starts_step)
          } else {
            spike_gather_fire(&phase, &panel, &list, &neurons, Int32(steps))
          }
        }
      }
    }
    guard isTallied else { return }
    for sample in samples { memory.layers[layer].tally(sample, steps, isTernary: isTernary) }
  }
}
