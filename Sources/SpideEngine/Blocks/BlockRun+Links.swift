import CSpikeKernels

extension BlockRun {
  /// The spikes that have been listed, over a link with weights, integrated and fired.
  ///
  /// - Parameters:
  ///   - arriving: how many spikes have been listed, over all samples.
  ///   - prepare: sets what the layer of a sample gets besides these spikes.
  func integrate(
    _ weights: BlockLink.PackedWeights, arriving: Int, to layer: Int, _ samples: Range<Int>,
    _ steps: Int,
    _ stage: Stage, visitsAll: Bool,
    prepare: (_ panel: inout spike_panel, _ sample: Int) -> Void
  ) {
    let isCounted = network.blocks.counts(weights.map, stage)
    func neurons(_ sample: Int, _ step: Int) -> spike_layer {
      self.neurons(
        layer, sample, step, stage, visitsAll: visitsAll, isCounted: isCounted)
    }
    if weights.map.layout == .panels {
      scatter(weights, arriving: arriving, samples, steps, neurons, prepare)
    } else {
      weights.forEachPanel { phase, panel in
        var (phase, panel) = (phase, panel)
        for sample in samples {
          prepare(&panel, sample)
          var neurons = neurons(sample, 0)
          spike_gather_fire(&phase, &panel, &lists.base[sample], &neurons, Int32(steps))
        }
      }
    }
    guard isCounted else { return }
    for sample in samples { memory.layers[layer].addCounts(sample, steps, stage) }
  }

  /// The same panel by panel, of weights that L2 does not hold.
  private func scatter(
    _ weights: BlockLink.PackedWeights, arriving: Int, _ samples: Range<Int>, _ steps: Int,
    _ neurons: (_ sample: Int, _ step: Int) -> spike_layer,
    _ prepare: (_ panel: inout spike_panel, _ sample: Int) -> Void
  ) {
    var fanOut = weights.map.fanOut.table
    let calls = weights.map.calls
    // Rows that are wanted sooner or later come faster in order than in that of the spikes. Those of a panel come while
    // the second half of the samples goes through the one before it; earlier they would be in its way.
    let fetches = arriving >= weights.map.sourceStride
    let firstToFetch = samples.lowerBound + samples.count / 2
    if fetches { spike_fetch(weights.numbers.base + calls[0].start, Int64(calls[0].count)) }
    for (index, call) in calls.enumerated() {
      var panel = weights.panel(call)
      for sample in samples {
        prepare(&panel, sample)
        if fetches, sample >= firstToFetch, index + 1 < calls.count {
          let next = calls[index + 1]
          let share = next.count / (samples.upperBound - firstToFetch)
          panel.ahead = UnsafePointer(
            weights.numbers.base + next.start + (sample - firstToFetch) * share)
          panel.ahead_count = Int64(share)
        }
        var list = lists.base[sample]
        for step in 0..<steps {
          var neurons = neurons(sample, step)
          spike_scatter_panel(&fanOut, &panel, &list, memory.current.base, &neurons)
          panel.ahead_count = 0
          list.starts += Int(list.starts_step)
        }
      }
    }
  }
}
