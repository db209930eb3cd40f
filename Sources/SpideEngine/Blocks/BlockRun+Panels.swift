import CSpikeKernels

extension BlockRun {
  /// Spikes over a link with more weights than a cache holds, integrated and fired, panel by panel.
  ///
  /// - Parameters:
  ///   - arriving: how many spikes have been listed, over all samples.
  ///   - prepare: sets what the layer of a sample gets besides these spikes.
  func scatterPanels(
    _ rows: BlockLink.Rows, arriving: Int, to layer: Int, _ samples: Range<Int>, _ steps: Int,
    isTernary: Bool, visitsAll: Bool,
    prepare: (_ panel: inout spike_panel, _ sample: Int) -> Void
  ) {
    var spread = rows.map.sending.spread
    rows.forEachPanel { _, panel in
      var panel = panel
      // Rows that are wanted sooner or later come faster in order than in that of the spikes.
      if arriving >= rows.map.sourceStride {
        spike_fetch(panel.rows, Int64(rows.map.sourceStride) * Int64(spread.taps * panel.width))
      }
      for sample in samples {
        prepare(&panel, sample)
        var list = lists.base[sample]
        for step in 0..<steps {
          var neurons = self.neurons(
            layer, sample, step, isTernary: isTernary, visitsAll: visitsAll)
          spike_scatter_panel(&spread, &panel, &list, memory.current.base, &neurons)
          list.starts += Int(list.starts_step)
        }
      }
    }
  }
}
