import SpideConfiguration

/// Divides a rectangle into columns or rows that always fill it exactly.
public enum SplitLayout {
  /// Lengths that add up to `total` (unless `sizes` is empty).
  ///
  /// Where the fixed parts want too much they shrink in proportion, so that every share keeps at
  /// least half of what an even split would give it. Where nothing shares, the last part that is not a
  /// number of cells takes the rest, else the last.
  public static func lengths(_ sizes: [LayoutSize], total: Int) -> [Int] {
    let total = max(0, total)
    var wanted = sizes.map { size -> Int in
      switch size {
      case .cells(let count): min(max(0, count), largest)
      case .percent(let percent): total * min(max(0, percent), 100) / 100
      case .share: 0
      }
    }
    let shares = sizes.indices.filter { sizes[$0] == .share }
    let reserved = sizes.isEmpty ? 0 : shares.count * (total / (2 * sizes.count))
    if wanted.reduce(0, +) > total - reserved { wanted = apportion(total - reserved, by: wanted) }
    let rest = total - wanted.reduce(0, +)
    if shares.isEmpty {
      let taker = sizes.lastIndex { if case .percent = $0 { true } else { false } }
      if let index = taker ?? sizes.indices.last { wanted[index] += rest }
    } else {
      let parts = apportion(rest, by: shares.map { _ in 1 })
      for (index, part) in zip(shares, parts) { wanted[index] = part }
    }
    return wanted
  }

  /// Longer than any screen, short enough to add up.
  private static let largest = 1 << 30

  /// Rectangles side by side.
  public static func columns(_ rect: Rect, _ sizes: [LayoutSize]) -> [Rect] {
    var x = rect.x
    return lengths(sizes, total: rect.width).map { width in
      defer { x += width }
      return Rect(x: x, y: rect.y, width: width, height: rect.height)
    }
  }

  /// Rectangles one below another.
  public static func rows(_ rect: Rect, _ sizes: [LayoutSize]) -> [Rect] {
    var y = rect.y
    return lengths(sizes, total: rect.height).map { height in
      defer { y += height }
      return Rect(x: rect.x, y: y, width: rect.width, height: height)
    }
  }

  /// `total` in whole parts in proportion to `weights`: the edges are rounded, so the sum is exact.
  static func apportion(_ total: Int, by weights: [Int]) -> [Int] {
    let sum = weights.reduce(0.0) { $0 + Double($1) }
    guard sum > 0 else { return weights.map { _ in 0 } }
    var before = 0.0
    var edge = 0
    return weights.map { weight in
      before += Double(weight)
      let next = Int((Double(total) * before / sum).rounded())
      defer { edge = next }
      return next - edge
    }
  }
}
