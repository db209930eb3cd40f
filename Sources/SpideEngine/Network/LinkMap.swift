import CSpikeKernels

/// The linear map of one link as the kernels see it: geometry only, no weights.
///
/// Dense links, convolutions and transposed convolutions are one and the same thing here, a window over positions
/// (`spike_window`); what differs is which side of the window spikes. The transposed map swaps the sides.
package struct LinkMap: Sendable {
  let form: LinkForm
  package let source: LayerShape
  package let target: LayerShape
  /// Channels of the source as the kernels count them: a dense link sees a single position on either side.
  package let sourceChannels: Int
  package let targetChannels: Int
  /// Taps of the window, `kernel²`; 0 for a pool.
  let taps: Int

  /// A dense link's is one tap over single positions; nil for a pool.
  let window: spike_window?
  /// Whether the source of the forward map lies on the wide side of the window; else it is PyTorch's first dimension.
  let readsWide: Bool

  // PyTorch's index of a weight is sourceOffsets[source channel] + targetNumbers[target channel] * targetStride + tap.
  let sourceOffsets: [Int]
  /// PyTorch's number of each target channel, which is that of its bias too.
  let targetNumbers: [Int]
  let targetStride: Int
  /// Bytes of weights that L2 holds.
  private let cached: Int

  package init(
    _ link: Link, source: LayerShape, target: LayerShape,
    cached: Int = BlockPlan.l2Cache
  ) {
    self.cached = cached
    self.source = source
    self.target = target
    form = link.kind.base.form(source: source, target: target)
    switch form {
    case .dense:
      window = spike_window(
        wide_height: 1, wide_width: 1, narrow_height: 1, narrow_width: 1, kernel: 1, stride: 1,
        padding: 0)
      readsWide = true
      (sourceChannels, targetChannels, taps) = (source.count, target.count, 1)
      sourceOffsets = (0..<source.count).map(source.channelsFirstIndex)
      targetNumbers = (0..<target.count).map(target.channelsFirstIndex)
      targetStride = source.count
    case .window(let window, let readsWide):
      self.window = window
      self.readsWide = readsWide
      (sourceChannels, targetChannels) = (source.channels, target.channels)
      let taps = Int(window.kernel * window.kernel)
      self.taps = taps
      let sourceStride = readsWide ? taps : target.channels * taps
      sourceOffsets = (0..<source.channels).map { $0 * sourceStride }
      targetNumbers = Array(0..<target.channels)
      targetStride = readsWide ? source.channels * taps : taps
    case .pool:
      window = nil
      readsWide = true
      (sourceChannels, targetChannels, taps) = (source.channels, target.channels, 0)
      (sourceOffsets, targetNumbers, targetStride) = ([], [], 0)
    }
  }

  /// Whether every source reaches every target: a window of one tap over single positions.
  var isDense: Bool {
    guard let window else { return false }
    // Padding counts: a tap in the padding of a single position reads nothing.
    return taps == 1 && window.padding == 0 && source.count == sourceChannels
      && target.count == targetChannels
  }

  /// Weights of the link; 0 for a pool.
  package var weightCount: Int { taps * sourceChannels * targetChannels }

  /// Whether the weights would take up more than half of L2, so that they are read panel by panel and
  /// have 24 bits at most. A dense link has too many rows for that.
  var isLarge: Bool { !isDense && 2 * 4 * weightCount > cached }
}

// MARK: Packing

extension LinkMap {
  /// Channels that spikes come from and go to in a stage.
  package func channels(_ stage: Stage) -> (source: Int, target: Int) {
    stage == .forward ? (sourceChannels, targetChannels) : (targetChannels, sourceChannels)
  }

  /// Whether spikes come from the wide side of the window in a stage.
  func readsWide(_ stage: Stage) -> Bool { readsWide == (stage == .forward) }

  /// The scales of the channels that spikes of a stage go to, for weights times `scale`.
  func quantisation(_ weight: [Float], scale: Float, _ stage: Stage) -> QuantisationScales {
    let (outer, inner) =
      readsWide ? (targetChannels, sourceChannels) : (sourceChannels, targetChannels)
    var totals = [Float](repeating: 0, count: channels(stage).target)
    var largest = totals
    // Totals are wanted for the dimension that comes first in PyTorch's layout, or for the second.
    let sizes = readsWide(stage) ? spike_outer_sizes : spike_inner_sizes
    sizes(weight, Int32(outer), Int32(inner), Int32(taps), &totals, &largest)
    // A dense link's units are numbered channels-first in PyTorch.
    if readsWide {
      let numbers = stage == .forward ? targetNumbers : sourceOffsets.map { $0 / taps }
      totals = numbers.map { totals[$0] }
      largest = numbers.map { largest[$0] }
    }
    return QuantisationScales(
      totals: totals.map { $0 * scale }, largest: isLarge ? largest.map { $0 * scale } : nil)
  }

