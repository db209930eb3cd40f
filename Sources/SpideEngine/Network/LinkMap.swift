import CSpikeKernels

/// The linear map of one link as the kernels see it: geometry only, no weights.
///
/// Dense links, convolutions and transposed convolutions are one and the same thing here, a window over places
/// (`spike_window`); what differs is which side of the window spikes. The transposed map swaps the sides.
package struct LinkMap: Sendable {
  enum Form: Sendable {
    /// `fromWide`: the source of the forward map lies on the wide side of the window.
    case window(spike_window, fromWide: Bool)
    case pool(size: Int)
  }

  let form: Form
  package let source: LayerShape
  package let target: LayerShape
  /// Channels of the source as the kernels count them: a dense link sees a single place on either side.
  package let sourceChannels: Int
  package let targetChannels: Int
  /// Taps of the window, `kernel²`; 0 for a pool.
  let taps: Int

  // PyTorch's index of a weight is sourceOffsets[source channel] + targetNumbers[target channel] * targetStride + tap.
  let sourceOffsets: [Int]
  /// PyTorch's number of each target channel, which is that of its bias too.
  let targetNumbers: [Int]
  let targetStride: Int
  /// Whether the source is PyTorch's first dimension: a transposed convolution.
  private let isSourceFirst: Bool
  /// Bytes of weights that the second cache holds.
  private let cached: Int

  package init(
    _ connection: Connection, source: LayerShape, target: LayerShape,
    cached: Int = BlockPlan.secondCache
  ) {
    self.cached = cached
    self.source = source
    self.target = target
    func window(wide: LayerShape, narrow: LayerShape, _ kernel: Int, _ stride: Int, _ padding: Int)
      -> spike_window
    {
      spike_window(
        wide_height: Int32(wide.height), wide_width: Int32(wide.width),
        narrow_height: Int32(narrow.height), narrow_width: Int32(narrow.width),
        kernel: Int32(kernel), stride: Int32(stride), padding: Int32(padding))
    }
    switch connection.kind {
    case .dense:
      let single = LayerShape(units: 1)
      form = .window(window(wide: single, narrow: single, 1, 1, 0), fromWide: true)
      sourceChannels = source.count
      targetChannels = target.count
      taps = 1
      sourceOffsets = (0..<source.count).map(source.channelsFirstIndex)
      targetNumbers = (0..<target.count).map(target.channelsFirstIndex)
      targetStride = source.count
      isSourceFirst = false
    case .convolution(_, let kernel, let stride, let padding):
      form = .window(window(wide: source, narrow: target, kernel, stride, padding), fromWide: true)
      sourceChannels = source.channels
      targetChannels = target.channels
      let taps = kernel * kernel
      self.taps = taps
      sourceOffsets = (0..<source.channels).map { $0 * taps }
      targetNumbers = Array(0..<target.channels)
      targetStride = source.channels * taps
      isSourceFirst = false
    case .transposedConvolution(_, let kernel, let stride, let padding, _):
      form = .window(window(wide: target, narrow: source, kernel, stride, padding), fromWide: false)
      sourceChannels = source.channels
      targetChannels = target.channels
      let taps = kernel * kernel
      self.taps = taps
      sourceOffsets = (0..<source.channels).map { $0 * target.channels * taps }
      targetNumbers = Array(0..<target.channels)
      targetStride = taps
      isSourceFirst = true
    case .averagePool(let size):
      form = .pool(size: size)
      sourceChannels = source.channels
      targetChannels = target.channels
      taps = 0
      sourceOffsets = []
      targetNumbers = []
      targetStride = 0
      isSourceFirst = false
    }
  }

  /// Whether every source reaches every target: a window of one tap over single places.
  var isDense: Bool {
    guard case .window(let window, _) = form else { return false }
    // Padding counts: a tap in the padding of a single place reads nothing.
    return taps == 1 && window.padding == 0 && source.count == sourceChannels
      && target.count == targetChannels
  }

  /// Weights of the link; 0 for a pool.
  package var weightCount: Int { taps * sourceChannels * targetChannels }

  /// Whether the weights would take up more than half of the second cache, so that they are read panel by panel and
  /// have 24 bits at most. A dense link has too many rows for that.
  var isLarge: Bool { !isDense && 2 * 4 * weightCount > cached }
}

// MARK: Packing

extension LinkMap {
  /// The grid of the forward map's target channels for weights times `scale`, or of the transposed map's: the source
  /// channels.
  func grid(_ weight: [Float], scale: Float, isTransposed: Bool) -> ChannelGrid {
    let (outer, inner) =
      isSourceFirst ? (sourceChannels, targetChannels) : (targetChannels, sourceChannels)
    var totals = [Float](repeating: 0, count: isTransposed ? sourceChannels : targetChannels)
    var largest = totals
    let sizes = isTransposed == isSourceFirst ? spike_outer_sizes : spike_inner_sizes
    sizes(weight, Int32(outer), Int32(inner), Int32(taps), &totals, &largest)
    // A dense link's units are numbered channels-first in PyTorch.
    if !isSourceFirst {
      let numbers = isTransposed ? sourceOffsets.map { $0 / taps } : targetNumbers
      totals = numbers.map { totals[$0] }
      largest = numbers.map { largest[$0] }
    }
    return ChannelGrid(
      totals: totals.map { $0 * scale }, largest: isLarge ? largest.map { $0 * scale } : nil)
  }

