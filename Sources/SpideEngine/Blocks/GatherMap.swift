import CSpikeKernels

/// One direction of a link as its targets see it: who reads whom, and where the weights lie. Geometry only.
///
/// The targets add up what their windows send, so the sums stay in registers. See `CSpikeBlocks.h`.
struct GatherMap: Sendable {
  /// Some of the targets, and the taps of their window.
  struct Phase: Sendable {
    var shape: spike_phase
    /// PyTorch's number of each tap, `[row, column]`.
    var taps: [Int]
  }

  /// A run of target channels that one call of a kernel handles.
  struct Panel: Sendable {
    var first: Int
    var width: Int
  }

  let phases: [Phase]
  let panels: [Panel]
  /// Whether the source counts as one single place: a dense link.
  let readsWhole: Bool
  /// Targets that one source spike reaches at most count as this many additions for each row.
  let rowTargets: Int
  /// The window as its sources see it; nil where they lie on its wide side, and a source reaches no run of targets.
  let spread: spike_spread?
  /// PyTorch's offset of each source and of each target channel of a row; -1 for padding.
  private let sourceOffsets: [Int]
  private let targetOffsets: [Int]

  /// The map of `link`, or of its transpose.
  init(_ link: LinkMap, source: PaddedLayout, target: PaddedLayout, isTransposed: Bool) {
    guard case .window(let window, let fromWide) = link.form else {
      preconditionFailure("a pool has no rows")
    }
    // In PyTorch's words, whatever the direction: the link's own sources and targets.
    let (linkSource, linkTarget) = isTransposed ? (target, source) : (source, target)
    let isDense = link.isDense
    let sources = GatherMap.offsets(linkSource, whole: isDense) { link.sourceOffsets[$0] }
    let targets = GatherMap.offsets(linkTarget, whole: isDense) { $0 * link.targetStride }
    sourceOffsets = isTransposed ? targets : sources
    targetOffsets = isTransposed ? sources : targets
    readsWhole = isDense
    rowTargets = isTransposed ? link.sourceChannels : link.targetChannels
    var phase = spike_phase()
    phase.source_stride = Int32(sourceOffsets.count)
    phase.target_stride = Int32(targetOffsets.count)
    let (width, channels) = (Int(SPIKE_PANEL), targetOffsets.count)
    panels = stride(from: 0, to: channels, by: width).map {
      Panel(first: $0, width: min(width, channels - $0))
    }
    let readsWide = fromWide != isTransposed
    spread =
      readsWide
      ? nil
      : spike_spread(
        source_height: window.narrow_height, source_width: window.narrow_width,
        source_stride: phase.source_stride, target_height: window.wide_height,
        target_width: window.wide_width, target_stride: phase.target_stride,
        kernel: window.kernel, stride: window.stride, padding: window.padding)
    phases = GatherMap.phases(window, readsWide: readsWide, phase)
  }

  /// PyTorch's offsets by padded unit of a place, or of a whole layer that counts as one place.
  private static func offsets(
    _ layout: PaddedLayout, whole: Bool, _ offset: (Int) -> Int
  ) -> [Int] {
    let channels = layout.shape.channels
    return (0..<(whole ? layout.units : layout.stride)).map { code in
      let channel = code % layout.stride
      guard channel < channels else { return -1 }
      return offset(code / layout.stride * channels + channel)
    }
  }

  private static func phases(
    _ w: spike_window, readsWide: Bool, _ strides: spike_phase
  ) -> [Phase] {
    let kernel = Int(w.kernel)
    var shape = strides
    (shape.source_height, shape.source_width) =
      readsWide ? (w.wide_height, w.wide_width) : (w.narrow_height, w.narrow_width)
    (shape.target_height, shape.target_width) =
      readsWide ? (w.narrow_height, w.narrow_width) : (w.wide_height, w.wide_width)
    if readsWide {
      shape.step = 1
      shape.source_step = w.stride
      (shape.row_offset, shape.column_offset) = (-w.padding, -w.padding)
      (shape.rows, shape.columns) = (w.kernel, w.kernel)
      return [Phase(shape: shape, taps: Array(0..<kernel * kernel))]
    }
    // Target t reads the sources s with t + padding - s · stride = tap: of the taps, those that leave the same
    // remainder as t + padding, the last tap first.
    let stride = Int(w.stride)
    func axis(_ first: Int) -> (offset: Int, taps: [Int]) {
      let shifted = first + Int(w.padding)
      let taps = (0..<kernel).filter { ($0 - shifted) % stride == 0 }.reversed()
      return (taps.first.map { (shifted - $0) / stride } ?? 0, Array(taps))
    }
    shape.step = w.stride
    shape.source_step = 1
    return (0..<stride * stride).map { number in
      let (row, column) = (axis(number / stride), axis(number % stride))
      var shape = shape
      (shape.first_row, shape.first_column) = (Int32(number / stride), Int32(number % stride))
      (shape.row_offset, shape.column_offset) = (Int32(row.offset), Int32(column.offset))
      (shape.rows, shape.columns) = (Int32(row.taps.count), Int32(column.taps.count))
      return Phase(
        shape: shape, taps: row.taps.flatMap { row in column.taps.map { row * kernel + $0 } })
    }
  }
}