  /// PyTorch's layout → rows `[tap, channel that sends][channel that receives]` of a stage, times `scale`.
  func pack(_ weight: [Float], scale: Float, _ stage: Stage) -> [Float] {
    packed { rows in
      var next = 0
      forEachWeight(stage) { index in
        rows[next] = weight[index] * scale
        next += 1
      }
    }
  }

  /// A gradient in forward rows → PyTorch's layout, times `scale`.
  package func unpack(_ rows: [Float], scale: Float) -> [Float] {
    packed { weight in
      var next = 0
      forEachWeight(.forward) { index in
        weight[index] = rows[next] * scale
        next += 1
      }
    }
  }

  /// Calls `body` with PyTorch's index of every weight, in the order of a stage's rows.
  @inline(__always)
  private func forEachWeight(_ stage: Stage, _ body: (Int) -> Void) {
    let targets = targetNumbers.map { $0 * targetStride }
    let (senders, receivers) =
      stage == .forward ? (sourceOffsets, targets) : (targets, sourceOffsets)
    for tap in 0..<taps {
      for sender in senders {
        for receiver in receivers { body(sender + receiver + tap) }
      }
    }
  }

  private func packed(_ body: (UnsafeMutableBufferPointer<Float>) -> Void) -> [Float] {
    [Float](unsafeUninitializedCapacity: weightCount) { buffer, count in
      body(UnsafeMutableBufferPointer(rebasing: buffer[..<weightCount]))
      count = weightCount
    }
  }
}

// MARK: Currents

extension LinkMap {
  /// `sums += W s`, or `Wᵀ s` in the backward stage: adds what the spikes of one end send to the other. Not for a pool.
  ///
  /// - Returns: synaptic operations (additions of a weight to a potential).
  func addSpikes(
    _ events: [Int32], _ count: Int, _ stage: Stage, weights: [Int32], to sums: inout [Int32]
  ) -> Int {
    guard var window else { preconditionFailure("a pool has no rows") }
    let (from, to) = channels(stage)
    return Int(
      spike_link_add(
        &window, readsWide(stage), Int32(from), Int32(to), events, Int32(count), weights, &sums))
  }

  /// `current += W s` of a pool, or `Wᵀ s` in the backward stage.
  func addPooled(
    _ events: [Int32], _ count: Int, _ stage: Stage, weight: Float, to current: inout [Float]
  ) -> Int {
    guard case .pool(let size) = form else { preconditionFailure("only a pool has one weight") }
    let add = stage == .forward ? spike_pool_add : spike_pool_spread
    return Int(
      add(
        Int32(source.height), Int32(source.width), Int32(source.channels), Int32(size), events,
        Int32(count), weight, &current))
  }

  /// `current += W v` for real values `v` of the source, or `Wᵀ v` for those of the target in the backward stage.
  package func addValues(
    _ values: [Float], _ stage: Stage, weights: [Float], to current: UnsafeMutablePointer<Float>
  ) {
    let sender = stage == .forward ? source : target
    precondition(values.count == sender.count, "\(values.count) values for \(sender)")
    if var window {
      let (from, to) = channels(stage)
      spike_link_add_values(
        &window, readsWide(stage), Int32(from), Int32(to), values, weights, current)
    } else if case .pool(let size) = form {
      for y in 0..<target.height * size {
        for x in 0..<target.width * size {
          let wide = (y * source.width + x) * source.channels
          let narrow = (y / size * target.width + x / size) * source.channels
          let (from, to) = stage == .forward ? (wide, narrow) : (narrow, wide)
          for channel in 0..<source.channels {
            current[to + channel] += weights[0] * values[from + channel]
          }
        }
      }
    }
  }

  /// `rows += source ⊗ target`, the weight gradient in forward rows; nothing for a pool.
  package func accumulateOuter(
    source values: [Float], target errors: [Float], into rows: inout [Float]
  ) {
    guard var window else { return }
    spike_outer(
      &window, readsWide, Int32(sourceChannels), Int32(targetChannels), values, errors, &rows)
  }
}
