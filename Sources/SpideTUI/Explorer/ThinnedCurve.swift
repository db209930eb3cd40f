/// Values one after another, thinned as they grow: however many there are, at most ``limit`` bins are kept, each with the
/// least, the largest and the mean of as many neighbours.
///
/// Which values share a bin follows from their order alone.
package struct ThinnedCurve: Sendable, Equatable {
  /// Neighbouring values put together.
  package struct Bin: Sendable, Equatable {
    /// Where the first and the last of them stand.
    package private(set) var first, last: Double
    /// How many they are.
    package private(set) var count = 1
    /// How many of them are numbers; the others count nowhere else.
    package private(set) var numbers = 0
    /// The least and the largest; infinite where none is a number.
    package private(set) var low = Double.infinity, high = -Double.infinity
    private var sum = 0.0

    fileprivate init(_ value: Double, at x: Double) {
      (first, last) = (x, x)
      take(value)
    }

    /// Their mean; no number where none of them is one.
    package var mean: Double { numbers > 0 ? sum / Double(numbers) : .nan }

    private mutating func take(_ value: Double) {
      guard value.isFinite else { return }
      numbers += 1
      low = min(low, value)
      high = max(high, value)
      sum += value
    }

    fileprivate mutating func add(_ value: Double, at x: Double) {
      last = x
      count += 1
      take(value)
    }

    /// A bin of sums with another one's in the same place. Of how far they reach no more is known than their mean.
    fileprivate func sum(with other: Bin, _ sum: (Double, Double) -> Double) -> Bin {
      var both = self
      both.sum = sum(self.sum, other.sum)
      (both.low, both.high) = (both.mean, both.mean)
      return both
    }

    fileprivate func joined(with next: Bin) -> Bin {
      var both = self
      both.last = next.last
      both.count += next.count
      both.numbers += next.numbers
      both.low = min(low, next.low)
      both.high = max(high, next.high)
      both.sum += next.sum
      return both
    }
  }

  /// The most bins: more than a wide screen has dots across half of it.
  package static let limit = 1024

  /// The bins, all full but the last.
  package private(set) var bins: [Bin] = []
  /// Values in a full bin: a power of two.
  package private(set) var width = 1
  /// The newest value, a number or not; nil before the first.
  package private(set) var newest: Double?

  /// A curve without values.
  package init() {}

  /// A linear sum of two curves that have values in the same places.
  func sum(with other: ThinnedCurve, _ sum: (Double, Double) -> Double) -> ThinnedCurve {
    var both = self
    both.bins = zip(bins, other.bins).map { $0.sum(with: $1, sum) }
    if let newest, let last = other.newest { both.newest = sum(newest, last) }
    return both
  }

  /// The value at `x` or the last before it, or the mean of the bin that it is in; nil before the first.
  package func value(at x: Double) -> Double? { bins.last { $0.first <= x }?.mean }

  /// Forgets what stands after `x`. A bin that reaches past it goes wholly: its values cannot be told apart any more.
  ///
  /// - Parameter isRising: whether no value is below the one before, so that the last of a bin is its largest.
  package mutating func cut(after x: Double, isRising: Bool = false) {
    guard let last = bins.last, last.last > x else { return }
    bins.removeAll { $0.last > x }
    newest = isRising ? bins.last?.high : bins.last?.mean
  }

  /// The value at `x` of a curve that never falls, between the last values of its bins; before the first of them on the
  /// way from `start`. Nil past its end, or where no number is known.
  package func risingValue(at x: Double, from start: (x: Double, value: Double)) -> Double? {
    var (low, high) = (0, bins.count)
    while low < high {
      let middle = (low + high) / 2
      if bins[middle].last < x { low = middle + 1 } else { high = middle }
    }
    guard low < bins.count else { return nil }
    let end = (x: bins[low].last, value: bins[low].high)
    let begin = low == 0 ? start : (x: bins[low - 1].last, value: bins[low - 1].high)
    guard end.value.isFinite, begin.value.isFinite else { return nil }
    guard end.x > begin.x else { return end.value }
    return begin.value + (end.value - begin.value) * max(0, x - begin.x) / (end.x - begin.x)
  }

  /// Takes the next value, which stands at `x`.
  package mutating func add(_ value: Double, at x: Double) {
    newest = value
    if let end = bins.indices.last, bins[end].count < width {
      bins[end].add(value, at: x)
      return
    }
    if bins.count == Self.limit {
      for pair in 0..<Self.limit / 2 {
        bins[pair] = bins[2 * pair].joined(with: bins[2 * pair + 1])
      }
      bins.removeLast(Self.limit / 2)
      width *= 2
    }
    bins.append(Bin(value, at: x))
  }
}