// MARK: Weights

extension GatherMap {
  /// Units that one window place holds.
  var sourceStride: Int { sourceOffsets.count }
  var targetStride: Int { targetOffsets.count }
  private var tapCount: Int { phases.reduce(0) { $0 + $1.taps.count } }
  /// Numbers in all rows, padding included.
  var rowCount: Int { tapCount * sourceStride * targetStride }

  /// Source units in the largest window.
  var widestWindow: Int { (phases.map(\.taps.count).max() ?? 0) * sourceStride }

  /// Where the rows of a phase begin.
  func start(phase: Int) -> Int {
    phases[..<phase].reduce(0) { $0 + $1.taps.count } * sourceStride * targetStride
  }

  /// Where the rows of a phase and panel begin: `[phase, panel][row, column, source][width]`.
  func start(phase: Int, panel: Int) -> Int {
    start(phase: phase) + phases[phase].taps.count * sourceStride * panels[panel].first
  }

  /// PyTorch's layout → rows, times `scale`.
  func pack(_ weight: [Float], scale: Float, into rows: UnsafeMutablePointer<Float>) {
    weight.withUnsafeBufferPointer { weight in
      var next = rows
      for phase in phases {
        for panel in panels {
          for tap in phase.taps {
            for source in sourceOffsets {
              for target in targetOffsets[panel.first..<panel.first + panel.width] {
                next.pointee = source < 0 || target < 0 ? 0 : weight[source + target + tap] * scale
                next += 1
              }
            }
          }
        }
      }
    }
  }

  /// Numbers of ``packScattered(_:scale:into:)``; nil where no spike is ever scattered: its targets must fit one panel.
  var scatteredCount: Int? {
    guard let spread, !readsWhole, panels.count == 1 else { return nil }
    return Int(spread.kernel * spread.kernel) * sourceStride * targetStride
  }

  /// PyTorch's layout → `[source][kernel row][kernel column][target]`, times `scale`.
  func packScattered(_ weight: [Float], scale: Float, into rows: UnsafeMutablePointer<Float>) {
    guard let spread else { return }
    weight.withUnsafeBufferPointer { weight in
      var next = rows
      for source in sourceOffsets {
        for tap in 0..<Int(spread.kernel * spread.kernel) {
          for target in targetOffsets {
            next.pointee = source < 0 || target < 0 ? 0 : weight[source + target + tap] * scale
            next += 1
          }
        }
      }
    }
  }

  /// Whether a step with so many spikes is better scattered than gathered. To scatter a row adds every vector to memory,
  /// two cycles each. To gather one takes a cycle a vector, but four at least, the time of a dependent addition; and
  /// every target is visited, some sixty cycles.
  func scatters(_ spikes: Int) -> Bool {
    guard let spread else { return false }
    let places = Int(spread.target_height * spread.target_width)
    let rows = spikes * Int(spread.kernel * spread.kernel)
    let vectors = targetStride / PaddedLayout.lanes
    return 2 * rows * vectors < rows * max(4, vectors) + 60 * places
  }

  /// A gradient, `[phase][row, column, real source][target]`, → PyTorch's layout, times `scale`.
  func unpack(_ gradient: UnsafePointer<Float>, scale: Float, into weight: inout [Float]) {
    weight.withUnsafeMutableBufferPointer { weight in
      var next = gradient
      for phase in phases {
        for tap in phase.taps {
          for source in sourceOffsets where readsWhole || source >= 0 {
            for target in targetOffsets {
              if source >= 0, target >= 0 { weight[source + target + tap] = next.pointee * scale }
              next += 1
            }
          }
        }
      }
    }
  }
}
