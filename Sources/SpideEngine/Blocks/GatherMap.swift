import CSpikeKernels

/// A link in one stage: which positions send to which, over which taps, and how the weights are laid out for that.
/// Geometry only, made once for a plan. See `CSpikeBlocks.h`.
final class GatherMap: Sendable {
  /// How a layer adds up what arrives, and so in which order its weights lie.
  enum Layout: Sendable {
    /// Every target adds what arrives from its window, in registers: `[phase][panel][row, column][source][width]`.
    case windows
    /// The same for binary spikes of which those of four neighbouring channels are one event:
    /// `[phase][panel][row, column][four channels][subset of them, but for the empty one][width]`.
    case fours
    /// Every spike is added to the currents in memory, position by position: `[source][tap][target]`.
    case positions
    /// The same for sources under pools of 2 × 2, which spike together; a pool's window is wider than theirs:
    /// `[subset of the four][source][tap][target]`.
    case pools
    /// The same as positions, for as many channels of the targets at a time as a cache holds weights of:
    /// `[panel][source][tap]`, a row of each panel packed.
    case panels
  }

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
    /// Numbers in a row of its weights.
    var rowCount: Int
  }

  /// What one call of a kernel handles, without the numbers of a network, where its rows begin, and how many numbers
  /// they are.
  struct Call: @unchecked Sendable {
    let phase: spike_phase
    let panel: spike_panel
    let start: Int
    let count: Int
  }

  let layout: Layout
  let phases: [Phase]
  let panels: [Panel]
  /// Every phase and every panel of the targets, in order. Rows that lie by source have no phases: theirs is the first one.
  let calls: [Call]
  /// Whether the source counts as one single position: a dense link.
  let readsWhole: Bool
  /// Rows of weights for each tap of a window: one for each source channel, or for each subset of four of them.
  let tapRows: Int
  /// Target channels without padding: the synaptic operations of one spike at one target position.
  let rowTargets: Int
  /// Where each source position (or each pool of them) sends; without a use for a dense link.
  let fanOut: FanOut
  /// PyTorch's number of each tap of a pool's window for each of the pool's four positions; nil where that one does not
  /// reach. Empty but for pools.
  let poolTaps: [[Int?]]
  /// PyTorch's offset of each source and of each target channel of a row; -1 for padding.
  let sourceOffsets: [Int32]
  let targetOffsets: [Int32]
  /// The engine's number of each target channel of a row; -1 for padding.
  let targetChannels: [Int]

  /// The map of `link` in a stage, between the layouts of the link's own source and target.
  init(
    _ link: LinkMap, source linkSource: PaddedLayout, target linkTarget: PaddedLayout,
    _ stage: Stage, layout: Layout
  ) {
    guard let window = link.window else { preconditionFailure("a pool has no rows") }
    self.layout = layout
    let isDense = link.isDense
    let ofSource = GatherMap.offsets(linkSource, whole: isDense) { link.sourceOffsets[$0] }
    let ofTarget = GatherMap.offsets(linkTarget, whole: isDense) {
      link.targetNumbers[$0] * link.targetStride
    }
    let isForward = stage == .forward
    sourceOffsets = (isForward ? ofSource : ofTarget).map(Int32.init)
    targetOffsets = (isForward ? ofTarget : ofSource).map(Int32.init)
    targetChannels = GatherMap.offsets(isForward ? linkTarget : linkSource, whole: isDense) { $0 }
    readsWhole = isDense
    rowTargets = link.channels(stage).target
    let readsWide = link.readsWide(stage)
    fanOut = FanOut(
      window, readsWide: readsWide, sourceStride: sourceOffsets.count,
      targetStride: targetOffsets.count, byPool: layout == .pools)
    poolTaps = layout == .pools ? (0..<4).map { GatherMap.poolTaps(window, position: $0) } : []
    phases = GatherMap.phases(
      window, readsWide: readsWide, sourceStride: Int32(sourceOffsets.count),
      targetStride: Int32(targetOffsets.count))
    let hasPhases = layout == .windows || layout == .fours
    let (channels, taps) = (sourceOffsets.count, Int(fanOut.table.taps))
    let tapRows = layout == .fours ? channels / 4 * GatherMap.subsets : channels
    self.tapRows = tapRows
    func rowCount(_ width: Int) -> Int {
      layout == .panels ? 3 * Int(spike_panel_lanes(Int32(width))) : width
    }
    var width = Int(SPIKE_PANEL)
    switch layout {
    case .windows, .fours, .panels:
      // A panel's rows should stay in L2, those of a dense link in a small part of it (`BlockPlan.denseCache`).
      let most = isDense ? BlockPlan.denseCache : BlockPlan.l2Cache
      let taps = hasPhases ? phases.map(\.taps.count).max() ?? 0 : taps
      let least = layout == .panels ? 32 : 16
      while width > least, tapRows * taps * rowCount(width) * 4 > most { width /= 2 }
    case .positions, .pools: width = targetOffsets.count
    }
    let targets = targetOffsets.count
    let panels = stride(from: 0, to: targets, by: width).map {
      let width = min(width, targets - $0)
      return Panel(first: $0, width: width, rowCount: rowCount(width))
    }
    self.panels = panels
    var start = 0
    calls = (hasPhases ? phases[...] : phases[..<1]).flatMap { phase in
      panels.map { panel in
        let count = (hasPhases ? phase.taps.count : taps) * tapRows * panel.rowCount
        defer { start += count }
        var shape = phase.shape
        shape.source_stride = Int32(tapRows)
        return Call(
          phase: shape,
          panel: spike_panel(
            first_channel: Int32(panel.first), width: Int32(panel.width), weights: nil, ahead: nil,
            ahead_count: 0, scales: nil, held: nil, channel_start: nil, unit_start: nil, mask: nil,
            added: nil), start: start, count: count)
      }
    }
  }

  /// PyTorch's offsets by padded unit of a position, or of a whole layer that counts as one position.
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
    _ w: spike_window, readsWide: Bool, sourceStride: Int32, targetStride: Int32
  ) -> [Phase] {
    let kernel = Int(w.kernel)
    var shape = spike_phase()
    (shape.source_stride, shape.target_stride) = (sourceStride, targetStride)
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
    let step = Int(w.stride)
    func axis(_ first: Int) -> (first: Int, offset: Int, taps: [Int]) {
      let shifted = first + Int(w.padding)
      let taps = Array(stride(from: shifted % step, to: kernel, by: step).reversed())
      return (first, taps.first.map { (shifted - $0) / step } ?? 0, taps)
    }
    shape.step = w.stride
    shape.source_step = 1
    // A stride larger than the targets has phases without any.
    let rows = (0..<min(step, Int(shape.target_height))).map(axis)
    let columns = (0..<min(step, Int(shape.target_width))).map(axis)
    return rows.flatMap { row in
      columns.map { column in
        var shape = shape
        (shape.first_row, shape.first_column) = (Int32(row.first), Int32(column.first))
        (shape.row_offset, shape.column_offset) = (Int32(row.offset), Int32(column.offset))
        (shape.rows, shape.columns) = (Int32(row.taps.count), Int32(column.taps.count))
        return Phase(
          shape: shape, taps: row.taps.flatMap { row in column.taps.map { row * kernel + $0 } })
      }
    }
  }

  private static func poolTaps(_ window: spike_window, position: Int) -> [Int?] {
    let (kernel, stride) = (Int(window.kernel), Int(window.stride))
    let side = kernel + stride
    return (0..<side * side).map { tap in
      let (y, x) = (tap / side - position / 2 * stride, tap % side - position % 2 * stride)
      return (0..<kernel).contains(y) && (0..<kernel).contains(x) ? y * kernel + x : nil
    }
  }

  /// Subsets of four, the empty one excluded.
  static let subsets = Int(SPIKE_SUBSETS)

  /// Units that one window position holds.
  var sourceStride: Int { sourceOffsets.count }
  var targetStride: Int { targetOffsets.count }
  /// Room for what a column of targets sees at one step (see `spike_list`), or for the spikes of one position.
  var bandRoom: Int {
    phases.map { phase in
      Int(phase.shape.source_height) * (Int(phase.shape.columns) * sourceStride + 1) + 1
    }.max() ?? 0
  }
}
