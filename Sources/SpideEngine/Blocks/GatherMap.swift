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
  /// The window as its sources see it.
  let spread: spike_spread
  /// For each place of the sources the targets that a spike there reaches, in rows; empty where they are one place.
  let reach: [Int32]
  /// PyTorch's offset of each source and of each target channel of a row; -1 for padding.
  private let sourceOffsets: [Int]
  private let targetOffsets: [Int]
  /// The engine's number of each target channel of a row; -1 for padding.
  private let targetChannels: [Int]

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
    targetChannels = GatherMap.offsets(target, whole: isDense) { $0 }
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
    let (wide, narrow) = (
      (window.wide_height, window.wide_width), (window.narrow_height, window.narrow_width)
    )
    let (from, to) = readsWide ? (wide, narrow) : (narrow, wide)
    spread = spike_spread(
      source_height: from.0, source_width: from.1, source_stride: phase.source_stride,
      target_height: to.0, target_width: to.1, target_stride: phase.target_stride,
      kernel: window.kernel, stride: window.stride, padding: window.padding, narrows: readsWide)
    phases = GatherMap.phases(window, readsWide: readsWide, phase)
    reach = isDense ? [] : GatherMap.reach(phases.map(\.shape), places: source.places)
  }

  private static func reach(_ phases: [spike_phase], places: Int) -> [Int32] {
    var reach = [Int32](repeating: 0, count: places)
    for phase in phases {
      // Places that a row, or a column, of targets reads: first, count, for each of them.
      func inside(_ targets: Int32, _ first: Int32, _ offset: Int32, _ taps: Int32, _ limit: Int32)
        -> [Int32]
      {
        stride(from: first, to: targets, by: Int(phase.step)).enumerated().flatMap { index, _ in
          let start = Int32(index) * phase.source_step + offset
          return (start..<start + taps).filter { (0..<limit).contains($0) }
        }
      }
      let rows = inside(
        phase.target_height, phase.first_row, phase.row_offset, phase.rows, phase.source_height)
      let columns = inside(
        phase.target_width, phase.first_column, phase.column_offset, phase.columns,
        phase.source_width)
      for row in rows {
        for column in columns { reach[Int(row * phase.source_width + column)] += 1 }
      }
    }
    return reach
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

  /// PyTorch's layout → rows, each weight as `number` of it and of its target channel.
  func pack<Number>(
    _ weight: [Float], into rows: UnsafeMutablePointer<Number>, _ zero: Number,
    _ number: (Float, _ channel: Int) -> Number
  ) {
    weight.withUnsafeBufferPointer { weight in
      var next = rows
      for phase in phases {
        for panel in panels {
          for tap in phase.taps {
            for source in sourceOffsets {
              for target in panel.first..<panel.first + panel.width {
                let offset = targetOffsets[target]
                next.pointee =
                  source < 0 || offset < 0
                  ? zero : number(weight[source + offset + tap], targetChannels[target])
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
    guard !readsWhole, panels.count == 1 else { return nil }
    return Int(spread.kernel * spread.kernel) * sourceStride * targetStride
  }

  /// PyTorch's layout → `[source][kernel row][kernel column][target]`.
  func packScattered(
    _ weight: [Float], into rows: UnsafeMutablePointer<Int32>,
    _ number: (Float, _ channel: Int) -> Int32
  ) {
    weight.withUnsafeBufferPointer { weight in
      var next = rows
      for source in sourceOffsets {
        for tap in 0..<Int(spread.kernel * spread.kernel) {
          for (target, offset) in targetOffsets.enumerated() {
            next.pointee =
              source < 0 || offset < 0
              ? 0 : number(weight[source + offset + tap], targetChannels[target])
            next += 1
          }
        }
      }
    }
  }

  /// The grid of every target channel of a row, padding included.
  func padded(_ grid: ChannelGrid) -> AlignedBuffer<Float> {
    let padded = AlignedBuffer<Float>(count: targetStride)
    for (target, channel) in targetChannels.enumerated() {
      padded.base[target] = channel < 0 ? 1 : grid.steps[channel]
    }
    return padded
  }

  /// Whether a step with so many spikes is better scattered than gathered. To scatter reads and writes every vector in
  /// memory, some half a cycle more than to add it to a register; to gather visits every target, some sixty cycles.
  func scatters(_ spikes: Int) -> Bool {
    let taps = spread.kernel * spread.kernel
    let reached = spread.narrows ? max(1, taps / (spread.stride * spread.stride)) : taps
    let vectors = spikes * Int(reached) * targetStride / PaddedLayout.lanes
    return vectors < 200 * Int(spread.target_height * spread.target_width)
  }

  /// Numbers of a gradient from one row of the window to the next.
  func run(_ phase: Phase) -> Int {
    let lanes = PaddedLayout.lanes
    return (Int(phase.shape.columns) * sourceStride + lanes - 1) / lanes * lanes
  }

  /// Numbers in a phase's gradient: `[target channel][row][column, source channel]`.
  func gradientCount(_ phase: Phase) -> Int { targetStride * Int(phase.shape.rows) * run(phase) }

  /// Numbers in a gradient, phase by phase.
  var gradientCount: Int { phases.reduce(0) { $0 + gradientCount($1) } }

  /// A gradient → PyTorch's layout, times `scale`.
  func unpack(_ gradient: UnsafePointer<Float>, scale: Float, into weight: inout [Float]) {
    weight.withUnsafeMutableBufferPointer { weight in
      var row = gradient
      for phase in phases {
        let columns = Int(phase.shape.columns)
        for target in targetOffsets {
          for first in stride(from: 0, to: phase.taps.count, by: max(1, columns)) {
            if target >= 0 {
              var next = row
              for tap in phase.taps[first..<first + columns] {
                for source in sourceOffsets {
                  if source >= 0 { weight[source + target + tap] = next.pointee * scale }
                  next += 1
                }
              }
            }
            row += run(phase)
          }
        }
      }
    }
  }
}
