import Glibc
import SpideExperiment

/// Round places along an axis with their labels.
package struct Ticks: Equatable {
  /// Ascending.
  package var values: [Double]
  /// One for each value, all with the same number of decimals.
  package var labels: [String]

  /// Multiples of 1, 2 or 5 times a power of ten inside `range`, at most `count`.
  package static func linear(_ range: ClosedRange<Double>, atMost count: Int, percent: Bool = false)
    -> Ticks
  {
    let span = range.upperBound - range.lowerBound
    guard count > 0, span > 1e-200, span.isFinite else { return Ticks(values: [], labels: []) }
    var exponent = Int(log10(span / Double(count)).rounded(.down))
    var step = pow(10, Double(exponent))
    search: while true {
      for factor in [1.0, 2, 5] {
        step = factor * pow(10, Double(exponent))
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        if last - first + 1 <= Double(count) { break search }
      }
      exponent += 1
    }
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    guard last >= first else { return Ticks(values: [], labels: []) }
    let values = (0...Int(last - first)).map { (first + Double($0)) * step }
    let largest = max(abs(range.lowerBound), abs(range.upperBound))
    let labels = values.map { value -> String in
      if percent { return NumberText.percent(value, decimals: max(0, -exponent - 2)) }
      if exponent < -5 || largest >= 1e6 {
        return value == 0 ? "0" : NumberText.scientific(value)
      }
      return NumberText.fixed(value, decimals: max(0, -exponent))
    }
    return Ticks(values: values, labels: labels)
  }

  /// Powers of ten inside `range` (all above 0), thinned to `count`; where there are fewer than two, also 2 and 5 times them.
  package static func logarithmic(_ range: ClosedRange<Double>, atMost count: Int) -> Ticks {
    guard count > 0, range.lowerBound > 0, range.upperBound.isFinite else {
      return Ticks(values: [], labels: [])
    }
    let low = Int(log10(range.lowerBound).rounded(.down))
    let high = Int(log10(range.upperBound).rounded(.up))
    func places(_ factors: [Double], every stride: Int) -> [Double] {
      Swift.stride(from: low, through: high, by: stride)
        .flatMap { exponent in factors.map { $0 * pow(10, Double(exponent)) } }
        .filter { $0 >= range.lowerBound * 0.999 && $0 <= range.upperBound * 1.001 }
    }
    var values = places([1, 2, 5], every: 1)
    if values.count > count || places([1], every: 1).count > 2 { values = places([1], every: 1) }
    var stride = 1
    while values.count > count {
      stride += 1
      values = places([1], every: stride)
      if stride > high - low + 1 { values = Array(values.prefix(count)) }
    }
    return Ticks(values: values, labels: values.map(label))
  }

  private static func label(_ value: Double) -> String {
    if value < 0.001 || value >= 10_000 { return NumberText.scientific(value) }
    return NumberText.fixed(
      value, decimals: value < 0.0095 ? 3 : value < 0.095 ? 2 : value < 0.95 ? 1 : 0)
  }

  /// Time steps worth a label: 1 and the multiples of a round number, with at least `spacing` columns for each.
  package static func steps(_ count: Int, columns: Int, spacing: Int) -> [Int] {
    guard count > 0, columns > 0 else { return [] }
    let most = max(1, columns / max(1, spacing))
    var stride = 1
    var power = 1
    search: while true {
      for factor in [1, 2, 5] {
        stride = factor * power
        if count / stride + 1 <= most || stride >= count { break search }
      }
      power *= 10
    }
    let multiples = Swift.stride(from: stride, through: count, by: stride).filter { $0 != 1 }
    return [1] + multiples
  }
}

/// Maps values to places on an axis of whole cells or dots.
struct Scale {
  let range: ClosedRange<Double>
  let isLogarithmic: Bool

  /// The range of the finite `values` (above 0 for a logarithmic scale), widened where it would be a point.
  init?(_ values: some Sequence<Double>, isLogarithmic: Bool = false, padding: Double = 0) {
    let usable = values.lazy.filter { $0.isFinite && abs($0) < 1e300 && (!isLogarithmic || $0 > 0) }
    guard var low = usable.min(), var high = usable.max() else { return nil }
    if low == high {
      let margin = isLogarithmic ? 0 : low == 0 ? 1 : abs(low) * 0.5
      (low, high) = isLogarithmic ? (low / 2, high * 2) : (low - margin, high + margin)
    } else if !isLogarithmic {
      let margin = (high - low) * padding
      (low, high) = (low - margin, high + margin)
    }
    self.init(low...high, isLogarithmic: isLogarithmic)
  }

  init(_ range: ClosedRange<Double>, isLogarithmic: Bool = false) {
    self.range = range
    self.isLogarithmic = isLogarithmic
  }

  /// 0 at the lower end, 1 at the upper; nil for what the scale cannot show.
  func fraction(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    let (low, high) = (range.lowerBound, range.upperBound)
    let part =
      isLogarithmic
      ? (log10(value) - log10(low)) / (log10(high) - log10(low)) : (value - low) / (high - low)
    return part.isFinite ? min(max(part, 0), 1) : nil
  }

  /// The place among `count`, counted from the lower end.
  func place(_ value: Double, of count: Int) -> Int? {
    guard count > 0, let fraction = fraction(value) else { return nil }
    return Int((fraction * Double(count - 1)).rounded())
  }
}