  /// PyTorch's layout → rows `[tap, source channel][target channel]` of the forward map, times `scale`.
  func packForward(_ weight: [Float], scale: Float) -> [Float] {
    packed { rows in
      var next = 0
      for tap in 0..<taps {
        for offset in sourceOffsets {
          for target in targetNumbers {
            rows[next] = weight[offset + target * targetStride + tap] * scale
            next += 1
          }
        }
      }
    }
  }

  /// PyTorch's layout → rows `[tap, target channel][source channel]` of the transposed map, times `scale`.
  func packBackward(_ weight: [Float], scale: Float) -> [Float] {
    packed { rows in
      var next = 0
      for tap in 0..<taps {
        for target in targetNumbers {
          let base = target * targetStride + tap
          for offset in sourceOffsets {
            rows[next] = weight[offset + base] * scale
            next += 1
          }
        }
      }
    }
  }

  /// A gradient in forward rows → PyTorch's layout, times `scale`.
  package func unpack(_ rows: [Float], scale: Float) -> [Float] {
    packed { weight in
      var next = 0
      for tap in 0..<taps {
        for offset in sourceOffsets {
          for target in targetNumbers {
            weight[offset + target * targetStride + tap] = rows[next] * scale
            next += 1
          }
        }
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
  /// `sums += W s` on the grid: adds what the spikes of the source send to the target, or, transposed, those of the
  /// target to the source. Not for a pool.
  ///
  /// - Returns: synaptic operations (additions of a weight to a potential).
  func addSpikes(
    _ events: [Int32], _ count: Int, isTransposed: Bool, rows: [Int32], to sums: inout [Int32]
  ) -> Int {
    guard case .window(var window, let fromWide) = form else {
      preconditionFailure("a pool has no rows")
    }
    let (from, to) =
      isTransposed ? (targetChannels, sourceChannels) : (sourceChannels, targetChannels)
    return Int(
      spike_link_add(
        &window, fromWide != isTransposed, Int32(from), Int32(to), events, Int32(count), rows,
        &sums))
  }

  /// `current += W s` of a pool, or its transpose.
  func addPooled(
    _ events: [Int32], _ count: Int, isTransposed: Bool, weight: Float, to current: inout [Float]
  ) -> Int {
    guard case .pool(let size) = form else { preconditionFailure("only a pool has one weight") }
    let add = isTransposed ? spike_pool_spread : spike_pool_add
    return Int(
      add(
        Int32(source.height), Int32(source.width), Int32(source.channels), Int32(size), events,
        Int32(count), weight, &current))
  }

  /// `current += W v` for real values `v` of the source.
  package func addValues(_ values: [Float], rows: [Float], to current: UnsafeMutablePointer<Float>)
  {
    precondition(values.count == source.count, "\(values.count) values for \(source)")
    switch form {
    case .window(var window, let fromWide):
      spike_link_add_values(
        &window, fromWide, Int32(sourceChannels), Int32(targetChannels), values, rows, current)
    case .pool(let size):
      let targetWidth = target.width
      for y in 0..<target.height * size {
        for x in 0..<targetWidth * size {
          let from = (y * source.width + x) * source.channels
          let to = (y / size * targetWidth + x / size) * source.channels
          for channel in 0..<source.channels {
            current[to + channel] += rows[0] * values[from + channel]
          }
        }
      }
    }
  }

  /// `current += Wᵀ v` for real values `v` of the target.
  package func addTransposedValues(
    _ values: [Float], rows: [Float], to current: UnsafeMutablePointer<Float>
  ) {
    precondition(values.count == target.count, "\(values.count) values for \(target)")
    switch form {
    case .window(var window, let fromWide):
      spike_link_add_values(
        &window, !fromWide, Int32(targetChannels), Int32(sourceChannels), values, rows, current)
    case .pool(let size):
      for y in 0..<target.height * size {
        for x in 0..<target.width * size {
          let from = (y / size * target.width + x / size) * source.channels
          let to = (y * source.width + x) * source.channels
          for channel in 0..<source.channels {
            current[to + channel] += rows[0] * values[from + channel]
          }
        }
      }
    }
  }

  /// `rows += source ⊗ target`, the weight gradient in forward rows; nothing for a pool.
  package func accumulateOuter(
    source values: [Float], target errors: [Float], into rows: inout [Float]
  ) {
    guard case .window(var window, let fromWide) = form else { return }
    spike_outer(
      &window, fromWide, Int32(sourceChannels), Int32(targetChannels), values, errors, &rows)
  }
}
