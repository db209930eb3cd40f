import CSpikeKernels

/// The fan-out of each source position of a link: the target positions that its spikes go to, as compressed sparse rows in
/// which targets that lie side by side are one entry.
struct FanOut: @unchecked Sendable {
  // Unchecked, because the buffers are written here and never again.
  private let rowStarts: AlignedBuffer<Int32>
  private let targetRuns: AlignedBuffer<spike_target_run>
  /// Target positions of each source position.
  let counts: [Int32]
  /// The same as the kernels read it: compressed sparse rows, a row for each source position.
  let table: spike_fan_out
  /// The same for the sources under pools; nil where the sources are not taken by pool.
  private let pooledCounts: AlignedBuffer<Int32>?

  /// - Parameters:
  ///   - readsWide: whether the sources lie on the wide side of the window.
  ///   - byPool: whether to take narrow sources by pools of 2 × 2, whose window is that of four of theirs side by side.
  init(
    _ window: spike_window, readsWide: Bool, sourceStride: Int, targetStride: Int,
    byPool: Bool = false
  ) {
    var w = window
    if byPool {
      w.kernel += w.stride
      w.stride *= 2
      w.narrow_height /= 2
      w.narrow_width /= 2
      let single = FanOut(
        window, readsWide: readsWide, sourceStride: sourceStride, targetStride: targetStride)
      pooledCounts = AlignedBuffer(single.counts)
    } else {
      pooledCounts = nil
    }
    let (wide, narrow) = ((w.wide_height, w.wide_width), (w.narrow_height, w.narrow_width))
    let (source, target) = readsWide ? (wide, narrow) : (narrow, wide)
    /// Pairs of a target coordinate and the tap over which a source coordinate reaches it, ascending by target.
    func axis(_ at: Int32, _ limit: Int32) -> [(target: Int32, tap: Int32)] {
      (0..<w.kernel).compactMap { tap in
        let shifted = at + w.padding - tap
        if readsWide, shifted % w.stride != 0 { return nil }
        let target = readsWide ? shifted / w.stride : at * w.stride - w.padding + tap
        return shifted >= 0 || !readsWide
          ? ((0..<limit).contains(target) ? (target, tap) : nil) : nil
      }.sorted { $0.target < $1.target }
    }
    var list: [spike_target_run] = []
    var starts: [Int32] = [0]
    for y in 0..<source.0 {
      let rows = axis(y, target.0)
      for x in 0..<source.1 {
        let columns = axis(x, target.1)
        for row in rows {
          for column in columns {
            let next = spike_target_run(
              target: row.target * target.1 + column.target, row: row.target,
              tap: row.tap * w.kernel + column.tap, length: 1)
            if let last = list.last, list.count > Int(starts[starts.count - 1]),
              last.row == next.row, last.target + last.length == next.target,
              last.tap + last.length == next.tap
            {
              list[list.count - 1].length += 1
            } else {
              list.append(next)
            }
          }
        }
        starts.append(Int32(list.count))
      }
    }
    counts = (1..<starts.count).map { position in
      list[Int(starts[position - 1])..<Int(starts[position])].reduce(0) { $0 + $1.length }
    }
    rowStarts = AlignedBuffer(starts)
    targetRuns = AlignedBuffer(list)
    table = spike_fan_out(
      source_height: source.0, source_width: source.1, source_stride: Int32(sourceStride),
      target_height: target.0, target_width: target.1, target_stride: Int32(targetStride),
      taps: w.kernel * w.kernel, row_starts: rowStarts.base, target_runs: targetRuns.base,
      pooled_width: byPool ? window.narrow_width : 0,
      pooled_fan_out: pooledCounts.map { UnsafePointer($0.base) })
  }
}
