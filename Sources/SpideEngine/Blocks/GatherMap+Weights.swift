import CSpikeKernels

extension GatherMap {
  /// Numbers in all rows, padding included.
  var rowCount: Int {
    layout == .pools
      ? (GatherMap.subsets + 1) * subsetCount
      : calls.reduce(0) { $0 + $1.count }
  }

  /// Numbers in the rows of one subset of the positions under a pool.
  private var subsetCount: Int { Int(fanOut.table.taps) * sourceStride * targetStride }

  /// Of a tap's rows, that of a source channel alone.
  private func tapRow(_ channel: Int) -> Int {
    layout == .fours ? channel / 4 * GatherMap.subsets + (1 << (channel % 4)) - 1 : channel
  }

  /// Calls `body` for every row that is no padding: where it begins, PyTorch's offset of its source and tap, and its
  /// target channels. Of rows for subsets, those that have one member.
  private func forEachRow(_ body: (_ start: Int, _ offset: Int, Panel) -> Void) {
    var start = 0
    func row(_ source: Int32, _ tap: Int?, _ panel: Panel) {
      if source >= 0, let tap { body(start, Int(source) + tap, panel) }
      start += panel.rowCount
    }
    switch layout {
    case .windows, .fours:
      for phase in phases {
        for panel in panels {
          for tap in phase.taps {
            let first = start
            for (channel, source) in sourceOffsets.enumerated() {
              start = first + tapRow(channel) * panel.width
              row(source, tap, panel)
            }
            start = first + tapRows * panel.width
          }
        }
      }
    case .positions, .panels:
      for panel in panels {
        for source in sourceOffsets {
          for tap in 0..<Int(fanOut.table.taps) { row(source, tap, panel) }
        }
      }
    case .pools:
      for (position, taps) in poolTaps.enumerated() {
        start = subsetCount << position
        for source in sourceOffsets { for tap in taps { row(source, tap, panels[0]) } }
      }
    }
  }

  /// PyTorch's layout → rows of whole numbers, for weights times `scale`; `inverses` is ``inverses(_:)``.
  func pack(
    _ weight: [Float], scale: Float, inverses: [Float], into rows: UnsafeMutablePointer<Int32>
  ) {
    pack(weight, into: rows) { weights, offsets, panel, row in
      inverses.withUnsafeBufferPointer { inverses in
        guard let inverses = inverses.baseAddress else { return }
        let width = Int32(panel.width)
        guard layout == .panels else {
          return spike_pack_numbers(weights, offsets, width, scale, inverses + panel.first, row)
        }
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: panel.width) { numbers in
          guard let numbers = numbers.baseAddress else { return }
          spike_pack_numbers(weights, offsets, width, scale, inverses + panel.first, numbers)
          spike_pack_panel(numbers, width, row)
        }
      }
    }
    if layout == .pools { GatherMap.sumSubsets(rows, subsetCount) }
    guard layout == .fours else { return }
    for call in calls {
      let width = Int(call.panel.width)
      let count = Int(call.phase.rows * call.phase.columns) * tapRows
      for first in stride(from: 0, to: count, by: GatherMap.subsets) {
        // There is no row for the empty subset.
        GatherMap.sumSubsets(rows + call.start + (first - 1) * width, width)
      }
    }
  }

  /// Of the rows of each subset of four, `count` numbers each, sets those that have several members to the sums of
  /// theirs.
  private static func sumSubsets(_ rows: UnsafeMutablePointer<Int32>, _ count: Int) {
    for subset in 1...subsets where subset.nonzeroBitCount > 1 {
      let sum = rows + subset * count
      let (lowest, others) = (subset & -subset, subset & (subset - 1))
      let (a, b) = (rows + lowest * count, rows + others * count)
      for index in 0..<count { sum[index] = a[index] &+ b[index] }
    }
  }

  /// PyTorch's layout → rows of real numbers, times `scale`.
  func pack(_ weight: [Float], scale: Float, into rows: UnsafeMutablePointer<Float>) {
    pack(weight, into: rows) { weights, offsets, panel, row in
      spike_pack_values(weights, offsets, Int32(panel.width), scale, row)
    }
  }

  /// Calls `body` with each row's weights (from its source and tap on), the offsets of its target channels from there,
  /// and the row to write.
  private func pack<Number: BitwiseCopyable>(
    _ weight: [Float], into rows: UnsafeMutablePointer<Number>,
    _ body: (UnsafePointer<Float>, UnsafePointer<Int32>, Panel, UnsafeMutablePointer<Number>) ->
      Void
  ) {
    weight.withUnsafeBufferPointer { weight in
      targetOffsets.withUnsafeBufferPointer { offsets in
        guard let weight = weight.baseAddress, let offsets = offsets.baseAddress else { return }
        // Memory is 0 where nothing has been written.
        forEachRow { body(weight + $1, offsets + $2.first, $2, rows + $0) }
      }
    }
  }

  /// What quantising multiplies weights by, for every target channel of a row, padding included.
  func inverses(_ scales: QuantisationScales) -> [Float] {
    targetChannels.map { $0 < 0 ? 0 : scales.inverses[$0] }
  }

  /// The scale of every target channel of a row, padding included, `count` times over.
  func scales(_ scales: QuantisationScales, into values: AlignedBuffer<Float>) {
    for unit in 0..<values.count {
      let channel = targetChannels[unit % targetStride]
      values.base[unit] = channel < 0 ? 1 : scales.values[channel]
    }
  }

  // MARK: Gradients

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
      guard let weight = weight.baseAddress else { return }
      var row = gradient
      for phase in phases {
        let columns = Int(phase.shape.columns)
        for target in targetOffsets {
          for first in stride(from: 0, to: phase.taps.count, by: max(1, columns)) {
            if target >= 0 {
              for (column, tap) in phase.taps[first..<first + columns].enumerated() {
                spike_unpack_values(
                  row + column * sourceStride, sourceOffsets, Int32(sourceStride), scale,
                  weight + Int(target) + tap)
              }
            }
            row += run(phase)
          }
        }
      }
    }
  }
}
