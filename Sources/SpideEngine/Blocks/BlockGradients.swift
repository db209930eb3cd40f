import CSpikeKernels

/// The weight gradients of many samples, summed as the kernels lay them out (TheMethod.md, "Gradients").
///
/// A gradient is the product of two firing rates, and a rate is a sum of spikes over a constant: the sums are multiplied
/// here, and the constants once in ``parameters(network:)``. Without a leak every product is a whole number.
package final class BlockGradients {
  /// Where one link's numbers begin.
  private struct Offsets {
    var weights: Int
    var biases: Int
  }

  private let values: AlignedBuffer<Float>
  /// In the order of ``BlockPlan/links``.
  private let offsets: [Offsets]

  /// Zeros.
  package init(network: BlockNetwork) {
    var next = 0
    offsets = network.all.map { link in
      let weights = next
      if let map = link.geometry.forward { next += map.gradientCount }
      let biases = next
      next += link.bias?.count ?? 0
      return Offsets(weights: weights, biases: biases)
    }
    values = AlignedBuffer(count: next)
  }

  /// Numbers, padding included.
  package var count: Int { values.count }

  /// Adds a micro-batch after both of its stages.
  package func add(_ run: BlockRun) {
    for part in GradientPart.parts(of: run.network.blocks, count: 1) {
      add(run, 0..<run.samples, part, isFirst: false)
    }
  }

  /// Adds some samples of a micro-batch, in order, after both of its stages; the first ones overwrite what was there.
  func add(_ run: BlockRun, _ samples: Range<Int>, _ part: GradientPart, isFirst: Bool) {
    let link = run.network.all[part.link]
    guard let map = link.geometry.forward else { return }
    let signals = signals(run, part, samples.lowerBound)
    let first = part.channels.lowerBound
    let bias = link.bias == nil ? nil : values.base + offsets[part.link].biases + first
    if isFirst, bias != nil {
      values.clear(offsets[part.link].biases + first, part.channels.count)
    }
    guard !map.readsWhole else {
      return spike_outer_dense(
        Int32(map.sourceStride), Int32(part.channels.count), Int32(samples.count), signals.source,
        Int64(link.source.units), signals.target, Int64(link.target.units), signals.gate, !isFirst,
        values.base + rows(map, part)[0].lowerBound, bias)
    }
    let rows = rows(map, part)
    if isFirst { for range in rows { values.clear(range.lowerBound, range.count) } }
    guard let gate = signals.gate else { preconditionFailure("a window whose spikes all count") }
    for sample in 0..<samples.count {
      for (var phase, range) in zip(map.phases, rows) {
        spike_outer_window(
          &phase.shape, Int64(map.run(phase)), Int32(part.channels.count),
          signals.source + sample * link.source.units, signals.target + sample * link.target.units,
          gate + sample * link.target.bytes, values.base + range.lowerBound, bias)
      }
    }
  }

  /// What a part's gradient is made of, from a sample on: the sources' rates, and the targets' errors and gates.
  private func signals(_ run: BlockRun, _ part: GradientPart, _ sample: Int)
    -> (source: UnsafePointer<Float>, target: UnsafePointer<Float>, gate: UnsafePointer<UInt8>?)
  {
    let (source, target, gate) = run.gradientSignals(part.link)
    let link = run.network.all[part.link]
    let first = part.channels.lowerBound
    return (
      UnsafePointer(source.base + sample * link.source.units),
      UnsafePointer(target.base + sample * link.target.units + first),
      gate.map {
        UnsafePointer($0.base + sample * link.target.bytes + first / PaddedLayout.lanes)
      }
    )
  }

  /// Where a part's weights lie, phase by phase: rows of targets that follow each other.
  private func rows(_ map: GatherMap, _ part: GradientPart) -> [Range<Int>] {
    var start = offsets[part.link].weights
    return map.phases.map { phase in
      let count = map.gradientCount(phase)
      let row = count / map.targetStride
      defer { start += count }
      return start + part.channels.lowerBound * row..<start + part.channels.upperBound * row
    }
  }

  /// Adds a part of what another shard has summed.
  func add(_ other: BlockGradients, _ part: GradientPart, of blocks: BlockPlan) {
    guard let map = blocks.links[part.link].forward else { return }
    var ranges = rows(map, part)
    let (bias, end) = (offsets[part.link].biases, end(of: part.link))
    if bias < end {
      ranges.append(bias + part.channels.lowerBound..<bias + part.channels.upperBound)
    }
    for range in ranges {
      spike_add(
        values.base + range.lowerBound, other.values.base + range.lowerBound, Int32(range.count))
    }
  }

  /// Adds some of the numbers that another has, in the order of memory.
  func add(_ other: BlockGradients, _ range: Range<Int>) {
    spike_add(
      values.base + range.lowerBound, other.values.base + range.lowerBound, Int32(range.count))
  }

  /// The memory of some of the numbers.
  func bytes(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
    precondition(range.upperBound <= count, "\(range) of \(count) numbers")
    return UnsafeMutableRawBufferPointer(
      UnsafeMutableBufferPointer(start: values.base + range.lowerBound, count: range.count))
  }

  /// Where the numbers of a link end.
  private func end(of link: Int) -> Int {
    link + 1 < offsets.count ? offsets[link + 1].weights : values.count
  }

  /// The gradients in PyTorch's layout, with `s_c / batch` in them as in TheMethod.md.
  package func parameters(network: BlockNetwork) -> Parameters {
    var result = Parameters(zerosFor: network.plan)
    for (start, link) in zip(offsets, network.all) {
      guard let map = link.geometry.forward else { continue }
      let name = link.geometry.name
      let scale = GradientScale(link.geometry.id, link.scales, network.dynamics)
      result.withValues(of: name + ".weight") {
        map.unpack(values.base + start.weights, scale: scale.weight, into: &$0)
      }
      guard link.bias != nil else { continue }
      result.withValues(of: name + ".bias") { values in
        for (channel, number) in link.geometry.biasNumbers.enumerated() where number >= 0 {
          values[number] = self.values.base[start.biases + channel] * scale.bias
        }
      }
    }
    return result
  }
}
