import CSpikeKernels

/// Which positions of the wide side of a link each of the narrow side covers (see `spike_window`): a rectangle of them.
struct WindowReach: Sendable {
  /// For each row and each column of the narrow side those of the wide side that it covers.
  private let rows: [Range<Int>]
  private let columns: [Range<Int>]
  let wideRows: Int
  let wideColumns: Int
  /// Whether the source lies on the wide side.
  let readsWide: Bool

  init(_ window: spike_window, readsWide: Bool) {
    func covered(_ narrow: Int32, _ wide: Int32) -> [Range<Int>] {
      (0..<Int(narrow)).map { place in
        let first = place * Int(window.stride) - Int(window.padding)
        let lower = min(max(0, first), Int(wide))
        return lower..<max(lower, min(Int(wide), first + Int(window.kernel)))
      }
    }
    rows = covered(window.narrow_height, window.wide_height)
    columns = covered(window.narrow_width, window.wide_width)
    (wideRows, wideColumns) = (Int(window.wide_height), Int(window.wide_width))
    self.readsWide = readsWide
  }

  /// Positions of the wide side that each of the narrow one covers.
  var narrowReach: [Int] {
    rows.flatMap { row in columns.map { row.count * $0.count } }
  }

  /// Positions of the narrow side that each of the wide one is covered by.
  var wideReach: [Int] {
    func covering(_ ranges: [Range<Int>], _ count: Int) -> [Int] {
      ranges.joined().reduce(into: [Int](repeating: 0, count: count)) { $0[$1] += 1 }
    }
    let columns = covering(columns, wideColumns)
    return covering(rows, wideRows).flatMap { row in columns.map { row * $0 } }
  }

  /// `Σ narrow · (sum of wide under it)`, by sums over all rectangles from the first position on.
  func products(
    wide: UnsafePointer<Int32>, narrow: UnsafePointer<Int32>, _ sums: UnsafeMutablePointer<Int32>
  ) -> Int {
    let width = wideColumns + 1
    sums.update(repeating: 0, count: width)
    for row in 0..<wideRows {
      let above = sums + row * width
      let own = above + width
      var line: Int32 = 0
      own[0] = 0
      for column in 0..<wideColumns {
        line += wide[row * wideColumns + column]
        own[column + 1] = above[column + 1] + line
      }
    }
    var total = 0
    for (number, row) in rows.enumerated() {
      let (top, bottom) = (sums + row.lowerBound * width, sums + row.upperBound * width)
      let units = narrow + number * columns.count
      for (place, column) in columns.enumerated() where units[place] != 0 {
        let (left, right) = (column.lowerBound, column.upperBound)
        let inside = bottom[right] - bottom[left] - top[right] + top[left]
        total += Int(units[place]) * Int(inside)
      }
    }
    return total
  }
}
